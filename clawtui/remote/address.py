"""Addresses of roots on other hosts: ``ssh://[USER@]HOST[:PORT][/PATH]``, or a named root with a ``host``."""

from __future__ import annotations

import re
from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit

from clawtui.model.documents.settings import RootSettings, Settings
from clawtui.model.errors import NoSuch

SCHEME: Final = "ssh://"

_DESTINATION = re.compile(r"[A-Za-z0-9_.:%\[\]@+][A-Za-z0-9_.:%\[\]@+-]*")
"""What is passed to ssh as its destination: no hyphen at the start, and nothing that a shell would expand."""


class RemoteRoot(NamedTuple):
    """A root on another host."""

    destination: str
    """The host as ``ssh`` understands it: a name in its configuration, or ``user@host``."""
    port: int | None = None
    path: str | None = None
    """The state directory on the host; None for the one that clawtui finds there without ``--root``."""
    command: str = "clawtui"
    """The command that starts clawtui there, in the syntax of the shell there."""
    name: str | None = None
    """Its name in the settings."""
    read_only: bool = False
    ssh: str = "ssh"
    """The command for ssh in the settings, split as by a shell."""

    @property
    def address(self) -> str:
        """Return the address as ``--root`` takes it."""
        port = f":{self.port}" if self.port is not None else ""
        return f"{SCHEME}{self.destination}{port}{self.path or ''}"

    @property
    def label(self) -> str:
        """Return the name in the settings, or else the address."""
        return self.name or self.address


def parse_address(address: str) -> RemoteRoot:
    """Return the root at ``ssh://[USER@]HOST[:PORT][/PATH]``; ``/~/PATH`` is below the home directory there.

    Raises NoSuch if it is no such address, or has a part that ssh or a shell could interpret as something else.
    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise NoSuch(f"“{address}” is no address of a root: {error}") from error
    host = parts.hostname or ""
    if parts.scheme != "ssh" or not host or parts.password is not None or parts.query or parts.fragment:
        raise NoSuch(f"“{address}” is no address of a root: it must be ssh://USER@HOST:PORT/PATH")
    user = f"{unquote(parts.username)}@" if parts.username else ""
    # urlsplit returns the host in lower case, but an alias in the configuration of ssh may have capitals.
    kept = parts.netloc.rpartition("@")[2]
    host = kept[: len(kept) - len(f":{port}")] if port is not None else kept
    path = unquote(parts.path)
    if path.startswith("/~"):
        path = path[1:]
    return RemoteRoot(_checked(f"{user}{host.strip('[]')}"), port, path if path not in ("", "/") else None)


def named_remote_root(name: str, root: RootSettings) -> RemoteRoot | None:
    """Return the root that the settings call ``name``; None if it is on this host.

    Raises NoSuch as ``parse_address`` does.
    """
    if root.host is None:
        return None
    parsed = parse_address(root.host) if root.host.startswith(SCHEME) else RemoteRoot(_checked(root.host))
    return parsed._replace(path=root.path or parsed.path, command=root.command, name=name, read_only=root.read_only)


def remote_root(named: str, settings: Settings) -> RemoteRoot | None:
    """Return the root with this address or this name in the settings; None if it is no address and on this host.

    Raises NoSuch for an address that cannot be used.
    """
    known = settings.roots.get(named)
    if named.startswith(SCHEME):
        root: RemoteRoot | None = parse_address(named)
    else:
        root = None if known is None else named_remote_root(named, known)
    return None if root is None else root._replace(ssh=settings.remote.ssh)


def _checked(destination: str) -> str:
    if _DESTINATION.fullmatch(destination) is None:
        raise NoSuch(f"“{destination}” is no host that is passed to ssh")
    return destination
