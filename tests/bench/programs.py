"""The programs that are measured, and those that they are measured against."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.bench.probe import Probe
from tests.bench.roots import BenchRoot

_HERE = Path(__file__).parent / "baselines"

IMPORT_WHAT_IS_NEEDED: Sequence[str] = (sys.executable, "-c", "import click, pyjson5; from pydantic import BaseModel")


def clawtui(*arguments: str | Path) -> list[str | Path]:
    """Return the installed command; if there is none, the module."""
    installed = Path(sys.executable).with_name("clawtui")
    return [installed, *arguments] if installed.exists() else [sys.executable, "-m", "clawtui", *arguments]


def dashboard(root: BenchRoot, *options: str, cols: int = 120, rows: int = 40) -> Probe:
    """Return the command of the dashboard over ``root``."""
    return Probe(clawtui("--root", root.root, *options), cols=cols, rows=rows, home=root.home)


def baseline(script: str, root: BenchRoot, *arguments: str | Path, cols: int = 120, rows: int = 40) -> Probe:
    """Return the command of one of the small programs in ``baselines/``."""
    return Probe([sys.executable, _HERE / script, *arguments], cols=cols, rows=rows, home=root.home)


def installed(program: str) -> str | None:
    """Return the path of a peer, if it is installed here."""
    return shutil.which(program)
