"""The actor for the audit: the account, its origin, and its terminal."""

from __future__ import annotations

import os
import pwd
import socket
from collections.abc import Mapping

from clawtui.model.documents.audit import Actor

BROWSER = "CLAWTUI_BROWSER"
"""The variable in which ``clawtui serve`` passes the address of the browser to the process that it starts for it."""

_STANDARD = (0, 1, 2)


def this_actor(environment: Mapping[str, str] = os.environ, asked_by: str | None = None) -> Actor:
    """Return the user who started this process, as far as the system knows.

    ``asked_by`` is the user of another host who requested the act, as reported by the clawtui of that host.
    """
    connection = environment.get("SSH_CONNECTION") or ""
    return Actor(
        user=_user(environment),
        ssh=connection.partition(" ")[0] or None,
        browser=environment.get(BROWSER) or None,
        asked_by=asked_by,
        connection=(connection or None) if asked_by is not None else None,
        terminal=_terminal(),
        pid=os.getpid(),
        hostname=socket.gethostname(),
    )


def _user(environment: Mapping[str, str]) -> str:
    account = _account(os.geteuid())
    behind = environment.get("SUDO_USER") or _account(os.getuid())
    return account if behind == account else f"{account} (by {behind})"


def _account(uid: int) -> str:
    """Return the account name from the system, because ``$USER`` can be set by anyone."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid {uid}"


def _terminal() -> str | None:
    for descriptor in _STANDARD:
        try:
            return os.ttyname(descriptor)
        except OSError:
            continue
    return None
