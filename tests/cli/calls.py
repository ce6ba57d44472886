"""Calling clawtui in this process, with the clock set, and taking note of what it printed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from click.testing import CliRunner

from clawtui.cli.framework.context import Invocation
from clawtui.cli.main import main
from tests.gateway_root import NOON, GatewayRoot


@dataclass(frozen=True)
class Answer:
    """The output of a command, and its exit status."""

    status: int
    out: str
    err: str
    raw: bytes

    @property
    def json(self) -> Any:
        """Return the one document on standard output."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


class Caller:
    """Calls commands over one state directory at one instant."""

    def __init__(self, gateway: GatewayRoot, now: datetime = NOON) -> None:
        self.gateway = gateway
        self.now = now

    def __call__(self, *arguments: str, typed: bytes = b"", read_only: bool = False) -> Answer:
        flags = ["--read-only"] if read_only else []
        result = CliRunner().invoke(
            main,
            [*flags, "--root", str(self.gateway.root), *arguments],
            obj=Invocation(clock=lambda: self.now),
            input=typed,
        )
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Answer(result.exit_code, result.stdout, result.stderr, result.stdout_bytes)

    def files(self) -> dict[str, bytes]:
        """Return every file in the state directory, to compare before and after."""
        base = self.gateway.automations
        return {path.relative_to(base).as_posix(): path.read_bytes() for path in base.rglob("*") if path.is_file()}
