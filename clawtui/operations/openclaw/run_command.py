"""Running the gateway's own command for a root, if it is installed on this host."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct

from clawtui.model.errors import ClawtuiError
from clawtui.operations.openclaw.gateway_command import gateway_prefix

PROGRAM: Final = "openclaw"
TIMEOUT: Final = 120.0
"""Seconds after which a command is ended, because the gateway may hang."""
MOST_OUTPUT: Final = 64 * 1024
"""The number of characters at the end of the output that are kept."""


class CommandOutcome(Struct, frozen=True):
    """The end of a command."""

    status: int | None
    """Its exit status; None if it was ended because it took too long."""
    output: str
    """Its standard output and error, in the order in which they were written."""

    @property
    def is_ok(self) -> bool:
        """Whether its exit status is that of success."""
        return self.status == 0


def command_text(root: Path, words: Sequence[str]) -> str:
    """Return the gateway's command for ``root`` as a shell takes it."""
    return shlex.join([*gateway_prefix(root), *words])


def is_installed(environment: Mapping[str, str] = os.environ) -> bool:
    """Return whether the gateway's program is on the PATH."""
    return shutil.which(PROGRAM, path=environment.get("PATH")) is not None


def run_command(
    root: Path, words: Sequence[str], environment: Mapping[str, str] = os.environ, timeout: float = TIMEOUT
) -> CommandOutcome:
    """Run the gateway's command for ``root`` and return its end. Raises ClawtuiError if it cannot be started."""
    variables = dict(environment)
    arguments: list[str] = []
    for word in gateway_prefix(root):
        name, is_variable, value = word.partition("=")
        if is_variable and not arguments:
            variables[name] = value
        else:
            arguments.append(word)
    program = shutil.which(arguments[0], path=environment.get("PATH"))
    if program is None:
        raise ClawtuiError(f"{PROGRAM} is not on the PATH")
    try:
        done = subprocess.run(
            [program, *arguments[1:], *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=variables,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        output = error.output if isinstance(error.output, bytes) else b""
        return CommandOutcome(None, _text(output))
    except OSError as error:
        raise ClawtuiError(f"{program}: {(error.strerror or str(error)).lower()}") from error
    return CommandOutcome(done.returncode, _text(done.stdout))


def _text(output: bytes) -> str:
    return output.decode("utf-8", "replace")[-MOST_OUTPUT:]
