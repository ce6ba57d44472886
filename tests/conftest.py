"""Fixtures and options of all tests."""

from __future__ import annotations

import codecs
import importlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import settings

from tests.forkserver.client import SERVER, ServedPopen
from tests.gateway_root import GatewayRoot

settings.register_profile("clawtui", deadline=None, max_examples=40)
settings.register_profile("exhaustive", deadline=None, max_examples=400)
settings.load_profile("clawtui")

_FIRST = ("tests/hard/", "tests/demo/", "tests/e2e/", "tests/cli/", "tests/interop/", "tests/tui/")
"""Folders with files that take seconds, those that wait most first."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--fork-server",
        action="store_true",
        help="fork a server that has imported clawtui for each clawtui that a test starts",
    )
    parser.addoption(
        "--real-interpreters",
        action="store_true",
        help="start an interpreter for each clawtui, despite --fork-server",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Start each ``python -m clawtui`` of the tests by the fork server, if its option is given."""
    SERVER.real_only |= config.getoption("--real-interpreters") or not config.getoption("--fork-server")
    subprocess.Popen = ServedPopen  # type: ignore[misc]


def pytest_unconfigure() -> None:
    SERVER.stop()


@pytest.fixture(autouse=True)
def real_interpreter(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start real interpreters in the tests that are marked so."""
    if request.node.get_closest_marker("real_interpreter"):
        monkeypatch.setattr(SERVER, "real_only", True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the files with slow tests first, then the folders of `_FIRST`: many short files are left for the end.

    A worker takes one file after another, so that at the end all workers have something to do until the last seconds.
    """
    slow = {item.path for item in items if item.get_closest_marker("slow")}

    def rank(item: pytest.Item) -> int:
        if item.path in slow:
            return -1
        folders = (position for position, folder in enumerate(_FIRST) if item.nodeid.startswith(folder))
        return next(folders, len(_FIRST))

    items.sort(key=rank)


@pytest.fixture(autouse=True, scope="session")
def own_places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Neither read nor write the settings and saved state of the person who runs the tests."""
    with pytest.MonkeyPatch.context() as environment:
        for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME"):
            environment.setenv(name, str(tmp_path_factory.mktemp(name.lower())))
        yield


@pytest.fixture(autouse=True)
def no_wait_for_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait for a second write of a session: with the fixed clock of a test each verdict would take 2.5 s.

    `tests/hard/test_verdicts.py` tests that wait, in processes of its own.
    """
    monkeypatch.setattr("clawtui.operations.evidence.host.WRITES_WITHIN", timedelta(0))


@pytest.fixture
def gateway(tmp_path: Path) -> GatewayRoot:
    """Return an empty state directory to write into."""
    root = GatewayRoot(tmp_path / "state")
    root.automations.mkdir(parents=True)
    return root


_NOBODY = 65534


@pytest.fixture
def unprivileged() -> Iterator[GatewayRoot]:
    """Yield the state directory of an ordinary user, and be that user: root may read and write everything."""
    home = Path(tempfile.mkdtemp())
    # Loaded while it can be: the interpreter may lie where only root can look.
    codecs.lookup("utf-8-sig")
    importlib.import_module("concurrent.futures.thread")
    root = os.geteuid() == 0
    if root:
        os.chown(home, _NOBODY, _NOBODY)
        os.setegid(_NOBODY)
        os.seteuid(_NOBODY)
    try:
        gateway = GatewayRoot(home / "state")
        gateway.automations.mkdir(parents=True)
        yield gateway
    finally:
        if root:
            os.seteuid(0)
            os.setegid(0)
        shutil.rmtree(home)
