"""``clawtui --all COMMAND``: one command for every root in the settings, with the results side by side."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, NamedTuple

import click

from clawtui.cli.framework.context import Invocation
from clawtui.cli.framework.errors import DONE, FAILED, NO_SUCH
from clawtui.cli.framework.output import Printer, print_raw, say
from clawtui.cli.framework.streams import write_text
from clawtui.model.errors import NoSuch, Refused
from clawtui.model.text.cleaning import clean, clean_lines
from clawtui.model.text.command_line import ANYWHERE

_AT_ONCE: Final = 8
"""The most roots that are asked at the same time: an sshd refuses more than about ten connections during set-up."""
_STAGGER: Final = 0.05
"""Seconds between the starts of two commands."""
_START: Final = "from clawtui.cli.main import main; main()"


class RootResult(NamedTuple):
    """What a command printed for one root."""

    root: str
    status: int
    output: str
    errors: str


def run_for_all(invocation: Invocation, words: Sequence[str]) -> int:
    """Run ``words`` for each root in the settings, print the results, and return the largest exit status.

    Where a command names one thing, such as a lock, roots that have no such thing do not count if another one has it.

    With ``--json`` the result is one document: each item of a list gets a field ``root``; a single object becomes
    ``{"roots": [...]}`` with an entry for each root. A root that failed has its error in ``problems``. Raises NoSuch if
    the settings name no root, Refused for a command that does not end by itself.
    """
    names = list(invocation.loaded().settings.roots)
    if not names:
        raise NoSuch(f"the settings name no roots\n{ANYWHERE.hint('config', 'show')} shows how they are named.")
    if invocation.root is not None or invocation.profile is not None:
        raise Refused("--all and --root exclude each other")
    if "--follow" in words or "-f" in words:
        raise Refused("--all cannot follow: the commands run one after the other")
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        pending = [pool.submit(_run, name, words, number) for number, name in enumerate(names)]
        results = [each.result() for each in pending]
    if "--json" in words:
        print_json(results)
    else:
        print_text(results)
    return status_of(results, named=names_a_thing(words))


def status_of(results: Sequence[RootResult], *, named: bool) -> int:
    """Return the exit status for all roots; ``named`` says whether the command names one thing in a root."""
    statuses = {result.status for result in results}
    if named and DONE in statuses:
        statuses.discard(NO_SUCH)
    return max(statuses)


def names_a_thing(words: Sequence[str]) -> bool:
    """Return whether the command takes an argument: the id of an automation, a lock, a file."""
    from clawtui.cli.main import main

    command: click.Command | None = main
    for word in words:
        if isinstance(command, click.Group) and not word.startswith("-"):
            command = command.get_command(click.Context(command), word)
    return command is not None and any(isinstance(each, click.Argument) for each in command.params)


def _run(name: str, words: Sequence[str], number: int) -> RootResult:
    time.sleep(_STAGGER * (number % _AT_ONCE))
    command = [sys.executable, "-c", _START, "--root", name, *words]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return RootResult(name, done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))


def print_text(results: Sequence[RootResult]) -> None:
    """Print what each root has printed below its name, and its messages to standard error."""
    for result in results:
        Printer().print_lines([[f"== {result.root}"]])
        write_text(clean_lines(result.output))
        for line in result.errors.splitlines():
            say(f"{result.root}: {line.removeprefix('clawtui: ')}")


def print_json(results: Sequence[RootResult]) -> None:
    """Print one document of all; a root without a result is an entry in ``roots``, or a message beside a list."""
    parsed = [(result, _parsed(result)) for result in results]
    if any(isinstance(value, list) for _, value in parsed):
        merged: object = list(_items(parsed))
        for result, value in parsed:
            if value is None:
                say(f"{result.root}: {_reason(result)}")
    else:
        merged = {"roots": [_entry(result, value) for result, value in parsed]}
    print_raw(json.dumps(merged, indent=2, ensure_ascii=False))


def _items(parsed: Sequence[tuple[RootResult, object]]) -> Iterator[object]:
    for result, value in parsed:
        for item in value if isinstance(value, list) else ():
            yield _with_root(result.root, item if isinstance(item, dict) else {"value": item})


def _entry(result: RootResult, value: object) -> dict[str, object]:
    if isinstance(value, dict):
        return _with_root(result.root, value)
    return {"root": result.root, "status": result.status or FAILED, "error": _reason(result)}


def _with_root(name: str, value: Mapping[str, object]) -> dict[str, object]:
    """Return ``value`` with the name of the root as its first field; its own field ``root`` is renamed to ``path``."""
    others = {"path" if key == "root" else key: below for key, below in value.items()}
    return {"root": name, **others}


def _parsed(result: RootResult) -> object:
    try:
        return json.loads(result.output)
    except (ValueError, RecursionError):
        return None


def _reason(result: RootResult) -> str:
    lines = result.errors.strip().splitlines() or ["it printed no JSON"]
    return clean(lines[0].removeprefix("clawtui: "))
