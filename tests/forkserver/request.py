"""What the fork server is asked to start, and which commands it can start."""

from __future__ import annotations

import json
import os
import re
import struct
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

CLAWTUI: Final = (sys.executable, "-m", "clawtui")

TAKE_TERMINAL: Final = (
    sys.executable,
    "-I",
    "-S",
    "-c",
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execvp(sys.argv[1], sys.argv[1:])",
)
"""What stands before a command whose standard input becomes its controlling terminal.

A ``preexec_fn`` would do the same, but may hang where threads run.
"""

LENGTH: Final = struct.Struct("!I")
"""How the length of a request and the pid in an answer are sent."""

MOST_DESCRIPTORS: Final = 64
"""The most descriptors of a request."""

_READ_AT_START: Final = re.compile(
    r"PYTHON(?!UNBUFFERED|DONTWRITEBYTECODE).*|LD_.*|MALLOC_.*|GLIBC_.*|TEXTUAL.*|ESCDELAY|LC_TERMINAL|TERM_PROGRAM|UNICODE_VERSION|PYDANTIC_.*"
)
"""Variables that the interpreter, the loader or a library reads once, when it is started or imported."""

_UTF_8: Final = ("C.UTF-8", "C.utf8")


@dataclass(frozen=True)
class Request:
    """A command that the server starts; its descriptors are sent beside it."""

    command: tuple[str, ...]
    environment: Mapping[str, str]
    directory: str
    descriptors: tuple[int, ...]
    """The numbers that the descriptors have in the process: 0, 1, 2, and others that it inherits."""
    umask: int
    new_session: bool = False
    takes_terminal: bool = False
    process_group: int = -1

    def encoded(self) -> bytes:
        return json.dumps(asdict(self)).encode()

    @staticmethod
    def decoded(data: bytes) -> Request:
        fields = json.loads(data)
        for name in ("command", "descriptors"):
            fields[name] = tuple(fields[name])
        return Request(**fields)


def without_terminal_prefix(command: Sequence[str]) -> tuple[tuple[str, ...], bool]:
    """Return `command` without `TAKE_TERMINAL` before it, and whether that was there."""
    count = len(TAKE_TERMINAL)
    takes = tuple(command[:count]) == TAKE_TERMINAL
    return tuple(command[count:] if takes else command), takes


def can_be_served(command: Sequence[str], environment: Mapping[str, str]) -> bool:
    """Return whether the server can start `command`: clawtui itself, with what the server has at its start."""
    return tuple(command[: len(CLAWTUI)]) == CLAWTUI and read_at_start(environment) == {}


def read_at_start(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that matter before the first line of clawtui, other than a locale of C.UTF-8."""
    found = {name: value for name, value in environment.items() if value and _READ_AT_START.fullmatch(name)}
    locale = environment.get("LC_ALL") or environment.get("LC_CTYPE") or environment.get("LANG")
    if locale not in _UTF_8:
        found["LANG"] = str(locale)
    return found


def server_environment() -> dict[str, str]:
    """Return the environment in which the server is started."""
    kept = {name: value for name, value in os.environ.items() if not _READ_AT_START.fullmatch(name)}
    return {name: value for name, value in kept.items() if not name.startswith("LC_")} | {"LANG": "C.UTF-8"}
