"""No commit is missed, however close it is to a reading: of a real store, on a virtual clock."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clawtui.files.store_kind import JOBS_FILE
from clawtui.live.gateway import places
from clawtui.live.gateway.session import StockGateway
from clawtui.live.watching.events import StopEvent, WatchEvents
from clawtui.live.watching.intervals import DEFAULT_INTERVALS
from clawtui.live.watching.watcher import Watcher
from clawtui.model.gateway.state import StoreKind
from tests.openclaw.gateway_store import GatewayStore, json_store, now_ms

HEADER = 96
"""The bytes of a log's index that show which commits there are."""


def refuse(directories: Sequence[str], step: int, stop: StopEvent) -> Iterator[set[tuple[int, str]]]:
    raise OSError("nothing is watched")


class Looks:
    """A session on a virtual clock, which waits between two looks as long as it asks for."""

    def __init__(self, root: Path, kind: StoreKind) -> None:
        self.now = 1000.0
        self.session = StockGateway(root, "root", kind, Watcher(generate=refuse), DEFAULT_INTERVALS, lambda: self.now)

    def look(self) -> None:
        self.session.update(WatchEvents())
        self.now += self.session.pause(self.now).most

    def look_for(self, seconds: float) -> None:
        """Look as often as the session wants to within ``seconds``."""
        end = self.now + seconds
        while self.now <= end:
            self.look()

    @property
    def jobs(self) -> set[str]:
        state = self.session.update(WatchEvents()).gateway
        return set(state.jobs) if state is not None else set()

    def runs(self, job: str) -> list[str]:
        state = self.session.update(WatchEvents()).gateway
        return [run.status for run in state.runs.get(job, ())] if state is not None else []

    def last_event(self, job: str) -> datetime | None:
        state = self.session.update(WatchEvents()).gateway
        return state.runs[job][0].last_event if state is not None else None


class Index:
    """The index of a store's log, in which a commit can be held back. It stays open: SQLite has locks on the file."""

    def __init__(self, store: GatewayStore) -> None:
        self._descriptor = os.open(f"{store.path}-shm", os.O_RDWR)

    def header(self) -> bytes:
        return os.pread(self._descriptor, HEADER, 0)

    def put(self, header: bytes) -> None:
        os.pwrite(self._descriptor, header, 0)

    def close(self) -> None:
        os.close(self._descriptor)


@pytest.fixture(autouse=True)
def own_temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tests write locks into the system's temporary directory, which a session looks at too."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[GatewayStore]:
    store = GatewayStore(tmp_path / "root")
    store.job("a")
    yield store
    store.close()


@pytest.fixture
def index(store: GatewayStore) -> Iterator[Index]:
    index = Index(store)
    yield index
    store.close()
    index.close()


@pytest.fixture
def looks(store: GatewayStore) -> Iterator[Looks]:
    looks = Looks(store.root, "sqlite")
    looks.look_for(60)
    assert looks.jobs == {"a"}
    yield looks
    looks.session.close()


def freeze(monkeypatch: pytest.MonkeyPatch, ending: str) -> None:
    """Let all later versions of files with this ending look as they do now, as within one tick of the clock."""
    found: dict[str, places.Version] = {}
    current = places.version_of

    def version_of(path: str) -> places.Version:
        return found.setdefault(path, current(path)) if path.endswith(ending) else current(path)

    monkeypatch.setattr(places, "version_of", version_of)


@pytest.mark.parametrize("seconds", [0.0, 0.01, 0.5, 1.5, 60.0])
def test_a_commit_that_is_in_the_log_before_it_is_in_the_index_is_shown(
    store: GatewayStore, index: Index, looks: Looks, seconds: float
) -> None:
    """A writer waits for the disk between the two, and neither an event nor a time of a file shows the second."""
    before = index.header()
    store.job("b")
    after = index.header()
    index.put(before)
    looks.look_for(seconds)
    assert looks.jobs == {"a"}
    index.put(after)
    looks.look_for(max(0.05, min(seconds, 1.0)))
    assert looks.jobs == {"a", "b"}


def test_a_commit_that_changes_neither_size_nor_time_of_the_log_is_shown(
    store: GatewayStore, looks: Looks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite writes a log from its beginning again after a checkpoint, and the clock of the file system has ticks."""
    store.job("b")
    store.connection.execute("PRAGMA wal_checkpoint(RESTART)")
    looks.look_for(60)
    freeze(monkeypatch, "-wal")
    looks.look()
    store.job("c")
    looks.look_for(1)
    assert looks.jobs == {"a", "b", "c"}


def test_a_file_that_is_rewritten_within_one_tick_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "root"
    json_store(root, [{"id": "a"}])
    looks = Looks(root, "json")
    looks.look_for(60)
    json_store(root, [{"id": "b"}])
    freeze(monkeypatch, Path(JOBS_FILE).name)
    looks.look()
    looks.look()
    assert looks.jobs == {"b"}
    (root / JOBS_FILE).write_text(json.dumps({"version": 1, "jobs": [{"id": "c"}]}))
    looks.look_for(DEFAULT_INTERVALS.reconcile)
    assert looks.jobs == {"c"}
    looks.session.close()


def test_a_change_that_an_incremental_reading_misses_is_shown(store: GatewayStore, looks: Looks) -> None:
    """The gateway corrects the end of a run, and commits nothing about its job."""
    store.job("b")
    store.receipt("r", "a", "ok", now_ms() - 2000, now_ms() - 1000)
    looks.look_for(60)
    store.job("c")
    looks.look()
    store.connection.execute("UPDATE cron_run_receipts SET status = 'error'")
    looks.look_for(DEFAULT_INTERVALS.reconcile)
    assert looks.runs("a") == ["failed"]


def test_the_transcript_of_a_run_in_progress_is_followed(store: GatewayStore, looks: Looks) -> None:
    transcript = store.root / "agents/main/sessions/s-1.jsonl"
    transcript.parent.mkdir(parents=True)
    transcript.write_text("{}\n")
    store.receipt("r", "a", "running", 1000)
    store.task("t", "a", "running", 1000, receipt="r", child_session_key="agent:main:cron:a:run:s-1")
    looks.look_for(60)
    before = looks.last_event("a")
    os.utime(transcript, (2e9, 2e9))
    looks.look_for(1)
    assert before is not None and looks.last_event("a") == datetime.fromtimestamp(2e9, UTC) != before


def test_a_gateway_that_commits_nothing_is_not_read(
    store: GatewayStore, looks: Looks, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(*_: object) -> None:
        raise AssertionError("it was read")

    monkeypatch.setattr("clawtui.openclaw.incremental.GatewayReader.read", read)
    looks.look_for(120)
    assert looks.jobs == {"a"}


def test_the_indexes_are_closed_with_the_session(store: GatewayStore, looks: Looks) -> None:
    def opened() -> int:
        links = [each.readlink() for each in Path("/proc/self/fd").iterdir() if each.is_symlink()]
        return sum(link.name.endswith("-shm") for link in links)

    before = opened()
    looks.session.close()
    assert opened() == before - 1
