"""Run many commands of clawtui, each in a process of its own, for one start of the interpreter.

``python -m tests.cli.forked ROOT COMMAND…`` imports the command line once, then forks for each command. It prints a
JSON array with the exit status, the output and the messages of each. With ``--through`` as the first argument the
commands write to the terminal themselves, and nothing else is printed.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from typing import BinaryIO, NamedTuple

from clawtui.cli.main import main as command_line
from tests.cli.processes import PROJECT


class Answer(NamedTuple):
    """The output of a command, and its exit status."""

    returncode: int
    stdout: str
    stderr: str


def run_each(
    commands: Sequence[str], root: str, env: Mapping[str, str], prefix: Sequence[str] = ()
) -> dict[str, Answer]:
    """Run the commands one after the other in an environment, through ``prefix`` (`setpriv`, `prlimit` …)."""
    done = subprocess.run(
        [*prefix, sys.executable, "-m", "tests.cli.forked", root, *commands],
        env=env,
        cwd=PROJECT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {command: Answer(*answer) for command, answer in zip(commands, json.loads(done.stdout), strict=True)}


def _fork(root: str, command: str, streams: Sequence[BinaryIO]) -> int:
    """Run one command in a child, whose output and messages go to ``streams``; return its exit status."""
    pid = os.fork()
    if pid == 0:
        for number, stream in enumerate(streams, 1):
            os.dup2(stream.fileno(), number)
        command_line(["--root", root, *shlex.split(command)], prog_name="clawtui")
        os._exit(99)  # a command ends by SystemExit
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _answer(root: str, command: str) -> tuple[int, str, str]:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        status = _fork(root, command, (out, err))
        texts = []
        for stream in (out, err):
            stream.seek(0)
            texts.append(stream.read().decode("utf-8", "surrogateescape"))
    return status, texts[0], texts[1]


if __name__ == "__main__":
    if sys.argv[1] == "--through":
        for each in sys.argv[3:]:
            _fork(sys.argv[2], each, ())
    else:
        print(json.dumps([_answer(sys.argv[1], each) for each in sys.argv[2:]]))
