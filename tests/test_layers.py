"""Layers import downwards only, and the contracts of import-linter report an import that does not."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")

LAYERS = "Downwards only"
LAYERS_OF_TUI = "Downwards only, inside the dashboard too"
TEXTUAL = "Only tui knows Textual"
PANES = "Panes know the model alone"
STORAGE = "Storage watches nothing and the model touches no file"

FORBIDDEN = (
    ("model/documents/lock.py", "import clawtui.storage.paths", LAYERS),
    ("storage/paths.py", "from clawtui import live", LAYERS),
    ("live/__init__.py", "import clawtui.operations", LAYERS),
    ("operations/__init__.py", "import clawtui.tui", LAYERS),
    ("presentation/__init__.py", "import clawtui.tui", LAYERS),
    ("operations/__init__.py", "import clawtui.presentation", LAYERS),
    ("presentation/__init__.py", "import textual", TEXTUAL),
    ("tui/__init__.py", "import clawtui.cli", LAYERS),
    ("demo/__init__.py", "import clawtui.cli", LAYERS),
    ("files/__init__.py", "import clawtui.storage", LAYERS),
    ("tui/panes/__init__.py", "import clawtui.tui.dialogs", LAYERS_OF_TUI),
    ("tui/widgets/__init__.py", "import clawtui.tui.panes", LAYERS_OF_TUI),
    ("storage/paths.py", "def later():\n    import textual.app", TEXTUAL),
    ("operations/__init__.py", "import rich.text", TEXTUAL),
    ("tui/panes/__init__.py", "import clawtui.files.json5.document", PANES),
    ("tui/widgets/__init__.py", "import watchfiles", PANES),
    ("storage/paths.py", "import watchfiles", STORAGE),
    ("model/documents/lock.py", "import click", STORAGE),
)
"""Modules, a line that each of them must not have, and the contract that forbids it."""


def lint_imports(project: Path) -> subprocess.CompletedProcess[str]:
    """Check the contracts of the project in a directory, with the installed version of import-linter."""
    return subprocess.run([LINT_IMPORTS, "--no-cache"], cwd=project, capture_output=True, text=True, check=False)


def test_the_layers_hold() -> None:
    result = lint_imports(PROJECT)
    assert result.returncode == 0, result.stdout + result.stderr
    assert " 0 broken" in result.stdout


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return what is reported of a copy with all forbidden imports, by contract."""
    project = tmp_path_factory.mktemp("broken")
    shutil.copytree(PROJECT / "clawtui", project / "clawtui", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROJECT / "pyproject.toml", project)
    for module, line, _ in FORBIDDEN:
        with (project / "clawtui" / module).open("a") as source:
            source.write(f"\n{line}\n")
    result = lint_imports(project)
    assert result.returncode != 0
    _, *sections = re.split(r"\n([^\n]+)\n-+\n", result.stdout)
    return dict(zip(sections[::2], sections[1::2], strict=True))


@pytest.mark.parametrize(("module", "line", "contract"), FORBIDDEN)
def test_a_forbidden_import_is_refused(broken: dict[str, str], module: str, line: str, contract: str) -> None:
    importer = "clawtui." + module.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    imported = line.split("import ")[-1] if "from" not in line else "clawtui.live"
    if not imported.startswith("clawtui"):
        imported = imported.partition(".")[0]
    assert f"{importer} -> {imported} (l." in broken[contract], broken[contract]


_IMPORT_ALL = """
import importlib, json, pkgutil, sys
loaded = {}
for name in sys.argv[1:]:
    layer = importlib.import_module(name)
    for module in pkgutil.walk_packages(layer.__path__, layer.__name__ + "."):
        importlib.import_module(module.name)
    loaded[name] = list(sys.modules)
print(json.dumps(loaded))
"""

ABSENT = {
    "clawtui.model": {"textual", "rich", "watchfiles", "click", "psutil"},
    "clawtui.files": {"textual", "rich", "watchfiles", "click"},
    "clawtui.storage": {"textual", "rich", "watchfiles", "click"},
    "clawtui.live": {"textual", "rich", "click"},
    "clawtui.operations": {"textual", "rich"},
}
"""The layers from the lowest on, and the libraries that none of their modules loads."""


@cache
def loaded_modules() -> dict[str, list[str]]:
    """Return the modules that are loaded by a process that has imported each layer and those below it."""
    command = [sys.executable, "-c", _IMPORT_ALL, *ABSENT]
    result = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    modules: dict[str, list[str]] = json.loads(result.stdout)
    return modules


@pytest.mark.parametrize("layer", ABSENT)
def test_a_layer_loads_no_library_of_a_higher_layer(layer: str) -> None:
    loaded = set(loaded_modules()[layer])
    assert layer in loaded
    assert not loaded & ABSENT[layer]
