"""An ``ssh`` that runs the command on this host, and a dashboard's end of the connection to it."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from clawtui.model.fleet import Fleet
from clawtui.remote.address import RemoteRoot
from clawtui.remote.client.link import Timing
from clawtui.remote.client.source import RemoteSource
from clawtui.remote.command import SSH_COMMAND
from tests.waiting import wait_until

QUICK = Timing(ping=0.05, silence=60.0, give_up=120.0, first=0.05, longest=0.2, gap=0.0)
"""Short pauses, and much patience on a busy machine."""


OTHER_NAME = ("unshare", "--uts")
"""The beginning of a command that may give its host another name."""


def can_rename() -> bool:
    """Return whether a process may have a host name of its own here."""
    try:
        return subprocess.run([*OTHER_NAME, "true"], check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


@dataclass
class OtherHost:
    """A host that is this one: ``ssh`` is a script that passes the command to a shell."""

    place: Path
    root: Path
    fleets: list[Fleet] = field(default_factory=list)

    def script(self, body: str, name: str = "ssh") -> Path:
        """Write a program; in ``body``, ``$command`` is what ssh would run there."""
        path = self.place / name
        path.write_text(f"#!/bin/sh\nfor command; do :; done\n{body}\n")
        path.chmod(0o700)
        return path

    def source(
        self, body: str = 'exec sh -c "$command"', timing: Timing = QUICK, command: str | None = None
    ) -> RemoteSource:
        """Return a source whose ssh is a script with this ``body``; it was started."""
        source = self.make_source(body, timing, command)
        source.start(self.fleets.append)
        return source

    def make_source(
        self, body: str = 'exec sh -c "$command"', timing: Timing = QUICK, command: str | None = None
    ) -> RemoteSource:
        """Return a source whose ssh is a script with this ``body``."""
        environment = {SSH_COMMAND: shlex.quote(str(self.script(body)))}
        there = command or shlex.join([sys.executable, "-m", "clawtui"])
        root = RemoteRoot("gw1", None, str(self.root), there, "work")
        return RemoteSource(root, lambda: datetime.now(UTC), timing=timing, environment=environment)

    def until(self, condition: Callable[[Fleet], object], what: str = "the fleet") -> Fleet:
        """Return the first of the newest fleets for which ``condition`` holds."""
        found: list[Fleet] = []

        def look() -> bool:
            newest = self.fleets[-1] if self.fleets else None
            if newest is not None and condition(newest):
                found.append(newest)
            return bool(found)

        wait_until(look, deadline=60, what=what)
        return found[0]
