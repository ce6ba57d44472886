"""The layers hold, and what keeps them would notice if they did not."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")


def lint_imports(project: Path) -> subprocess.CompletedProcess[str]:
    """Checks the contracts of the project in a directory, whatever version of it is installed."""
    return subprocess.run([LINT_IMPORTS, "--no-cache"], cwd=project, capture_output=True, text=True, check=False)


def test_the_layers_hold() -> None:
    result = lint_imports(PROJECT)
    assert result.returncode == 0, result.stdout + result.stderr
    assert " 0 broken" in result.stdout


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("model/documents/lock.py", "import clawtui.storage.paths", "Downwards only"),
        ("storage/paths.py", "from clawtui import live", "Downwards only"),
        ("live/__init__.py", "import clawtui.operations", "Downwards only"),
        ("operations/__init__.py", "import clawtui.tui", "Downwards only"),
        ("presentation/__init__.py", "import clawtui.tui", "Downwards only"),
        ("operations/__init__.py", "import clawtui.presentation", "Downwards only"),
        ("presentation/__init__.py", "import textual", "Only tui knows Textual"),
        ("tui/__init__.py", "import clawtui.cli", "Downwards only"),
        ("demo/__init__.py", "import clawtui.cli", "Downwards only"),
        ("files/__init__.py", "import clawtui.storage", "Downwards only"),
        ("tui/panes/__init__.py", "import clawtui.tui.dialogs", "Downwards only, inside the dashboard too"),
        ("tui/widgets/__init__.py", "import clawtui.tui.panes", "Downwards only, inside the dashboard too"),
        ("storage/paths.py", "def later():\n    import textual.app", "Only tui knows Textual"),
        ("operations/__init__.py", "import rich.text", "Only tui knows Textual"),
        ("tui/panes/__init__.py", "import clawtui.files.json5.document", "Panes know the model alone"),
        ("tui/widgets/__init__.py", "import watchfiles", "Panes know the model alone"),
        ("storage/paths.py", "import watchfiles", "Storage watches nothing"),
        ("model/documents/lock.py", "import click", "Storage watches nothing"),
    ],
)
def test_a_forbidden_import_is_refused(tmp_path: Path, module: str, line: str, contract: str) -> None:
    shutil.copytree(PROJECT / "clawtui", tmp_path / "clawtui", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROJECT / "pyproject.toml", tmp_path)
    with (tmp_path / "clawtui" / module).open("a") as source:
        source.write(f"\n{line}\n")
    result = lint_imports(tmp_path)
    assert result.returncode != 0
    broken = [row for row in result.stdout.splitlines() if " BROKEN" in row]
    assert any(row.startswith(contract) for row in broken), result.stdout


_IMPORT_ALL = """
import importlib, pkgutil, sys
layer = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(layer.__path__, layer.__name__ + "."):
    importlib.import_module(module.name)
print(*sys.modules)
"""


@pytest.mark.parametrize(
    ("layer", "absent"),
    [
        ("clawtui.model", {"textual", "rich", "watchfiles", "click", "psutil"}),
        ("clawtui.files", {"textual", "rich", "watchfiles", "click"}),
        ("clawtui.storage", {"textual", "rich", "watchfiles", "click"}),
        ("clawtui.live", {"textual", "rich", "click"}),
        ("clawtui.operations", {"textual", "rich"}),
    ],
)
def test_a_layer_loads_nothing_that_is_not_its_own(layer: str, absent: set[str]) -> None:
    result = subprocess.run(
        [sys.executable, "-c", _IMPORT_ALL, layer], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    loaded = set(result.stdout.split())
    assert layer in loaded
    assert not loaded & absent
