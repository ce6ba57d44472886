"""Nothing is written beside a gateway's database in any state of it, and no lock is held for long."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from clawtui.model.errors import Unreadable
from clawtui.openclaw.database import Database, read_database
from clawtui.openclaw.reader import read_gateway
from tests.openclaw.gateway_store import GatewayStore
from tests.openclaw.gateways import fingerprint, gateway

NOBODY = 65534


def count(root: Path) -> int:
    return len(read_gateway(root, "sqlite").jobs)


@pytest.mark.parametrize("mode", ["live", "killed", "stopped"])
def test_nothing_is_written_in_any_state_of_the_gateway(tmp_path: Path, mode: str) -> None:
    with gateway(tmp_path, mode):
        wal = tmp_path / "state/openclaw.sqlite-wal"
        assert wal.exists() == (mode != "stopped")
        before = fingerprint(tmp_path)
        for _ in range(3):
            assert count(tmp_path) == 50
        assert fingerprint(tmp_path) == before


def test_a_wal_without_shared_memory_is_read_from_a_copy(tmp_path: Path) -> None:
    with gateway(tmp_path, "killed"):
        (tmp_path / "state/openclaw.sqlite-shm").unlink()
        before = fingerprint(tmp_path)
        assert count(tmp_path) == 50
        assert fingerprint(tmp_path) == before


def test_the_private_copy_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copies = tmp_path / "copies"
    copies.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(copies))
    with gateway(tmp_path / "root", "killed"):
        (tmp_path / "root/state/openclaw.sqlite-shm").unlink()
        modes: list[int] = []

        def look(database: Database) -> int:
            modes.extend(path.stat().st_mode & 0o777 for path in copies.iterdir())
            return len(database.select("cron_jobs", ("job_id",)))

        assert read_database(tmp_path / "root/state/openclaw.sqlite", look) == 50
    assert modes == [0o700]
    assert not list(copies.iterdir())


READ_AS_ANOTHER = f"""
import clawtui.openclaw.reader, json, os, shutil, sqlite3, sys, tempfile
from pathlib import Path
os.setgid({NOBODY}); os.setuid({NOBODY})
state = clawtui.openclaw.reader.read_gateway(Path(sys.argv[1]), "sqlite")
print(len(state.jobs), *state.problems)
"""
"""What root may import, the other user may not: everything is loaded before."""


@pytest.mark.parametrize("mode", ["killed", "stopped"])
@pytest.mark.skipif(os.geteuid() != 0, reason="needs another user, whom only root can become")
def test_a_read_only_directory_of_another_user_is_read(mode: str) -> None:
    """As another user, who may read everything there and write nothing."""
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory) / "root"
        with gateway(root, mode):
            for path in (root.parent, root, *root.rglob("*")):
                path.chmod(0o555 if path.is_dir() else 0o444)
            before = fingerprint(root)
            command = [sys.executable, "-c", READ_AS_ANOTHER, str(root)]
            run = subprocess.run(command, capture_output=True, text=True)
            assert run.stdout == "50\n", run.stderr
            assert fingerprint(root) == before


@pytest.mark.skipif(os.geteuid() != 0, reason="needs another user, whom only root can become")
def test_a_database_without_read_permission_is_a_problem() -> None:
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory) / "root"
        with gateway(root, "stopped"):
            for path in (root.parent, root, root / "state"):
                path.chmod(0o755)
            (root / "state/openclaw.sqlite").chmod(0o600)
            run = subprocess.run([sys.executable, "-c", READ_AS_ANOTHER, str(root)], capture_output=True, text=True)
            assert run.stdout.startswith("0 ") and "permission denied" in run.stdout, run.stderr


def test_a_commit_of_the_gateway_is_read_at_once(tmp_path: Path) -> None:
    store = GatewayStore(tmp_path)
    store.job("one")
    assert set(read_gateway(tmp_path, "sqlite").jobs) == {"one"}
    store.job("two")
    assert set(read_gateway(tmp_path, "sqlite").jobs) == {"one", "two"}
    store.close()
    assert set(read_gateway(tmp_path, "sqlite").jobs) == {"one", "two"}


def test_a_change_during_an_immutable_reading_is_noticed(tmp_path: Path) -> None:
    """The gateway starts while a database is read that was closed before: what was read is thrown away."""
    store = GatewayStore(tmp_path)
    store.job("one")
    store.close()
    stores: list[GatewayStore] = []

    def read(database: Database) -> int:
        found = len(database.select("cron_jobs", ("job_id",)))
        if not stores:
            stores.append(GatewayStore(tmp_path))
            stores[0].job("two")
        return found

    assert read_database(tmp_path / "state/openclaw.sqlite", read) == 2
    stores[0].close()


def test_readers_never_keep_a_committing_gateway_from_its_checkpoint(tmp_path: Path) -> None:
    """A checkpoint that truncates the log needs a moment without readers, while this test reads all the time."""
    with gateway(tmp_path, "busy") as process:
        writer = sqlite3.connect(tmp_path / "state/openclaw.sqlite", timeout=2, isolation_level=None)
        done = 0
        while process.poll() is None and done < 20:
            assert count(tmp_path) == 50
            busy, *_ = writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            done += 1
            assert not busy
        writer.close()
        assert done


def test_a_missing_file_and_a_directory_are_problems(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_database(tmp_path / "none.sqlite", lambda database: 0)
    (tmp_path / "directory").mkdir()
    with pytest.raises(Unreadable, match="is a directory"):
        read_database(tmp_path / "directory", lambda database: 0)
    (tmp_path / "link").symlink_to(tmp_path / "none.sqlite")
    with pytest.raises(Unreadable, match="symbolic link"):
        read_database(tmp_path / "link", lambda database: 0)
