"""Storage as a library: what it exports, what an import of it changes, and that its examples run."""

from __future__ import annotations

import ast
import builtins
import doctest
import importlib
import inspect
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import clawtui
import clawtui.storage
from clawtui.storage import Actor, Audit, Milestone, RunLogEntry, StateDirectory
from tests.gateway_root import NOON, GatewayRoot

CHECKOUT = Path(clawtui.__file__).parent.parent

EXPORTED = [
    "ABSENT",
    "ANY",
    "Actor",
    "Artifact",
    "ArtifactStore",
    "Audit",
    "AuditRecord",
    "Automation",
    "AutomationConfig",
    "AutomationConfigStore",
    "AutomationLogManager",
    "Changed",
    "ClawtuiError",
    "ConcurrencyState",
    "ConcurrencyStore",
    "DispatcherConfig",
    "DispatcherLogEntry",
    "DispatcherStore",
    "Expected",
    "Export",
    "ImportItem",
    "Invalid",
    "LogLine",
    "LogName",
    "Malformed",
    "MigrationItem",
    "Milestone",
    "NoOwnPlace",
    "NoSuch",
    "NoWayBack",
    "NotKept",
    "Notifications",
    "Overlap",
    "Problem",
    "ProgressState",
    "Reading",
    "Refused",
    "ReleasedLock",
    "Replaced",
    "RepositoryLock",
    "RepositoryLockManager",
    "RunLogEntry",
    "RunResult",
    "RuntimeState",
    "Schedule",
    "Slot",
    "SlotUsage",
    "Stamp",
    "StateDirectory",
    "StatePaths",
    "TakenBack",
    "Unreadable",
    "Unwritable",
    "Workspace",
    "WorkspaceInfo",
    "WorkspaceManager",
    "find_state_dir",
]

STORES = ("configs", "dispatcher", "slots", "workspaces", "logs", "locks", "artifacts")

DEPENDENCIES = {
    "annotated_types",
    "msgspec",
    "platformdirs",
    "pydantic",
    "pydantic_core",
    "pyjson5",
    "typing_extensions",
    "typing_inspection",
}
OF_CYTHON = re.compile(r"_cython_[\d_]+|cython_runtime|typing\.(io|re)|_sysconfigdata\w*[\w-]*")
"""What modules that Cython compiled, and the standard library itself, put beside them."""

CHANGES = """
import atexit, gc, json, logging, os, signal, sys, threading, warnings, locale
def state():
    return {
        "collector": [gc.get_threshold(), gc.isenabled(), gc.get_freeze_count()],
        "exit handlers": atexit._ncallbacks(),
        "environment": dict(os.environ),
        "signals": [str(signal.getsignal(number)) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD)],
        "threads": [thread.name for thread in threading.enumerate()],
        "hooks": [str(sys.excepthook), str(sys.displayhook), len(sys.meta_path), len(sys.path_hooks)],
        "path": sys.path, "directory": os.getcwd(), "recursion": sys.getrecursionlimit(),
        "warnings": [str(each) for each in warnings.filters], "locale": locale.setlocale(locale.LC_ALL),
        "root logger": [logging.root.level, len(logging.root.handlers)], "umask": [os.umask(0o22), os.umask(0o22)][0],
        "interval": sys.getswitchinterval(),
    }
before, known = state(), set(sys.modules)
IMPORT
after = state()
new = set(sys.modules) - known
fake = [name for name in new if getattr(sys.modules[name], "__spec__", None) is None]
changed = {key: [before[key], after[key]] for key in before if before[key] != after[key]}
print(json.dumps([changed, sorted(fake), sorted(new)]))
"""


IMPORTED_AT_USE = {
    *("anyio", "asyncio.sslproto", "base64", "bz2", "gettext", "ipaddress", "lzma", "mimetypes", "msgspec.inspect"),
    *("platform", "pprint", "pydantic.plugin._loader", "secrets", "shutil", "ssl", "watchfiles.run"),
}
"""The modules that the program has replaced by ones that import them at their first use, and that no import uses."""


def changes_of(statement: str) -> tuple[dict[str, object], list[str], list[str]]:
    """Return what ``statement`` changes in a process: settings, modules that came from no file, and new modules."""
    program = CHANGES.replace("IMPORT", statement)
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=CHECKOUT)
    settings, fake, new = json.loads(ended.stdout)
    return settings, fake, new


def top_level(module: str) -> str:
    return module.partition(".")[0]


