"""Artifacts, and the runs that made them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from clawtui.model.documents.artifact import Artifact, count_by_run, made_by
from clawtui.model.runs.run import Run
from tests.gateway_root import NOON

HOUR = timedelta(hours=1)
RUNS = (
    Run("a", NOON, "running"),
    Run("a", NOON - 2 * HOUR, "success", 600_000, next_start=NOON),
    Run("a", NOON - 4 * HOUR, None, next_start=NOON - 2 * HOUR, log="logs/t/x.jsonl", only_log=True),
)


def artifact(name: str, size: int = 1) -> Artifact:
    return Artifact("a", name, size, NOON - 10 * HOUR)


@pytest.mark.parametrize(
    ("name", "run"),
    [
        ("20250126-101000-conflict-report.md", 1),
        ("20250126-101059-late.md", 1),
        ("20250126-110000-nobody.md", None),
        ("20250126-093000-of-the-unknown-end.md", 2),
        ("20250126-120500-going.md", 0),
        ("2025-01-26T10:10:00.000Z-conflict-report.md", 1),
        ("2025-01-26T10-10-00-000Z-conflict-report.md", 1),
        ("2025-01-26_10-10-00.md", 1),
        (f"{int(RUNS[1].started.timestamp()) + 1}-summary.json", 1),
        (f"{int(RUNS[1].started.timestamp() * 1000) + 1000}-summary.json", 1),
        ("99999999999-eleven-digits.md", None),
        ("no-time.md", None),
        ("20251399-999999-no-time.md", None),
    ],
)
def test_an_artifact_is_of_the_run_that_was_going_when_it_was_made(name: str, run: int | None) -> None:
    assert made_by(artifact(name), RUNS) == (None if run is None else RUNS[run])


def test_each_run_knows_how_many_are_left_of_it() -> None:
    names = ("20250126-101000-a.md", "20250126-101001-b.json", "20250126-120100-c.diff")
    counts = count_by_run(map(artifact, names), RUNS)
    assert counts == {RUNS[1].identity: 2, RUNS[0].identity: 1}


def test_the_name_of_an_artifact_gives_its_kind() -> None:
    kinds = [artifact(name).kind for name in ("a-REPORT.MD", "b.json", "c.diff", "d.patch", "e.tar.gz")]
    assert kinds == ["report", "summary", "patch", "patch", "file"]
