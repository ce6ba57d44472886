"""Access to the web server: by a token, then by a cookie, and only from a page of the server's own origin."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
from collections.abc import Iterable
from urllib.parse import urlsplit

NO_TOKEN = "Open the address that `clawtui serve` printed: it has the token that this page needs."


class OriginGuard:
    """The guard that admits or refuses each request by its headers.

    The token is in the address that is printed at the start, as in Jupyter. A browser that opens that address gets a
    cookie, and every later request needs the cookie, including that of the websocket. An unexpected name in the
    ``Host`` header is refused: with DNS rebinding, a page of another site reaches this server under the name of that
    site.
    """

    def __init__(self, allowed_hosts: Iterable[str] = ()) -> None:
        self.token = secrets.token_urlsafe(32)
        self.cookie = secrets.token_urlsafe(32)
        # Browsers share cookies between the ports of a host, so the cookie of each server has another name.
        self.cookie_name = "clawtui-" + hashlib.sha256(self.token.encode()).hexdigest()[:12]
        self._allowed = frozenset(normalized_host(host) for host in allowed_hosts) | {"localhost"}

    def refusal(self, host: str | None, origin: str | None, local_address: str | None) -> str | None:
        """Return why a request is refused because of its origin; None if it may come from the server's own page.

        Args:
            host: The ``Host`` header.
            origin: The ``Origin`` header; browsers send it with each websocket and each request from another site.
            local_address: The address of this machine at which the connection came in.
        """
        name = _host_name(host)
        if host is None or name is None:
            return "The request does not name a host."
        if not self._is_allowed(name, local_address):
            return f"This dashboard is not for the host {name!r}. Start it with --allowed-host to allow that name."
        if origin is not None and origin.partition("://")[2].lower() != host.lower():
            return "This dashboard is for its own page only."
        return None

    def is_token(self, token: str | None) -> bool:
        """Return whether ``token`` is the one of the printed address."""
        return token is not None and hmac.compare_digest(token.encode(), self.token.encode())

    def is_cookie(self, cookie: str | None) -> bool:
        """Return whether ``cookie`` is the one that a browser gets for the token."""
        return cookie is not None and hmac.compare_digest(cookie.encode(), self.cookie.encode())

    def _is_allowed(self, name: str, local_address: str | None) -> bool:
        if name in self._allowed or is_loopback(name):
            return True
        return local_address is not None and name == normalized_host(local_address)


def is_loopback(host: str) -> bool:
    """Return whether only this machine reaches ``host``."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def normalized_host(host: str) -> str:
    """Return a host name or address in the form for comparison: lower case, and the shortest form of an address."""
    host = host.strip("[]").partition("%")[0].lower().removesuffix(".")
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address)


def _host_name(header: str | None) -> str | None:
    try:
        parts = urlsplit(f"//{header or ''}")
        name, _ = parts.hostname, parts.port  # a port that is not a number raises
    except ValueError:
        return None
    return normalized_host(name) if name and parts.netloc == header else None
