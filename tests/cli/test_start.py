"""The modules that a start loads. Each takes a tenth of a millisecond at least, and those that are named here more."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from clawtui.cli.start import _AT_USE, _real
from clawtui.model.documents.audit import AuditRecord
from clawtui.storage.user.audit import Audit
from tests.cli.processes import PROJECT, environment
from tests.gateway_root import NOON, GatewayRoot, run_entry

COMMAND = """
import sys
from clawtui.cli.main import main
try:
    main(sys.argv[1:])
except SystemExit as end:
    assert end.code in (None, 0, 1)
print(*(name for name, module in sys.modules.items() if getattr(module, "__spec__", None)), file=sys.stderr)
"""

FIRST_FRAME = """
import os, sys
from pathlib import Path
from clawtui.cli.main import main
import clawtui.tui.run as run
def write(driver, data):
    if "Seen First" in data:
        loaded = [name for name, module in sys.modules.items() if getattr(module, "__spec__", None)]
        Path(sys.argv[2]).write_text(" ".join(loaded))
        os._exit(0)
def run_app(app, really_run=run.run_app):
    from clawtui.tui.terminal.driver import ClawtuiDriver  # not before the program has imported Textual
    ClawtuiDriver.write = write
    really_run(app)
run.run_app = run_app
main(["--root", sys.argv[1]])
"""

AT_USE = {"asyncio.sslproto", "base64", "bz2", "lzma", "msgspec.inspect", "pydantic.plugin._loader", "secrets", "ssl"}
"""Modules that libraries import at each start."""
OF_SLOW_START = {
    *("ast", "dataclasses", "dis", "gettext", "inspect", "ipaddress", "locale", "platform", "platformdirs", "pprint"),
    *("queue", "tempfile", "textwrap", "tokenize", "typing_extensions"),
}
"""Modules that a short command can do without. They take a tenth of it together."""
OF_LOCKS_AND_LOGS = {
    "clawtui.files.fs.atomic",
    "clawtui.files.log_view.reader",
    "clawtui.model.documents.workspace",
    "clawtui.storage.locks.lock_file",
}


ARGUMENTS: dict[str, list[tuple[object, ...]]] = {
    "gettext.gettext": [("Show this message and exit.",)],
    "gettext.ngettext": [("one", "several", number) for number in (0, 1, 2)],
    "inspect.cleandoc": [(text,) for text in ("", " \ttext ", "a\tb", "first\n    second\n      third\n\n")],
    "platform.system": [()],
    "pprint.saferepr": [([1, "a"],)],
    "watchfiles.run.arun_process": [],  # never called
    "watchfiles.run.run_process": [],
}


SETTINGS = """
theme = "dark"
quiet-after = "1h30m"
read-only = true
[notify]
by = ["toast", "bell"]
[columns]
automations = ["automation", "ago"]
[keys]
pane.zoom = "f5"
[remote]
ssh = "ssh -4"
[roots.elsewhere]
host = "gw1"
colour = "blue"
"""
OF_SLOW_FRAME = {
    *("anyio", "clawtui.tui.dialogs.question", "mimetypes", "multiprocessing", "platform", "watchfiles.run"),
    *("clawtui.model.findings.index", "clawtui.model.gateway.report", "clawtui.tui.dialogs.lines_dialog"),
}
"""Modules that the first frame of a dashboard can do without."""
PYDANTIC = {"pydantic", "pydantic_core"}


@pytest.fixture(params=["", SETTINGS], ids=["no-settings", "settings"])
def own_settings(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """Return the environment with the user's own directories, without and with a settings file."""
    if request.param:
        (tmp_path / "config/clawtui").mkdir(parents=True)
        (tmp_path / "config/clawtui/config.toml").write_text(request.param)
    return environment(XDG_CONFIG_HOME=str(tmp_path / "config"), XDG_STATE_HOME=str(tmp_path / "state"))


