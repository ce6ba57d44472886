"""The listening sockets of the web server, and a limit on connections and on the time that they may be idle."""

from __future__ import annotations

import asyncio
import errno
import os
import resource
import socket
from collections.abc import Callable
from typing import Final

from clawtui.cli.serve.origin_guard import is_loopback
from clawtui.model.errors import ClawtuiError
from clawtui.model.text.cleaning import clean

FIRST_REQUEST: Final = 10.0
"""Seconds that a new connection has for its first request."""

NEXT_REQUEST: Final = 60.0
"""Seconds that a connection has to receive a response and to send the next request."""

MOST_CONNECTIONS: Final = 128
"""Open connections at a time; fewer if the process may open few files."""

_WILDCARDS: Final = ("0.0.0.0", "::")


def listen(host: str, port: int) -> list[socket.socket]:
    """Return the listening sockets for ``host``, one for each of its addresses.

    Raises:
        ClawtuiError: No address of ``host`` can be listened at; its text names the port and what to do.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, UnicodeError) as error:
        raise ClawtuiError(f"there is no host {clean(host)}: name an address of this machine with --host") from error
    opened: list[socket.socket] = []
    failure: OSError | None = None
    for family, kind, protocol, _, address in dict.fromkeys(found):
        try:
            opened.append(_listening(host, family, kind, protocol, address))
        except OSError as error:
            failure = error
            # "localhost" is ::1 too, which a machine without IPv6 cannot open. A port in use ends the search.
            if error.errno not in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
                break
    else:
        if opened:
            return opened
    for each in opened:
        each.close()
    raise ClawtuiError(_in_words(failure, host, port)) from failure


def addresses(host: str, port: int) -> list[str]:
    """Return the addresses for a browser, without a path. The first one is for browsers on other machines."""
    names = [socket.gethostname(), "127.0.0.1" if host == "0.0.0.0" else "::1"] if host in _WILDCARDS else [host]
    shown = (f"[{name}]" if ":" in name else name for name in names)
    return [f"http://{name}" if port == 80 else f"http://{name}:{port}" for name in shown]


def expected_hosts(host: str) -> list[str]:
    """Return the host names under which browsers reach a server that listens at ``host``."""
    return [] if is_loopback(host) else [socket.gethostname(), socket.getfqdn(), *({host} - set(_WILDCARDS))]


class Connections:
    """The open connections. If there are too many, the one that has been idle longest is closed to admit a new one."""

    def __init__(self) -> None:
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        self._most = MOST_CONNECTIONS if soft == resource.RLIM_INFINITY else max(4, min(MOST_CONNECTIONS, soft // 4))
        self._open: dict[Connection, None] = {}

    def add(self, connection: Connection) -> bool:
        """Add ``connection``. Return False if there are too many and none is idle."""
        if len(self._open) >= self._most:
            waiting = next((each for each in self._open if not each.busy), None)
            if waiting is None:
                return False
            waiting.abort()
        self._open[connection] = None
        return True

    def remove(self, connection: Connection) -> None:
        """Remove ``connection``, if it is there."""
        self._open.pop(connection, None)


class Connection(asyncio.Protocol):
    """One connection, closed if it is idle for too long. Everything else is left to aiohttp's protocol."""

    def __init__(self, make_handler: Callable[[], asyncio.Protocol], connections: Connections) -> None:
        self._make_handler = make_handler
        self._connections = connections
        self._handler: asyncio.Protocol | None = None
        self._transport: asyncio.Transport | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self.busy = False
        """Whether a request is in progress; an open websocket is one."""

    def begin_request(self) -> None:
        """Record that a request has been received."""
        self.busy = True
        self._stop_waiting()

    def end_request(self) -> None:
        """Record that a request has been answered."""
        self.busy = False
        self._wait(NEXT_REQUEST)

    def abort(self) -> None:
        """Close the connection at once, and drop unsent data."""
        self._connections.remove(self)
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start the protocol of aiohttp and wait for the first request."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        if not self._connections.add(self):
            transport.abort()
            return
        self._handler = self._make_handler()
        self._handler.connection_made(transport)
        self._wait(FIRST_REQUEST)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forward to the protocol of aiohttp."""
        self._stop_waiting()
        self._connections.remove(self)
        if self._handler is not None:
            self._handler.connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Forward to the protocol of aiohttp."""
        if self._handler is not None:
            self._handler.data_received(data)

    def eof_received(self) -> bool | None:
        """Forward to the protocol of aiohttp."""
        return self._handler.eof_received() if self._handler is not None else None

    def pause_writing(self) -> None:
        """Forward to the protocol of aiohttp."""
        if self._handler is not None:
            self._handler.pause_writing()

    def resume_writing(self) -> None:
        """Forward to the protocol of aiohttp."""
        if self._handler is not None:
            self._handler.resume_writing()

    def _wait(self, seconds: float) -> None:
        self._stop_waiting()
        if self._transport is not None and not self._transport.is_closing():
            self._deadline = asyncio.get_running_loop().call_later(seconds, self.abort)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def _listening(host: str, family: int, kind: int, protocol: int, address: object) -> socket.socket:
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            # "localhost" is two sockets with one port; "::" is every address, of IPv4 too.
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, host != "::")
        listening.bind(address)  # type: ignore[arg-type]  # the form that getaddrinfo returns
        listening.listen(MOST_CONNECTIONS)
        listening.setblocking(False)
    except OSError:
        listening.close()
        raise
    return listening


def _in_words(error: OSError | None, host: str, port: int) -> str:
    place = f"port {port} of {clean(host)}"
    match error.errno if error is not None else None:
        case errno.EADDRINUSE:
            return f"{place} is taken by another program: choose another one with --port"
        case errno.EACCES | errno.EPERM:
            return f"{place} may not be opened by this account: choose one above 1023 with --port"
        case errno.EADDRNOTAVAIL | errno.EAFNOSUPPORT:
            return f"{clean(host)} is not an address of this machine: use one with --host"
    reason = os.strerror(error.errno).lower() if error is not None and error.errno else "unknown reason"
    return f"{place} cannot be opened: {reason}"
