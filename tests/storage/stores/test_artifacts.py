"""Listing, reading and adding artifacts."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from clawtui.model.documents.artifact import Artifact
from clawtui.model.errors import NoSuch, Refused, Unreadable
from clawtui.storage.paths import StatePaths
from clawtui.storage.stores import artifacts as artifact_store
from clawtui.storage.stores.artifacts import ArtifactStore
from tests.gateway_root import NOON, GatewayRoot

ID = "sync-main"


@pytest.fixture
def store(gateway: GatewayRoot) -> ArtifactStore:
    return ArtifactStore(StatePaths(gateway.root))


def test_an_artifact_is_added_under_its_time_in_utc_and_read_again(store: ArtifactStore, gateway: GatewayRoot) -> None:
    at = datetime.fromisoformat("2025-01-27T00:30:59.999+02:00")
    added = store.add(ID, "conflict-report.md", b"# Report\n\xff", at)
    path = gateway.automations / "artifacts" / ID / "20250126-223059-conflict-report.md"
    assert path.read_bytes() == b"# Report\n\xff"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert (added.automation_id, added.name, added.size) == (ID, path.name, 10)
    assert store.list_artifacts(ID) == (added,)
    assert store.read(ID, added.name) == b"# Report\n\xff"


def test_artifacts_are_listed_by_name_with_size_and_time(store: ArtifactStore, gateway: GatewayRoot) -> None:
    for n, name in enumerate(["20250126-120000-b.md", "20250125-120000-c.diff", "notes.txt"]):
        path = gateway.write(f"artifacts/{ID}/{name}", "x" * n)
        os.utime(path, (NOON.timestamp(), NOON.timestamp()))
    assert store.list_artifacts(ID) == (
        Artifact(ID, "20250125-120000-c.diff", 1, NOON),
        Artifact(ID, "20250126-120000-b.md", 0, NOON),
        Artifact(ID, "notes.txt", 2, NOON),
    )
    assert store.ids() == (ID,)


def test_without_artifacts_none_are_listed(store: ArtifactStore) -> None:
    assert store.list_artifacts(ID) == ()
    assert store.ids() == ()


def test_a_time_out_of_any_reason_is_brought_within_it(store: ArtifactStore, gateway: GatewayRoot) -> None:
    for name, seconds in (("early", -(1 << 36)), ("late", 1 << 40)):
        os.utime(gateway.write(f"artifacts/{ID}/{name}", ""), (0, seconds))
    early, late = store.list_artifacts(ID)
    assert early.modified < datetime(1970, 1, 1, tzinfo=UTC)
    assert late.modified > NOON + timedelta(days=36500)


def test_nothing_is_replaced(store: ArtifactStore) -> None:
    first = store.add(ID, "report.md", b"first", NOON)
    with pytest.raises(Refused, match="there already"):
        store.add(ID, "report.md", b"second", NOON)
    assert store.read(ID, first.name) == b"first"


def test_links_pipes_and_directories_are_neither_listed_nor_read(
    store: ArtifactStore, gateway: GatewayRoot, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    directory = gateway.write(f"artifacts/{ID}/real", "x").parent
    (directory / "link").symlink_to(secret)
    (directory / "sub").mkdir()
    os.mkfifo(directory / "pipe")
    (directory.parent / "linked").symlink_to(tmp_path)
    assert [artifact.name for artifact in store.list_artifacts(ID)] == ["real"]
    assert store.ids() == (ID,)
    for name in ("link", "sub", "pipe"):
        with pytest.raises(Refused, match=name):
            store.read(ID, name)
    with pytest.raises(Refused, match="link"):
        store.read("linked", "secret")
    with pytest.raises(Unreadable, match="link"):
        store.list_artifacts("linked")
    with pytest.raises(Refused, match="link"):
        store.add("linked", "new", b"", NOON)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secret", "state"]


def test_a_missing_artifact_is_not_found(store: ArtifactStore) -> None:
    with pytest.raises(NoSuch):
        store.read(ID, "report.md")


def test_an_artifact_beyond_the_limit_is_not_read(
    store: ArtifactStore, gateway: GatewayRoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(artifact_store, "MAX_ARTIFACT", 10)
    gateway.write(f"artifacts/{ID}/big", "x" * 11)
    with pytest.raises(Refused, match="11 bytes"):
        store.read(ID, "big")


@pytest.mark.parametrize("bad", ["", ".", "..", "a/b", "../x", "a\0", "x" * 250])
def test_names_that_are_no_plain_names_are_refused(store: ArtifactStore, gateway: GatewayRoot, bad: str) -> None:
    acts: list[Callable[[], object]] = [lambda: store.add(ID, bad, b"", NOON)]
    if len(bad) < 250:
        acts += [
            lambda: store.add(bad, "name", b"", NOON),
            lambda: store.list_artifacts(bad),
            lambda: store.read(bad, "name"),
            lambda: store.read(ID, bad),
        ]
    for act in acts:
        with pytest.raises(Refused):
            act()
    assert list(gateway.automations.iterdir()) == []
