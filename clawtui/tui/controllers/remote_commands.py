"""The commands of keys and palette that do not work for a root on another host, each with its replacement."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from textual.app import App

from clawtui.model.connection import Connection
from clawtui.model.fleet import Automation, Fleet
from clawtui.model.text.command_line import CommandLine

_INSTEAD: Final[Mapping[str, tuple[str, ...]]] = {
    "findings": ("doctor",),
    "mend": ("doctor", "--fix"),
    "artifacts": ("artifact", "list", "ID"),
    "workspaces": ("workspace", "list"),
    "run-now": ("automation", "run-now", "ID"),
    "snooze": ("automation", "snooze", "ID", "1h"),
}
"""The command line that runs on the other host, by the name of the command that does not work here."""

_AT_ITS_HOST: Final[Mapping[str, tuple[str, ...]]] = {
    "edit": ("automation", "edit", "ID"),
    "edit-dispatcher": ("dispatcher", "edit"),
    "new": ("automation", "create"),
    "duplicate": ("automation", "duplicate", "ID"),
}
"""The command that needs a terminal at the other host."""


class RemoteCommands:
    """The refusal of commands that need the files or processes of another host, while the root is on one."""

    def __init__(self, app: App[None], fleet: Callable[[], Fleet], chosen: Callable[[], Automation | None]) -> None:
        self._app = app
        self._fleet = fleet
        self._chosen = chosen

    def run(self, name: str) -> bool:
        """Refuse the command ``name``; return False if it can be done here.

        Those of a stock gateway show the gateway's own command, or work on what its host has sent.
        """
        fleet, chosen = self._fleet(), self._chosen()
        connection = fleet.connection
        if connection is None or fleet.gateway is not None:
            return False
        id = chosen.id if chosen is not None else "ID"
        if (words := _INSTEAD.get(name)) is not None:
            self._refuse(connection, *(id if word == "ID" else word for word in words))
        elif (words := _AT_ITS_HOST.get(name)) is not None:
            command = CommandLine().hint(*(id if word == "ID" else word for word in words))
            host = connection.host or connection.address
            self._say(f"Log in on {host} and run {command}: it needs a terminal there.")
        return name in _INSTEAD or name in _AT_ITS_HOST

    def refuses_freeing(self) -> bool:
        """Refuse to free a slot; return False if it can be done here."""
        connection = self._fleet().connection
        if connection is not None:
            self._refuse(connection, "slot", "list")
        return connection is not None

    def _refuse(self, connection: Connection, *words: str) -> None:
        # The command is first: a message is one line, and is cut at its end.
        self._say(f"{CommandLine(connection.address).hint(*words)} does it: the root is on another host.")

    def _say(self, text: str) -> None:
        self._app.notify(text, severity="warning", markup=False)
