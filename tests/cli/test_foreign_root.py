"""A root is what holds ``automations/``: no command reads or changes a directory that merely has a ``logs/``."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.cli.calls import Answer, Caller
from tests.gateway_root import NOON, GatewayRoot, iso

EXPORT = {
    "version": 1,
    "exportedAt": iso(NOON),
    "automations": [
        {
            "id": "sync-a",
            "type": "sync",
            "name": "A",
            "enabled": True,
            "schedule": {"type": "interval", "value": "2h"},
            "config": {},
            "runHistory": [],
            "created": iso(NOON),
            "modified": iso(NOON),
        }
    ],
}
CHANGES = (
    ("prune", "--days", "1"),
    ("doctor", "--fix", "--yes"),
    ("import", "FILE"),
    ("migrate",),
    ("export", "OUT", "--yes"),
    ("lock", "run", "github.com/user/repo", "--", "true"),
    ("lock", "restore", "--yes"),
    ("workspace", "clean", "sessions"),
    ("automation", "delete", "jobs", "--yes"),
    ("slot", "free", "1", "--yes"),
)


def foreign(root: Path, *directories: str) -> Path:
    """Write another program's directory whose sections have the gateway's names, with modes of its own."""
    for directory in directories:
        file = root / directory / "2020-01-01.jsonl"
        file.parent.mkdir(parents=True)
        file.write_text("theirs\n")
        file.chmod(0o644)
        os.utime(file, (0, 0))
    return root


def everything(root: Path) -> dict[str, tuple[int, int, bytes | None]]:
    return {
        str(path.relative_to(root)): (
            path.lstat().st_mode,
            path.lstat().st_mtime_ns,
            path.read_bytes() if path.is_file() else None,
        )
        for path in (root, *root.rglob("*"))
    }


def call(root: Path, tmp_path: Path, *words: str) -> Answer:
    (tmp_path / "export.json").write_text(json.dumps(EXPORT))
    names = {"FILE": str(tmp_path / "export.json"), "OUT": str(tmp_path / "out.json")}
    return Caller(GatewayRoot(root))(*(names.get(word, word) for word in words))


@pytest.mark.parametrize("words", CHANGES, ids=lambda words: " ".join(words))
@pytest.mark.parametrize(
    ("below", "directories"),
    [
        ("", ("logs/sessions", "config/jobs", "workspaces/sessions", "locks/x")),
        ("automations", ("automations/rules", "automations/sessions")),
        ("", ("config/dispatcher.json",)),
    ],
    ids=["sections", "automations", "a-directory-called-dispatcher.json"],
)
def test_nothing_is_done_to_a_foreign_directory(
    tmp_path: Path, below: str, directories: tuple[str, ...], words: tuple[str, ...]
) -> None:
    root = foreign(tmp_path / "R", *directories)
    before = everything(root)
    for place in {root, root / below}:
        answer = call(place, tmp_path, *words)
        assert answer.status == 5, answer.err
        assert str(place) in answer.err
        assert "--root" in answer.err
    assert everything(root) == before


@pytest.mark.parametrize("name", ["dispatcher.json", "sync/a.json"])
def test_automations_under_another_name_is_known_by_a_configuration(tmp_path: Path, name: str) -> None:
    gateway = GatewayRoot(tmp_path / "state")
    gateway.automation("a", "sync") if "/" in name else gateway.dispatcher()
    moved = gateway.automations.rename(tmp_path / "elsewhere")
    answer = Caller(GatewayRoot(moved))("status", "--json")
    assert answer.status == 0
    assert answer.json["automations"]["total"] == ("/" in name)


@pytest.mark.parametrize("document", ["{}", '{"id": "a", "type": "sync"}', "[]", "torn {"])
def test_a_file_that_is_no_configuration_makes_no_root(tmp_path: Path, document: str) -> None:
    file = tmp_path / "R/config/sync/a.json"
    file.parent.mkdir(parents=True)
    file.write_text(document)
    assert call(tmp_path / "R", tmp_path, "status").status == 5


def test_a_link_to_automations_is_accepted_with_any_name(tmp_path: Path) -> None:
    gateway = GatewayRoot(tmp_path / "state")
    gateway.state("sync-a")
    link = tmp_path / "here"
    link.symlink_to(gateway.automations)
    assert Caller(GatewayRoot(link))("status").status == 0


def test_an_empty_directory_that_is_named_is_initialised_by_an_import(tmp_path: Path) -> None:
    root = tmp_path / "R"
    root.mkdir()
    assert call(root, tmp_path, "status").status == 5
    assert call(root, tmp_path, "import", "FILE", "--dry-run").status == 0
    assert list(root.iterdir()) == []
    assert call(root, tmp_path, "import", "FILE").status == 0
    assert (root / "automations/config/sync/sync-a.json").is_file()
    assert (root / "automations").stat().st_mode & 0o777 == 0o700
    assert call(root, tmp_path, "status").status == 0


def test_a_directory_that_is_not_there_is_not_made_by_an_import(tmp_path: Path) -> None:
    assert call(tmp_path / "R", tmp_path, "import", "FILE").status == 5
    assert not (tmp_path / "R").exists()
