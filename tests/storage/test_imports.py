"""The imports of the library, which affect the start of every command."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import clawtui

PACKAGE = Path(clawtui.__file__).parent
MODULES = sorted(
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
    for layer in ("files", "storage")
    for path in (PACKAGE / layer).rglob("*.py")
    if path.name != "__init__.py"
)


def loaded_by(statement: str) -> set[str]:
    script = f"import sys\n{statement}\nprint(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_storage_imports_no_user_interface() -> None:
    loaded = loaded_by("\n".join(f"import {name}" for name in MODULES))
    assert {"clawtui", "msgspec", "pyjson5"} <= loaded
    assert not loaded & {"textual", "rich", "watchfiles", "click", "json5"}


@pytest.mark.parametrize("module", ["configurations", "dispatcher"])
def test_reading_loads_no_writer(module: str) -> None:
    assert "json5" not in loaded_by(f"import clawtui.storage.stores.{module}")