def loaded_by(gateway: GatewayRoot, env: dict[str, str], *words: str) -> set[str]:
    ran = subprocess.run(
        [sys.executable, "-c", COMMAND, "--root", str(gateway.root), *words],
        cwd=PROJECT,
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(ran.stderr.split())


def test_status_loads_nothing_for_locks_logs_and_changes_where_there_are_none(
    gateway: GatewayRoot, own_settings: dict[str, str]
) -> None:
    gateway.automation("a-b")
    loaded = loaded_by(gateway, own_settings, "status", "--json")
    assert {"clawtui.model.documents.automation", "clawtui.operations.state.summary"} <= loaded
    assert not loaded & (AT_USE | OF_SLOW_START | PYDANTIC | OF_LOCKS_AND_LOGS | {"linecache", "mimetypes", "shutil"})
    assert not loaded & {
        "clawtui.files.logs.reader",
        "clawtui.model.changes",
        "clawtui.model.documents.lock",
        "clawtui.model.documents.log_entry",
        "clawtui.model.liveness.evidence",
        "clawtui.model.liveness.verdict",
        "clawtui.model.schedules.cron_parser",
        "clawtui.storage.locks.aside_names",
    }


def test_status_of_a_held_lock_loads_nothing_that_takes_or_releases_one_and_no_reader_of_logs(
    gateway: GatewayRoot,
) -> None:
    gateway.automation("a-b")
    gateway.lock("github.com/user/one", "a-b")
    loaded = loaded_by(gateway, environment(), "status", "--json")
    assert {"clawtui.model.liveness.verdict", "clawtui.operations.evidence.lock_evidence"} <= loaded
    assert not loaded & PYDANTIC
    assert not loaded & {
        "clawtui.files.logs.reader",
        "clawtui.openclaw.owned_locks",
        "clawtui.operations.locks.removal",
        "clawtui.storage.locks.manager",
        "clawtui.storage.stores.saving",
        "clawtui.storage.workspaces.manager",
        "difflib",
    }


@pytest.mark.parametrize(
    "words", [("lock", "list"), ("doctor",), ("metrics",), ("--help",), ("logs", "a-b")], ids=" ".join
)
def test_no_command_loads_pydantic_where_all_files_are_as_programs_write_them(
    words: tuple[str, ...], gateway: GatewayRoot, tmp_path: Path
) -> None:
    gateway.automation("a-b")
    gateway.lock("github.com/user/one", "a-b")
    gateway.append_log(f"logs/smart-sync-fork/a-b-{NOON:%Y-%m-%d-%H-%M-%S}.jsonl", run_entry("a-b", "begins"))
    record = AuditRecord(timestamp=NOON, id="1", event="lock-release")
    Audit(tmp_path / "clawtui").record(record)
    assert not loaded_by(gateway, environment(XDG_STATE_HOME=str(tmp_path)), *words) & PYDANTIC


def test_the_first_frame_waits_for_no_module_that_it_does_not_need(
    gateway: GatewayRoot, tmp_path: Path, own_settings: dict[str, str]
) -> None:
    gateway.automation("seen-first", name="Seen First")
    listed = tmp_path / "modules"
    terminal, inside = pty.openpty()
    try:
        subprocess.run(
            [sys.executable, "-c", FIRST_FRAME, str(gateway.root), str(listed)],
            cwd=PROJECT,
            env=own_settings,
            stdin=inside,
            stdout=inside,
            stderr=inside,
            timeout=60,
            check=True,
        )
    finally:
        os.close(inside)
        os.close(terminal)
    loaded = set(listed.read_text().split())
    assert {"clawtui.model.documents.automation", "clawtui.tui.screens.dashboard"} <= loaded
    assert not loaded & (AT_USE | PYDANTIC | OF_LOCKS_AND_LOGS | OF_SLOW_FRAME)


def test_the_stand_ins_answer_as_the_modules_do() -> None:
    for name, functions in _AT_USE.items():
        for function, ours in functions.items():
            theirs = getattr(_real(name), function)
            assert callable(theirs)
            assert ours is not theirs
            for arguments in ARGUMENTS[f"{name}.{function}"]:
                assert ours(*arguments) == theirs(*arguments)
