"""An ``ssh`` that cuts the connection at one step of an act: what a test imports, and the program itself.

The step is the content of a file, which is removed when the connection is cut:

- ``before-request``: the request does not reach the agent;
- ``before-act``: it reaches an agent that is stopped at that moment, whose pid replaces the step in the file;
- ``before-answer``: the act is done, and its outcome does not come back.
"""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO


def cutting_body(place: Path) -> str:
    """Return the body of an ``ssh`` of `OtherHost` that cuts at the step in the file ``place / "cut"``."""
    program = (sys.executable, "-S", "-E", __file__, str(place / "cut"))
    return f'exec {shlex.join(program)} "$command"'


def _main(step_file: Path, command: str) -> None:
    agent = subprocess.Popen(["sh", "-c", f"exec {command}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
    assert agent.stdin is not None
    assert agent.stdout is not None
    threading.Thread(target=_pass_answers, args=(agent.stdout, step_file)).start()
    while line := sys.stdin.buffer.readline():
        step = _step(step_file) if b'"asked_by"' in line else ""
        if step == "before-request":
            _cut(step_file)
        if step == "before-act":
            agent.send_signal(signal.SIGSTOP)
            agent.stdin.write(line)
            (step_file.parent / "stopped").write_text(str(agent.pid))
            _cut(step_file)
        agent.stdin.write(line)
    agent.stdin.close()


def _pass_answers(answers: IO[bytes], step_file: Path) -> None:
    held = b""
    while data := os.read(answers.fileno(), 65536):
        *lines, held = (held + data).split(b"\n")
        for line in lines:
            if b'"act-outcome"' in line and _step(step_file) == "before-answer":
                _cut(step_file)
            os.write(1, line + b"\n")


def _step(step_file: Path) -> str:
    return step_file.read_text() if step_file.exists() else ""


def _cut(step_file: Path) -> None:
    step_file.unlink()
    os._exit(255)


if __name__ == "__main__":
    _main(Path(sys.argv[1]), sys.argv[2])
