"""Who acts, for the audit: the account, where they came from, and the terminal that they sit at."""

from __future__ import annotations

import os
import pwd
import socket
from collections.abc import Mapping

from clawtui.model.documents.audit import Actor

BROWSER = "CLAWTUI_BROWSER"
"""Is set by ``clawtui serve`` to the address of the browser for which a process is run."""

_STANDARD = (0, 1, 2)


def this_actor(environment: Mapping[str, str] = os.environ) -> Actor:
    """Whoever started this process, as far as the system can tell."""
    return Actor(
        user=_user(environment),
        ssh=(environment.get("SSH_CONNECTION") or "").partition(" ")[0] or None,
        browser=environment.get(BROWSER) or None,
        terminal=_terminal(),
        pid=os.getpid(),
        hostname=socket.gethostname(),
    )


def _user(environment: Mapping[str, str]) -> str:
    account = _account(os.geteuid())
    behind = environment.get("SUDO_USER") or _account(os.getuid())
    return account if behind == account else f"{account} (by {behind})"


def _account(uid: int) -> str:
    """Not by ``$USER``, which anybody can set."""
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
