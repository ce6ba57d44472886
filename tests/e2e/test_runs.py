"""From “it failed” to why, and through the runs before that, in a real terminal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.e2e.dashboard import dashboard
from tests.e2e.remote_gateway import RemoteGateway
from tests.gateway_root import iso, run_entry

MINUTE = timedelta(minutes=1)
CAUSE = "Push rejected: the pack exceeds the maximum size"


def now() -> datetime:
    """Return the time of the call, in whole seconds: the dashboard under test reads the real clock."""
    return datetime.now(UTC).replace(microsecond=0)


def log_of(began: datetime) -> str:
    return f"logs/smart-sync-fork/sync-main-{began:%Y-%m-%d-%H-%M-%S}.jsonl"


def ran(remote: RemoteGateway, began: datetime, minutes: float, status: str = "success") -> dict[str, object]:
    """Write a run with its log; return its record."""
    ended = began + minutes * MINUTE
    entries = [
        run_entry("sync-main", f"Cloning at {began:%H:%M}", began),
        run_entry("sync-main", "Starting merge", began + MINUTE, phase="merge"),
    ]
    if status == "failed":
        entries.append(run_entry("sync-main", CAUSE, ended, level="error", file="src/deep.ts"))
        entries += [run_entry("sync-main", f"Cleaning up {n}", ended, phase="cleanup") for n in range(60)]
    entries.append(run_entry("sync-main", "Done", ended, phase="complete", status=status))
    remote.append_log(log_of(began), *entries)
    summary = "Automation failed" if status == "failed" else "Synced"
    return {"timestamp": iso(began), "status": status, "duration": minutes * 60_000, "summary": summary}


@pytest.fixture
def failing(remote: RemoteGateway) -> RemoteGateway:
    """Write one automation that failed an hour ago and succeeded before that, and one that waits."""
    remote.dispatcher()
    history = [ran(remote, now() - 60 * MINUTE, 9, "failed")]
    history += [ran(remote, now() - hours * 60 * MINUTE, 6 + hours) for hours in (2, 3, 4, 5)]
    remote.automation("sync-main", name="Sync Main", runHistory=history, nextRun=iso(now() + 60 * MINUTE))
    remote.automation("sync-tools", name="Sync Tools", nextRun=iso(now() + 90 * MINUTE))
    return remote


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
def test_the_cause_of_a_failed_run_is_three_keys_from_the_start(failing: RemoteGateway, size: tuple[int, int]) -> None:
    with dashboard(failing, cols=size[0], rows=size[1]) as terminal:
        terminal.wait_for("1 failed")
        terminal.press("enter")
        terminal.wait_for("▌2 Timeline")
        terminal.wait_for(lambda rows: any("in git: Push rejected" in row for row in rows))
        terminal.press("enter")
        terminal.wait_for("▌3 Log")
        terminal.wait_for(lambda rows: any("›" in row and "ERROR" in row and "Push rejected" in row for row in rows))
        terminal.wait_for("file=src/deep.ts")
        terminal.press("G")
        terminal.wait_for("Cleaning up 59")
        assert "file=src/deep.ts" not in terminal.text
        terminal.press("E")
        terminal.wait_for(lambda rows: any("ERROR" in row and "Push rejected" in row for row in rows))


def test_a_past_run_is_stepped_to_listed_and_seen_on_a_time_axis(failing: RemoteGateway) -> None:
    before = now() - 120 * MINUTE
    with dashboard(failing) as terminal:
        terminal.wait_for("1 failed")
        terminal.press("[")
        terminal.wait_for("PAST RUN, 1 back")
        terminal.wait_for(lambda rows: sum(row.count(f"Cloning at {before:%H:%M}") for row in rows) == 2)
        terminal.press("]")
        terminal.wait_for(lambda rows: not any("PAST RUN" in row for row in rows))
        terminal.press("H")
        terminal.wait_for("▌Runs  1/5 · Sync Main · 1 failed · usually 9–10m")
        terminal.press("j", "j", "enter")
        terminal.wait_for("▌2 Timeline  PAST RUN, 2 back")
        terminal.press("z")
        terminal.wait_for("╵0s")
        terminal.wait_for("longest")
        terminal.wait_for("against 4 past runs")
        # A lone Esc differs from the start of another key only by the pause after it.
        terminal.press("esc")
        terminal.wait_for(lambda rows: not any("PAST RUN" in row for row in rows))


def test_a_run_in_progress_shows_the_time_left(failing: RemoteGateway) -> None:
    began = now() - 3 * MINUTE
    failing.append_log(log_of(began), run_entry("sync-main", "Cloning", began))
    failing.append_log(log_of(began), run_entry("sync-main", "Merging", began + MINUTE, phase="merge"))
    failing.state("sync-main", startTime=iso(began), lastUpdate=iso(now()))
    failing.progress("sync-main", ("Cloning fork repository", 10), start=began)
    with dashboard(failing) as terminal:
        terminal.wait_for(lambda rows: any("left" in row and "Sync Main" in row for row in rows))
        terminal.wait_for("usually 9–10m (4 past runs)")
        terminal.press("W")
        terminal.wait_for("▌Who ran when")
        terminal.wait_for(lambda rows: any("Sync Main" in row and "▸" in row and "✗" in row for row in rows))


def test_an_artifact_is_read_here_and_in_the_pager(failing: RemoteGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    made = now() - 119 * MINUTE
    failing.write(f"artifacts/sync-main/{made:%Y%m%d-%H%M%S}-conflict-report.md", "# Conflicts\n\n- in `a.ts`\n")
    monkeypatch.setenv("PAGER", "sh -c 'tr a-z A-Z; sleep 1'")
    with dashboard(failing) as terminal:
        terminal.wait_for("1 failed")
        terminal.press("a")
        terminal.wait_for(lambda rows: any("conflict-report.md" in row and "✓ success" in row for row in rows))
        terminal.press("enter")
        terminal.wait_for("• in a.ts")
        terminal.press("q")
        terminal.wait_for(lambda rows: not any("• in a.ts" in row for row in rows))
        terminal.press("v")
        terminal.wait_for("- IN `A.TS`")
        terminal.wait_for("▌Artifacts  1/1 · Sync Main")
