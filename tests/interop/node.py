"""The gateway's side of the tests: its own libraries, run by node."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

HERE = Path(__file__).parent

needs_node = pytest.mark.skipif(
    shutil.which("node") is None or shutil.which("npm") is None, reason="there is no node, or no npm, on this machine"
)

_INSTALL = "npm install --no-package-lock --no-audit --no-fund --ignore-scripts --prefer-offline --loglevel=error"
_INSTALL_SECONDS = 90
_RUN_SECONDS = 30


class Failure(NamedTuple):
    """A document that the gateway refused."""

    path: Path
    reason: str


class Question(NamedTuple):
    """A cron expression, a zone, a time in ISO 8601, and how many runs after it are asked for."""

    expression: str
    zone: str
    after: str
    runs: int


class Report(NamedTuple):
    """The checker's result."""

    checked: int
    failures: list[Failure]
    values: Mapping[Path, object]
    """What the gateway reads; of a log the list of its entries."""


class Node:
    """Runs the scripts of a directory that has the gateway's libraries."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def check(self, *places: Path) -> Report:
        """Return whether the gateway takes every document of state directories, and exports, which are files."""
        done = self._start("check.mjs", "--values", *places)
        assert done.stdout, f"the checker broke down: {done.stderr}"
        report = json.loads(done.stdout, object_hook=_not_finite)
        failures = [Failure(Path(failure["path"]), failure["reason"]) for failure in report["failures"]]
        assert done.returncode == bool(failures), f"exit status {done.returncode}: {done.stderr}"
        values = {Path(path): value for path, value in report["values"].items()}
        return Report(report["checked"], failures, values)

    def write(self, root: Path, seed: int) -> Mapping[str, object]:
        """Write awkward documents as the gateway does; return their content, by path relative to ``automations/``."""
        self._run("write.mjs", root, str(seed))
        twins: Mapping[str, object] = json.loads((root / "twins.json").read_text(), object_hook=_not_finite)
        return twins

    def repo_keys(self, addresses: Iterable[str]) -> list[str]:
        """Return the keys that the design's ``normalizeRepoKey`` makes."""
        keys: list[str] = json.loads(self._run("repo_key.mjs", given=json.dumps(list(addresses))))
        return keys

    def next_runs(self, questions: Sequence[Question]) -> list[list[str] | None]:
        """Return the next runs by croner after a time in a zone; None if it refuses the expression."""
        answers: list[list[str] | None] = json.loads(self._run("schedules.mjs", given=json.dumps(questions)))
        return answers

    def _run(self, script: str, *arguments: Path | str, given: str = "") -> str:
        done = self._start(script, *arguments, given=given)
        assert done.returncode == 0, f"{script} failed: {done.stderr}"
        return done.stdout

    def _start(self, script: str, *arguments: Path | str, given: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["node", self._directory / script, *arguments],
            input=given,
            capture_output=True,
            encoding="utf-8",
            timeout=_RUN_SECONDS,
            check=False,
        )


def _not_finite(members: dict[str, object]) -> object:
    """Return the number that JSON cannot express, as ``plain.mjs`` writes it."""
    return float(str(members["not finite"]).replace("Infinity", "inf")) if members.keys() == {"not finite"} else members


def install(directory: Path) -> Node:
    """Return the scripts with their packages: here if those are installed, else copied to ``directory``."""
    if _is_installed(HERE):
        return Node(HERE)
    for file in (*HERE.glob("*.mjs"), HERE / "package.json"):
        shutil.copy(file, directory)
    try:
        done = subprocess.run(
            _INSTALL.split(), cwd=directory, capture_output=True, text=True, timeout=_INSTALL_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        pytest.fail(f"`{_INSTALL}` did not end within {_INSTALL_SECONDS} s", pytrace=False)
    if done.returncode or not _is_installed(directory):
        pytest.fail(f"`{_INSTALL}` failed with status {done.returncode}:\n{done.stdout}{done.stderr}", pytrace=False)
    return Node(directory)


def _is_installed(directory: Path) -> bool:
    pinned = json.loads((directory / "package.json").read_text())["dependencies"]
    manifests = {name: directory / "node_modules" / name / "package.json" for name in pinned}
    return all(
        manifests[name].exists() and json.loads(manifests[name].read_text())["version"] == version
        for name, version in pinned.items()
    )
