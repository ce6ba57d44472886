"""On a root as a gateway writes it no command loads pydantic, which takes as long as the rest of a short command."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.processes import PROJECT, environment
from tests.demo.still import write_still

COMMAND = """
import sys
from clawtui.cli.main import main
try:
    main(["--root", *sys.argv[1:]])
except SystemExit:
    pass
print(*(name for name, module in sys.modules.items() if getattr(module, "__spec__", None)), file=sys.stderr)
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a state directory with runs, locks, slots and logs, with a torn line at the end of one."""
    root = tmp_path_factory.mktemp("usual")
    write_still(root, datetime.now(UTC))
    log = max((root / "automations/logs/dispatcher").iterdir())
    with log.open("a") as lines:
        lines.write('{"timestamp":"2025-01-26T19:00')
    return root


@pytest.mark.parametrize(
    "command",
    [
        "status",
        "automation list",
        "run list sync-zod",
        "progress sync-zod",
        "logs sync-zod",
        "lock list",
        "workspace list",
        "dispatcher show",
        "doctor",
    ],
)
def test_a_command_loads_no_pydantic_where_all_files_are_usual(root: Path, command: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", COMMAND, str(root), *command.split(), "--json"],
        cwd=PROJECT,
        env=environment(XDG_STATE_HOME=str(root / "own")),
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(ran.stderr.splitlines()[-1].split())
    assert ran.stdout.startswith(("{", "["))
    assert "clawtui.model.checked.usual" in loaded
    assert not loaded & {"pydantic", "pydantic_core", "clawtui.model.checked.judge"}
