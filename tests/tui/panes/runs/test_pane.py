"""Past runs on the dashboard: stepping through them, their table, what they left, and what is usual."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.gateway_root import NOON, GatewayRoot, iso, run_entry
from tests.tui.dashboard_at_noon import dashboard_at_noon

MINUTE = timedelta(minutes=1)
STARTS = [NOON - hours * timedelta(hours=1) for hours in (1, 2, 3, 4)]
ENDINGS = [("failed", 5), ("success", 4), ("success", 6), ("partial", 8)]


def log_of(id: str, started: datetime) -> str:
    return f"logs/smart-sync-fork/{id}-{started:%Y-%m-%d-%H-%M-%S}.jsonl"


def result(started: datetime, status: str, minutes: float) -> dict[str, object]:
    summary = "Tests failed after the merge" if status == "failed" else f"Synced at {started:%H:%M}"
    return {"timestamp": iso(started), "status": status, "duration": minutes * 60_000, "summary": summary}


@pytest.fixture
def ran(gateway: GatewayRoot) -> GatewayRoot:
    """Write one run that failed an hour ago, and three before it; the log of the oldest is gone."""
    gateway.dispatcher()
    history = [result(at, *ending) for at, ending in zip(STARTS, ENDINGS, strict=True)]
    gateway.automation("alpha", runHistory=history, nextRun=iso(NOON + timedelta(hours=1)))
    gateway.automation("bravo", nextRun=iso(NOON + timedelta(hours=1)))
    for at in STARTS[:3]:
        gateway.append_log(log_of("alpha", at), run_entry("alpha", f"Cloning at {at:%H:%M}", at))
        gateway.append_log(log_of("alpha", at), run_entry("alpha", "Merging", at + MINUTE, phase="merge"))
    gateway.append_log(
        log_of("alpha", STARTS[0]),
        run_entry("alpha", "3 of 412 tests failed", STARTS[0] + 4 * MINUTE, phase="merge", level="error"),
        run_entry("alpha", "Failed", STARTS[0] + 5 * MINUTE, phase="complete", level="error", status="failed"),
    )
    return gateway


async def test_the_list_of_runs_opens_logs_and_documents_and_names_keys_without_a_meaning(
    ran: GatewayRoot,
) -> None:
    async with dashboard_at_noon(ran) as tester:
        await tester.press("H")
        await tester.wait_for("▌Runs")
        await tester.press("d")
        await tester.wait_for('"status": "failed"')
        await tester.press("escape", "z")
        await tester.wait_for("z is a key of the dashboard: Esc goes back to that.")
        await tester.press("L")
        await tester.wait_for("▌3 Log")


async def test_a_failed_run_shows_its_cause_at_once(ran: GatewayRoot) -> None:
    async with dashboard_at_noon(ran) as tester:
        await tester.wait_for("✗ 11:04:00 in merge: 3 of 412 tests failed")
        assert "✗ 11:04:00" in tester.text
        assert "Tests failed after the merge" in tester.text


async def test_brackets_step_through_the_runs_and_escape_returns_to_the_newest(ran: GatewayRoot) -> None:
    async with dashboard_at_noon(ran) as tester:
        await tester.wait_for("Cloning at 11:00")
        await tester.press("2", "left_square_bracket")
        await tester.wait_for("Cloning at 10:00")
        for row in tester.rows:
            if "2 Timeline" in row:
                assert row.count("PAST RUN, 1 back · Esc: newest") == 2
        await tester.press("left_square_bracket")
        await tester.wait_for("PAST RUN, 2 back")
        await tester.wait_for("Cloning at 09:00")
        await tester.press("right_square_bracket")
        await tester.wait_for("PAST RUN, 1 back")
        await tester.press("escape")
        assert "PAST RUN" not in tester.text
        assert "▌2 Timeline" in tester.text
        await tester.wait_for("Cloning at 11:00")


async def test_beyond_the_oldest_and_the_newest_there_is_nothing(ran: GatewayRoot) -> None:
    async with dashboard_at_noon(ran) as tester:
        await tester.press("right_square_bracket")
        await tester.wait_for("This is the newest run.")
        await tester.press(*["left_square_bracket"] * 4)
        await tester.wait_for("This is the oldest run.")
        await tester.wait_for("Its log is gone")
        assert "PAST RUN, 3 back" in tester.text


async def test_another_automation_begins_with_its_newest_run(ran: GatewayRoot) -> None:
    async with dashboard_at_noon(ran) as tester:
        await tester.press("left_square_bracket")
        await tester.wait_for("PAST RUN, 1 back")
        await tester.press("j")
        await tester.wait_for("has never run")
        await tester.press("k")
        await tester.wait_for("Cloning at 11:00")
        assert "PAST RUN" not in tester.text


async def test_a_run_that_begins_leaves_a_past_one_where_it_is(ran: GatewayRoot) -> None:
    async with dashboard_at_noon(ran) as tester:
        await tester.press("left_square_bracket")
        await tester.wait_for("PAST RUN, 1 back")
        ran.state("alpha")
        await tester.wait_for("PAST RUN, 2 back")
        await tester.wait_for("Synced at 10:00")
        await tester.press("escape")
        await tester.wait_for("elapsed")


async def test_all_runs_are_a_table_that_is_filtered_by_words_and_sorted(ran: GatewayRoot) -> None:
    async with dashboard_at_noon(ran) as tester:
        await tester.press("H")
        await tester.wait_for("▌Runs  1/4 · Alpha · 1 failed · usually 5–7m")
        rows = [row.split() for row in tester.rows if "26 Jan" in row]
        assert [next(word for word in row if word in ("yes", "gone")) for row in rows] == ["yes", "yes", "yes", "gone"]
        assert "success 50 % (2 of 4) · median 6m00s ─ · nine in ten 4m12s to 7m48s ░" in tester.text
        lowest = next(row for row in tester.rows if row.startswith("     0s┤◐◐"))
        assert all(mark in lowest for mark in ("██", "✗✗", "Sun ········████····"))
        await tester.press("slash", *"success 09", "enter")
        await tester.wait_for("1 of 4")
        assert next(row for row in tester.rows if "26 Jan" in row).split()[2].startswith("09:00")
        await tester.press("escape", "greater_than_sign")
        first = next(row for row in tester.rows if "26 Jan" in row)
        assert "partial" in first
        await tester.press("escape")
        assert "1 Automations" in tester.text


async def test_enter_in_the_table_opens_that_run(ran: GatewayRoot) -> None:
    async with dashboard_at_noon(ran) as tester:
        await tester.press("H")
        await tester.wait_for("▌Runs")
        await tester.press("j", "j", "enter")
        await tester.wait_for("▌2 Timeline  PAST RUN, 2 back")
        await tester.wait_for("Cloning at 09:00")
        await tester.press("H")
        await tester.wait_for("▌Runs")
        assert next(row for row in tester.rows if row.startswith("›")).split()[2].startswith("09:00")


async def test_a_run_with_only_a_log_is_in_the_table_with_its_result(ran: GatewayRoot) -> None:
    started = NOON - timedelta(hours=9)
    end = run_entry("alpha", "Cancelled", started + MINUTE, phase="complete", status="cancelled", duration=60_000)
    ran.append_log(log_of("alpha", started), run_entry("alpha", "Long ago", started), end)
    async with dashboard_at_noon(ran) as tester:
        await tester.press("H")
        await tester.wait_for("– cancelled")
        await tester.press("G", "enter")
        await tester.wait_for("PAST RUN, 4 back")
        await tester.wait_for("Long ago")


async def test_artifacts_are_listed_with_the_run_that_made_them_and_read(ran: GatewayRoot) -> None:
    ran.write("artifacts/alpha/20250126-100300-conflict-report.md", "# Conflicts\n\n- in `a.ts`\n")
    ran.write("artifacts/alpha/20250126-100301-resolution-summary.json", '{"resolved":2}')
    ran.write("artifacts/alpha/20250126-100302-patch.diff", "@@ -1 +1 @@\n-old\n+new\n")
    async with dashboard_at_noon(ran) as tester:
        await tester.press("a")
        await tester.wait_for("▌Artifacts  1/3 · Alpha")
        rows = [row for row in tester.rows if "20250126" in row]
        assert [row.removeprefix("›").split()[1] for row in rows] == ["patch", "summary", "report"]
        assert all("✓ success" in row for row in rows)
        await tester.press("G", "enter")
        await tester.wait_for("• in a.ts")
        await tester.press("escape", "k", "enter")
        await tester.wait_for('"resolved": 2')
        await tester.press("escape", "escape")
        assert "1 Automations" in tester.text


async def test_the_table_of_runs_shows_which_have_artifacts(ran: GatewayRoot) -> None:
    ran.write("artifacts/alpha/20250126-100300-conflict-report.md", "# Conflicts\n")
    async with dashboard_at_noon(ran) as tester:
        await tester.press("H")
        await tester.wait_for(lambda: [row.split()[-1] for row in tester.rows if "26 Jan" in row].index("1") == 1)


async def test_a_small_terminal_has_the_summary_of_the_runs_in_one_line(ran: GatewayRoot) -> None:
    async with dashboard_at_noon(ran, (60, 15)) as tester:
        await tester.press("H")
        await tester.wait_for("▌Runs")
        await tester.wait_for(" success 50 % · median 6m00s  ◐█▆✗")
        assert sum("26 Jan" in row for row in tester.rows) == 4


async def test_who_ran_when_follows_the_disk(ran: GatewayRoot) -> None:
    async with dashboard_at_noon(ran) as tester:
        await tester.press("W")
        await tester.wait_for("▌Who ran when  the last 6 h · 1 automations")
        skipped = {"timestamp": iso(NOON - MINUTE), "level": "info", "event": "automation-skipped"}
        ran.append_log(
            "logs/dispatcher/2025-01-26.jsonl", skipped | {"automationId": "bravo", "reason": "repository-locked"}
        )
        await tester.wait_for("L repository-locked")
        await tester.press("i")
        await tester.wait_for("the last 3 h")
        await tester.press("escape")
        assert "1 Automations" in tester.text


async def test_zoomed_the_timeline_is_on_a_time_axis(ran: GatewayRoot) -> None:
    async with dashboard_at_noon(ran) as tester:
        await tester.wait_for("Cloning at 11:00")
        await tester.press("2", "z")
        await tester.wait_for("╵0s")
        assert "longest" in tester.text
        assert "Phases" in tester.text
        await tester.press("z")
        assert "╵0s" not in tester.text


async def test_a_run_in_progress_shows_the_time_left_after_three_past_runs(ran: GatewayRoot) -> None:
    ran.state("alpha")
    ran.progress("alpha", ("Initializing workspace", 5), ("Resolving conflicts", 65))
    async with dashboard_at_noon(ran) as tester:
        await tester.wait_for("Resolving conflicts")
        await tester.press("H")
        await tester.wait_for("usually 5–7m")
        await tester.press("escape")
        assert "left" not in tester.text


async def test_with_enough_of_them_left_it_is_a_range(gateway: GatewayRoot) -> None:
    history = [result(NOON - age * timedelta(hours=1), "success", 6 + age) for age in range(1, 6)]
    gateway.automation("alpha", runHistory=history)
    gateway.state("alpha")
    async with dashboard_at_noon(gateway) as tester:
        await tester.wait_for("3–5m left · usually 8–10m (5 past runs)")
        row = next(row for row in tester.rows if "▸  Alpha" in row)
        assert "3–5m left" in row


async def test_the_next_failed_automation_is_one_key_away(ran: GatewayRoot) -> None:
    ran.state("bravo")
    async with dashboard_at_noon(ran) as tester:
        await tester.wait_for("2 Timeline  Bravo")
        await tester.press("F", "enter")
        await tester.wait_for("▌2 Timeline  Alpha")
        await tester.wait_for("3 of 412 tests failed")


async def test_a_phase_that_takes_longer_than_nine_in_ten_is_called_slow(ran: GatewayRoot) -> None:
    began = NOON - 5 * MINUTE
    for at, (status, minutes) in zip(STARTS[1:3], ENDINGS[1:3], strict=True):
        ended = run_entry("alpha", "Done", at + minutes * MINUTE, phase="complete", status=status)
        ran.append_log(log_of("alpha", at), ended)
    oldest = log_of("alpha", STARTS[3])
    ran.append_log(oldest, run_entry("alpha", "Cloning", STARTS[3]))
    ran.append_log(oldest, run_entry("alpha", "Merging", STARTS[3] + MINUTE, phase="merge"))
    ran.append_log(log_of("alpha", began), run_entry("alpha", "Cloning", began))
    ran.state("alpha")
    async with dashboard_at_noon(ran) as tester:
        await tester.wait_for("slow git: 5m00s")
        assert "usually about 1m, nine in ten were faster" in tester.text
        assert "slow git" in next(row for row in tester.rows if "▸  Alpha" in row)


async def test_an_empty_table_says_why_it_is_empty(ran: GatewayRoot) -> None:
    async with dashboard_at_noon(ran, (60, 15)) as tester:
        await tester.press("F", "a")
        await tester.wait_for("Its runs have left no artifacts.")
        await tester.press("escape", "B")
        await tester.wait_for("No run has left a workspace.")
        await tester.press("escape", "j", "H")
        await tester.wait_for("It has no run on record.")
