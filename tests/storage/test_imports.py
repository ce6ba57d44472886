"""What the library loads decides how fast every command starts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import clawtui.storage

MODULES = sorted(path.stem for path in Path(clawtui.storage.__file__).parent.glob("*.py"))


def loaded_by(statement: str) -> set[str]:
    script = f"import sys\n{statement}\nprint(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_storage_stands_by_itself() -> None:
    statement = "\n".join(f"import clawtui.storage.{name}" for name in MODULES if name != "json5_writer")
    loaded = loaded_by(statement.replace(".__init__", ""))
    assert {"clawtui", "pydantic", "pyjson5"} <= loaded
    assert not loaded & {"textual", "rich", "watchfiles", "click", "json5", "cronsim"}


@pytest.mark.parametrize("module", ["config_store", "dispatcher_store", "concurrency_store"])
def test_reading_loads_no_writer(module: str) -> None:
    assert "json5" not in loaded_by(f"import clawtui.storage.{module}")
