"""Letting ssh ask on the terminal, while the dashboard is suspended: a passphrase, a host key, a second factor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

from textual.app import App, SystemCommand

from clawtui.model.errors import ClawtuiError
from clawtui.remote.client.source import RemoteSource
from clawtui.tui.controllers.user.external_program import run_outside

TITLE: Final = "Log in with ssh"
"""The name of the command in the palette."""


def login_commands(app: App[None], sources: Mapping[str, RemoteSource]) -> Iterator[SystemCommand]:
    """Yield a command for each root on another host; its name is only there where there are several."""
    for name, source in sources.items():
        title = TITLE if len(sources) == 1 else f"{TITLE}: {name}"
        yield SystemCommand(title, "ssh may ask for a passphrase or a host key", partial(log_in, app, source))


def log_in(app: App[None], source: RemoteSource) -> None:
    """Suspend the dashboard for a login, and connect over it."""
    try:
        status = run_outside(app, source.login.ask())
    except (ClawtuiError, OSError) as error:
        app.notify(str(error), severity="error", markup=False)
        return
    if status:
        app.notify(f"ssh ended with status {status}: there is no login.", severity="error", markup=False)
    else:
        source.rescan()