def test_the_exported_names() -> None:
    assert clawtui.storage.__all__ == EXPORTED
    assert set(EXPORTED) <= set(dir(clawtui.storage))
    for name in EXPORTED:
        assert getattr(clawtui.storage, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        clawtui.storage.Nothing  # noqa: B018


def test_a_type_checker_sees_the_same_names_in_the_same_modules() -> None:
    tree = ast.parse(Path(clawtui.storage.__file__).read_text())
    seen = {
        alias.asname: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("clawtui.")
        for alias in node.names
    }
    assert seen == clawtui.storage._HOME


def test_importing_the_package_loads_nothing_but_itself() -> None:
    _, _, new = changes_of("import clawtui.storage")
    assert {name for name in new if top_level(name) not in sys.stdlib_module_names} == {"clawtui", "clawtui.storage"}


@pytest.mark.parametrize("statement", ["from clawtui.storage import *", "import clawtui.cli"])
def test_an_import_changes_nothing_in_the_process_but_its_modules(statement: str) -> None:
    settings, fake, new = changes_of(statement)
    assert settings == {}
    assert [name for name in fake if not OF_CYTHON.fullmatch(name)] == []
    ours = {top_level(name) for name in new if not OF_CYTHON.fullmatch(name)} - sys.stdlib_module_names
    assert ours <= {"clawtui", *DEPENDENCIES}


def test_the_program_itself_starts_with_its_tricks() -> None:
    settings, fake, new = changes_of("import clawtui.cli.main, clawtui.tui.app")
    assert set(settings) == {"collector", "exit handlers"}
    assert {name for name in fake if not OF_CYTHON.fullmatch(name)} == IMPORTED_AT_USE
    assert not set(new) & {"clawtui.model.documents.workspace", "clawtui.model.findings.context", "hmac"}
    assert "clawtui.tui.dialogs.question" not in new


def public_callables() -> Iterator[tuple[str, object]]:
    for name in EXPORTED:
        value = getattr(clawtui.storage, name)
        if inspect.isfunction(value):
            yield name, value
        if inspect.isclass(value) and value.__module__.startswith("clawtui.storage"):
            for attribute, member in vars(value).items():
                if inspect.isfunction(member) and (attribute == "__init__" or not attribute.startswith("_")):
                    yield f"{name}.{attribute}", member


def test_no_method_and_no_parameter_shadows_a_builtin() -> None:
    names = {name for name in dir(builtins) if name.islower() and not name.startswith("_")}
    values = {"ImportItem", "Export"}  # named as the keys on disk are: id, type
    for qualified, function in public_callables():
        assert callable(function)
        method = qualified.rpartition(".")[2]
        assert method not in names, qualified
        if qualified.partition(".")[0] not in values:
            assert not names & set(inspect.signature(function).parameters), qualified


@pytest.fixture
def place(gateway: GatewayRoot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GatewayRoot:
    """Write a state directory with one automation, and a user's own directory apart."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "own"))
    gateway.dispatcher()
    gateway.automation("sync-main")
    return gateway


EXAMPLES = [
    "state_directory",
    "locks.manager",
    "stores.artifacts",
    "stores.configurations",
    "stores.dispatcher",
    "stores.logs",
    "workspaces.manager",
]


@pytest.mark.parametrize("module", EXAMPLES)
def test_the_examples_in_docstrings_run(place: GatewayRoot, module: str) -> None:
    names: dict[str, object] = {"root": place.root, "state": StateDirectory(place.root), "now": NOON}
    names |= {"datetime": datetime, "UTC": UTC, "Actor": Actor, "Audit": Audit}
    names |= {"Milestone": Milestone, "RunLogEntry": RunLogEntry}
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS, verbose=False)
    loaded = importlib.import_module(f"clawtui.storage.{module}")
    tests = [test for test in doctest.DocTestFinder().find(loaded, extraglobs=names) if test.examples]
    assert tests
    for test in sorted(tests):
        test.globs |= names
        runner.run(test, clear_globs=False)
        names |= {key: value for key, value in test.globs.items() if key not in vars(loaded)}
    assert runner.summarize(verbose=False).failed == 0


def test_the_section_of_the_readme_runs(place: GatewayRoot, tmp_path: Path) -> None:
    section = (CHECKOUT / "README.md").read_text().partition("\n## As a library\n")[2].partition("\n## ")[0]
    (block,) = re.findall(r"^```python\n(.*?)^```", section, re.DOTALL | re.MULTILINE)
    place.write("config/smart-sync-fork/broken.json", "{")
    (tmp_path / "home").mkdir()
    place.root.rename(tmp_path / "home/.clawdbot")
    done = subprocess.run(
        [sys.executable, "-c", block],
        env=os.environ | {"HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        cwd=CHECKOUT,
    )
    assert done.stdout.splitlines() == ["broken cannot be read", "sync-main enabled: True"], done.stderr
    assert done.returncode == 0
    moved = StateDirectory(tmp_path / "home/.clawdbot").configs.get("sync-main")
    assert moved is not None
    assert moved.config.value is not None
    assert not moved.config.value.enabled


@pytest.mark.parametrize("store", STORES)
def test_every_store_is_at_the_state_directory(store: str, place: GatewayRoot) -> None:
    state = StateDirectory(place.root)
    assert getattr(state, store) is getattr(state, store)
    assert type(getattr(state, store)).__name__ in EXPORTED
    assert repr(state) == f"StateDirectory({str(place.root)!r})"
