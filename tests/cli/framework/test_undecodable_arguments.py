"""Arguments that are no text: each command says so, or finds nothing of that name, and never fails with a traceback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from clawtui.cli.main import main
from tests.cli.calls import Caller
from tests.cli.framework.test_framework import commands
from tests.gateway_root import GatewayRoot

LEFT_OUT = {"agent", "demo", "serve", "wait"}
"""The commands that do not end by themselves."""
EVERYWHERE = {"root", "profile"}
"""The options of every command, which are handled before it."""
NO_TEXT = "\udcff"
"""The byte 0xff, as Python passes an argument that is not UTF-8."""


def calls() -> Iterator[tuple[str, ...]]:
    """Yield each command with that byte as its arguments, then as the value of each of its options."""
    for name, command in commands(main):
        if name in LEFT_OUT:
            continue
        arguments = [each for each in command.params if isinstance(each, click.Argument)]
        if arguments:
            yield *name.split(), *(NO_TEXT for _ in arguments)
        for option in command.params:
            if isinstance(option, click.Option) and not (option.is_flag or option.count or option.name in EVERYWHERE):
                yield *name.split(), *("alpha" for _ in arguments), option.opts[0], NO_TEXT
    yield "status", "--root", NO_TEXT
    yield "status", "--profile", NO_TEXT


@pytest.mark.parametrize("arguments", list(calls()), ids=ascii)
def test_an_argument_that_is_no_text_causes_no_traceback(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    gateway = GatewayRoot(tmp_path / "state")
    gateway.automation("alpha")
    assert 0 <= Caller(gateway)(*arguments).status < 10
