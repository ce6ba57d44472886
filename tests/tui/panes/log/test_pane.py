"""The log: gone through, searched and filtered by keys."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta, timezone
from functools import partial
from pathlib import Path

import pytest

from tests.gateway_root import NOON, GatewayRoot, iso, run_entry
from tests.tui.dashboard_at_noon import DashboardTester, dashboard_at_noon

LOG = "logs/smart-sync-fork/alpha-2025-01-26-11-00-00.jsonl"
OLDER = "logs/smart-sync-fork/alpha-2025-01-26-09-00-00.jsonl"
DAY = "logs/dispatcher/2025-01-26.jsonl"
LEVELS = ("debug", "info", "info", "warn", "info")
PHASES = ("git", "merge", "resolution")


@pytest.fixture
def filled(gateway: GatewayRoot) -> GatewayRoot:
    """Write an automation with a log of 300 lines, one a second, and one that failed in the middle."""
    gateway.dispatcher()
    gateway.automation("alpha")
    for number in range(300):
        entry = run_entry(
            "alpha",
            f"Step {number}." + (" Conflict in src/main.ts" if number % 50 == 7 else ""),
            NOON - timedelta(seconds=3600 - number),
            level="error" if number in (120, 240) else LEVELS[number % 5],
            phase=PHASES[number % 3],
        )
        gateway.append_log(LOG, entry)
    gateway.append_log(DAY, {"timestamp": iso(NOON), "level": "info", "event": "dispatch-started", "dueCount": 0})
    return gateway


def lines(tester: DashboardTester) -> list[str]:
    """Return the visible lines of the log, without their marks."""
    body = tester.app.dashboard.view.log_pane.body
    region = body.region
    rows = [row[region.x : region.right].rstrip() for row in tester.rows[region.y : region.bottom]]
    return [row[1:] for row in rows if row]


def marked(tester: DashboardTester) -> str:
    """Return the chosen line."""
    body = tester.app.dashboard.view.log_pane.body
    region = body.region
    rows = [row[region.x : region.right].rstrip() for row in tester.rows[region.y : region.bottom]]
    (row,) = [row for row in rows if row.startswith("›")]
    return row[1:]


def had_message(tester: DashboardTester, text: str) -> Callable[[], bool]:
    """Return whether there was a message with the text: it is shown for two seconds only."""
    return lambda: any(text in message.text for message in tester.app.messages.history)


async def search(tester: DashboardTester, text: str) -> None:
    await tester.press("slash", *(" " if letter == "␣" else letter for letter in text), "enter")


async def test_the_end_is_in_sight_and_the_top_is_a_key_away(filled: GatewayRoot) -> None:
    async with dashboard_at_noon(filled) as tester:
        await tester.wait_for("Step 299.")
        await tester.press("3", "g")
        assert "Step 0." in lines(tester)[0]
        assert "Step 0." in marked(tester)
        await tester.wait_for("1/300 0 % · paused")
        assert tester.app.dashboard.view.log_pane.source.line_number == 1
        await tester.press("j", "j")
        assert "Step 2." in lines(tester)[0]
        await tester.press("pagedown")
        assert "Step 2." not in tester.text
        await tester.press("G")
        assert "Step 299." in lines(tester)[-1]
        assert "following" in tester.text


async def test_every_line_can_be_chosen_with_j_and_k(filled: GatewayRoot) -> None:
    async with dashboard_at_noon(filled) as tester:
        await tester.wait_for("Step 299.")
        await tester.press("3", *"k" * 5)
        assert "Step 294." in marked(tester)
        await tester.press(*"j" * 9)
        assert "Step 299." in marked(tester)
        await tester.press("g", "k")
        assert "Step 0." in marked(tester)


async def test_f_stops_following_and_follows_again(filled: GatewayRoot) -> None:
    async with dashboard_at_noon(filled) as tester:
        await tester.wait_for("Step 299.")
        await tester.press("3", "f")
        filled.append_log(LOG, run_entry("alpha", "One more"))
        await tester.wait_for("1 new")
        assert "One more" not in tester.text
        await tester.press("f")
        assert "One more" in lines(tester)[-1]


async def test_a_search_counts_matches_and_moves_between_them(filled: GatewayRoot) -> None:
    async with dashboard_at_noon(filled) as tester:
        await tester.wait_for("Step 299.")
        await tester.press("3")
        await search(tester, "Conflict␣in")
        await tester.wait_for("6 of 6")
        assert "Step 257." in marked(tester)
        await tester.press("N")
        await tester.wait_for("5 of 6")
        assert "Step 207." in marked(tester)
        await tester.press("n", "n")
        await tester.wait_for(had_message(tester, "No match below"))
        assert "Step 257." in marked(tester)


async def test_a_search_is_a_regular_expression_or_else_a_literal_text(filled: GatewayRoot) -> None:
    async with dashboard_at_noon(filled) as tester:
        await tester.wait_for("Step 299.")
        await tester.press("3", "g")
        await search(tester, "Step␣2[0-9]0")
        await tester.wait_for("1 of 10")
        await search(tester, "(src")
        await tester.wait_for(had_message(tester, "is no regular expression"))
        await tester.wait_for("not found")


async def test_an_unsupported_pattern_is_an_error_of_one_line(filled: GatewayRoot) -> None:
    async with dashboard_at_noon(filled) as tester:
        await tester.wait_for("Step 299.")
        await tester.press("3")
        await search(tester, "(?=S)Step")
        await tester.wait_for(had_message(tester, "uses look-around"))


async def test_keys_respond_during_any_search_and_filter(filled: GatewayRoot) -> None:
    filled.append_log(LOG, run_entry("alpha", "a" * 60 + "!", NOON))
    async with dashboard_at_noon(filled) as tester:
        await tester.wait_for("aaaa")
        await tester.press("3")
        await search(tester, '(a|aa)+"$')
        await tester.wait_for("not found")
        await tester.press("g")
        assert "Step 0." in marked(tester)
        await search(tester, "(a|aa)+!")
        await tester.wait_for("1 of 1")
        await tester.press("ampersand")
        await tester.wait_for(lambda: len(lines(tester)) == 1)
        filled.append_log(LOG, run_entry("alpha", "a" * 70 + "!", NOON))
        await tester.wait_for(lambda: len(lines(tester)) == 2)


async def test_a_search_without_upper_case_letters_finds_either_case(filled: GatewayRoot) -> None:
    async with dashboard_at_noon(filled) as tester:
        await tester.wait_for("Step 299.")
        await tester.press("3")
        await search(tester, "conflict\\sin")
        await tester.wait_for("6 of 6")
        await search(tester, "CONFLICT")
        await tester.wait_for("not found")


async def test_only_matches_are_shown_and_all_again(filled: GatewayRoot) -> None:
    async with dashboard_at_noon(filled) as tester:
        await tester.wait_for("Step 299.")
        await tester.press("3")
        await search(tester, "Conflict")
        await tester.press("ampersand")
        await tester.wait_for(lambda: len(lines(tester)) == 6)
        assert all("Conflict" in line for line in lines(tester))
        assert "only matches" in tester.text
        await search(tester, "Step␣[12]")
        await tester.wait_for("of 4")
        await tester.press("ampersand")
        await tester.wait_for(lambda: len(lines(tester)) > 6)


async def test_without_a_search_only_matches_and_n_say_how_to_begin(filled: GatewayRoot) -> None:
    async with dashboard_at_noon(filled) as tester:
        await tester.wait_for("Step 299.")
        await tester.press("3", "ampersand")
        await tester.wait_for(had_message(tester, "Nothing is searched for"))
        await tester.press("n")
        await tester.wait_for(had_message(tester, "Nothing is searched for: / searches"))


async def test_e_and_shift_e_go_through_the_errors(filled: GatewayRoot) -> None:
    async with dashboard_at_noon(filled) as tester:
        await tester.wait_for("Step 299.")
        await tester.press("3", "e")
        assert "Step 240." in marked(tester)
        await tester.press("E")
        assert "Step 120." in marked(tester)
        await tester.press("E")
        await tester.wait_for(had_message(tester, "No error above"))
        await tester.press("e")
        assert "Step 240." in marked(tester)


async def test_levels_and_phases_leave_lines_out_and_combine(filled: GatewayRoot) -> None:
    async with dashboard_at_noon(filled, (120, 60)) as tester:
        await tester.wait_for("Step 299.")
        await tester.press("3", "s", "s")
        await tester.wait_for("warn and above")
        assert all(" warn " in line or " ERROR " in line for line in lines(tester))
        await tester.press("P", *"res", "enter")
        await tester.wait_for("phase resolution")
        assert all("resolution" in line and (" warn " in line or " ERROR " in line) for line in lines(tester))
        await tester.press("s")
        await tester.wait_for("errors only")
        assert lines(tester) == ["no line is like that · Esc shows all"]
        await tester.press("escape")
        await tester.wait_for("Step 298.")
        assert "phase resolution" not in tester.text


async def test_appended_lines_are_filtered(filled: GatewayRoot) -> None:
    async with dashboard_at_noon(filled) as tester:
        await tester.wait_for("Step 299.")
        await tester.press("3", "s", "s", "s")
        await tester.wait_for(lambda: len(lines(tester)) == 2)
        filled.append_log(LOG, run_entry("alpha", "All well"), run_entry("alpha", "Push rejected", level="error"))
        await tester.wait_for("Push rejected")
        assert len(lines(tester)) == 3


async def test_escape_ends_the_search_then_leaves_the_pane(filled: GatewayRoot) -> None:
    async with dashboard_at_noon(filled) as tester:
        await tester.wait_for("Step 299.")
        await tester.press("3")
        await search(tester, "Conflict")
        await tester.wait_for("of 6")
        await tester.press("escape")
        assert "/Conflict" not in tester.text
        assert "▌3 Log" in tester.text
        await tester.press("escape")
        assert "▌1 Automations" in tester.text


@pytest.mark.parametrize(
    ("typed", "step"),
    [("11:02", 120), ("11:04:10", 250), ("2025-01-26T11:01:00Z", 60), ("+90s", 90), ("58m ago", 120), ("10:00", 0)],
)
async def test_a_time_is_gone_to(filled: GatewayRoot, typed: str, step: int) -> None:
    async with dashboard_at_noon(filled) as tester:
        await tester.wait_for("Step 299.")
        await tester.press("3", "T", *(" " if letter == " " else letter for letter in typed), "enter")
        await tester.wait_for(lambda: "paused" in tester.text)
        assert f"Step {step}." in marked(tester)


async def test_an_invalid_time_is_reported(filled: GatewayRoot) -> None:
    async with dashboard_at_noon(filled) as tester:
        await tester.wait_for("Step 299.")
        await tester.press("3", "T", *"soon", "enter")
        await tester.wait_for(had_message(tester, "“soon” is no time"))


async def test_times_are_of_day_since_the_start_or_ago(filled: GatewayRoot) -> None:
    async with dashboard_at_noon(filled) as tester:
        await tester.wait_for("Step 299.")
        await tester.press("3", "g")
        assert lines(tester)[0].startswith("11:00:00 ")
        await tester.press("t", "j", "j")
        assert lines(tester)[0].startswith("     +2s ")
        await tester.press("t")
        assert lines(tester)[0].startswith(" 59m ago ")
        await tester.press("t")
        assert lines(tester)[0].startswith("11:00:02 ")


async def test_long_lines_are_wrapped_with_all_that_they_say(filled: GatewayRoot) -> None:
    filled.append_log(LOG, run_entry("alpha", "word " * 30 + "END", file="x" * 70 + "LAST"))
    async with dashboard_at_noon(filled) as tester:
        await tester.wait_for("word word")
        assert not any("xLAST" in line for line in lines(tester))
        await tester.press("3", "w")
        assert "END" in tester.text
        assert "xLAST" in lines(tester)[-1]
        assert "following" in tester.text
        await tester.press("k")
        assert "Step 299." in marked(tester)


async def test_enter_shows_the_chosen_entry_as_json(filled: GatewayRoot) -> None:
    filled.append_log(LOG, run_entry("alpha", "Odd", level="error", future={"key": ["kept"]}))
    async with dashboard_at_noon(filled) as tester:
        await tester.wait_for("Odd")
        await tester.press("L", "E", "enter")
        await tester.wait_for('"message": "Odd"')
        assert '"kept"' in tester.text
        await tester.press("escape")
        assert "▌3 Log" in tester.text


async def test_a_replaced_log_is_reported_and_followed(filled: GatewayRoot) -> None:
    async with dashboard_at_noon(filled) as tester:
        await tester.wait_for("Step 299.")
        await tester.press("3", "g")
        os.truncate(filled.automations / LOG, 0)
        filled.append_log(LOG, run_entry("alpha", "From the start"))
        await tester.wait_for("From the start")
        assert "the log starts again here" in lines(tester)[0]
        assert not any("Step" in line for line in lines(tester))
        (filled.automations / LOG).rename(filled.automations / f"{LOG}.1")
        filled.append_log(LOG, run_entry("alpha", "After a rotation"))
        await tester.wait_for("After a rotation")
        assert "From the start" not in tester.text


async def test_a_symbolic_link_is_not_followed_and_reported(filled: GatewayRoot, tmp_path: Path) -> None:
    async with dashboard_at_noon(filled) as tester:
        await tester.wait_for("Step 299.")
        (tmp_path / "secret").write_text("secret\n")
        (filled.automations / LOG).unlink()
        (filled.automations / LOG).symlink_to(tmp_path / "secret")
        await tester.wait_for("is a symbolic link")
        assert "secret" not in "".join(lines(tester))


async def test_the_dispatchers_log_is_a_log_like_any_other(filled: GatewayRoot) -> None:
    async with dashboard_at_noon(filled) as tester:
        await tester.wait_for("Step 299.")
        await tester.press("3", "0")
        await tester.wait_for("dispatch-started  dueCount=0")
        assert "dispatcher 2025-01-26.jsonl" in tester.text
        filled.append_log(DAY, {"timestamp": iso(NOON), "level": "error", "event": "dispatch-failed"})
        await tester.wait_for("dispatch-failed")
        await tester.press("E")
        assert "dispatch-failed" in marked(tester)
        await tester.press("0")
        await tester.wait_for("Step 299.")


async def test_of_a_log_of_a_whole_day_the_automations_own_lines_are_shown(gateway: GatewayRoot) -> None:
    gateway.automation("alpha")
    day = "logs/smart-sync-fork/2025-01-26.jsonl"
    gateway.append_log(day, run_entry("other", "Not ours, says alpha", session="alpha"), run_entry("alpha", "Ours"))
    async with dashboard_at_noon(gateway) as tester:
        await tester.wait_for("Ours")
        assert "Not ours" not in tester.text


async def test_addresses_of_the_web_are_links_and_nothing_else_is(gateway: GatewayRoot) -> None:
    gateway.automation("alpha")
    gateway.append_log(
        LOG,
        run_entry("alpha", "Created", prUrl="https://github.com/user/repo/pull/7"),
        run_entry("alpha", "file:///etc/passwd javascript:alert(1) https://e.org/\x1b]8;;x\x07y"),
    )
    async with dashboard_at_noon(gateway, (160, 40)) as tester:
        await tester.wait_for("Created")
        body = tester.app.dashboard.view.log_pane.body
        links = {
            segment.style.link
            for y in range(body.size.height)
            for segment in body.render_line(y)
            if segment.style is not None and segment.style.link
        }
        assert links == {"https://github.com/user/repo/pull/7", "https://e.org/"}


async def test_a_filter_stays_within_an_automation(filled: GatewayRoot) -> None:
    filled.append_log(OLDER, run_entry("alpha", "Of old"), run_entry("alpha", "Old trouble", level="error"))
    filled.automation("beta")
    filled.append_log("logs/smart-sync-fork/beta-2025-01-26-11-00-00.jsonl", run_entry("beta", "All is well"))
    async with dashboard_at_noon(filled) as tester:
        await tester.wait_for("Step 299.")
        await tester.press("3", "s", "s", "s", "left_square_bracket")
        await tester.wait_for("Old trouble")
        assert len(lines(tester)) == 1
        await tester.press("1", "j")
        await tester.wait_for("All is well")


async def test_the_last_lines_of_a_crash_are_shown_and_gone_to(filled: GatewayRoot) -> None:
    path = filled.automations / LOG
    with path.open("ab") as log:
        log.write(b"\0" * 5000 + b'{"timestamp":"2025-01-26T11:59:00Z","level":"FATAL","phase":"git",')
        log.write(b'"message":"Out of memory","automationId":"alpha"}\n\nTypeError: x\n    at merge\nSegmentation fau')
    os.utime(path, (NOON.timestamp(), NOON.timestamp()))
    async with dashboard_at_noon(filled) as tester:
        await tester.wait_for("! Segmentation fau")
        assert [line.split("(")[0].strip() for line in lines(tester)[-4:]] == [
            "11:59:00 ERROR git        Out of memory",
            "! TypeError: x",
            "!     at merge",
            "! Segmentation fau",
        ]
        await tester.press("3", "s", "s", "s", "g")
        await tester.wait_for("errors only")
        await tester.wait_for(lambda: "Step 120." in lines(tester)[0])
        assert len(lines(tester)) == 6
        await tester.press("e", "e", "e", "e")
        assert "Segmentation fau" in marked(tester)
        await tester.press("E")
        assert "TypeError: x" in marked(tester)


async def test_the_log_of_a_failed_run_opens_at_its_first_error(gateway: GatewayRoot) -> None:
    gateway.dispatcher()
    run = {"timestamp": iso(NOON - timedelta(hours=1)), "status": "failed", "duration": 300_000, "summary": "Rejected"}
    gateway.automation("alpha", lastRun=run, runHistory=[run])
    for number in range(100):
        level = "error" if number in (20, 60) else 40 if number == 50 else "info"
        text = f"Step {number}." + " Push rejected: pack exceeds the maximum allowed size" * 4 * (number == 20)
        gateway.append_log(LOG, run_entry("alpha", text, NOON - timedelta(seconds=3600 - number), level=level))
    async with dashboard_at_noon(gateway) as tester:
        await tester.wait_for("Step 20.")
        await tester.wait_for("2 errors · 1 warning")
        await tester.wait_for("21/100 21 % · failed 11:05:00")
        await tester.press("3")
        assert "Step 20." in marked(tester)
        shown = lines(tester)
        below = shown[shown.index(marked(tester)) + 1 :]
        assert "maximum allowed size" in below[0] and "Step" not in below[0]
        await tester.press("e")
        assert "Step 60." in marked(tester)
        await tester.press("G")
        assert "following" not in tester.text
        assert "Step 99." in lines(tester)[-1]


@pytest.mark.parametrize("goes_on", [False, True])
async def test_a_run_that_is_found_to_have_failed_opens_at_its_first_error_unless_it_went_on(
    gateway: GatewayRoot, goes_on: bool
) -> None:
    gateway.dispatcher()
    gateway.automation("alpha")
    began = NOON - timedelta(hours=1)
    gateway.state("alpha", status="running", startTime=iso(began), lastUpdate=iso(NOON))
    for number in range(100):
        level = "error" if number == 20 else "info"
        gateway.append_log(LOG, run_entry("alpha", f"Step {number}.", began + timedelta(seconds=number), level=level))
    async with dashboard_at_noon(gateway) as tester:
        await tester.wait_for("Step 99.")
        await tester.wait_for("following")
        if goes_on:
            gateway.append_log(LOG, run_entry("alpha", "Step 100.", NOON))
            await tester.wait_for("Step 100.")
        gateway.state("alpha", status="failed", startTime=iso(began), lastUpdate=iso(NOON), error="Rejected")
        await tester.wait_for("1 failed")
        await tester.wait_for("failed 12:00:00")
        await tester.wait_for(lambda: any(("Step 100." if goes_on else "Step 20.") in line for line in lines(tester)))
        assert any("Step 20." in line for line in lines(tester)) != goes_on


async def test_a_run_over_midnight_is_one_stretch_in_the_pane_too(gateway: GatewayRoot) -> None:
    gateway.dispatcher()
    began = NOON.replace(hour=23, minute=50) - timedelta(days=1)
    run = {"timestamp": iso(began), "status": "failed", "duration": 20 * 60_000, "summary": "Rejected"}
    gateway.automation("alpha", lastRun=run, runHistory=[run])
    first, second = "logs/smart-sync-fork/2025-01-25.jsonl", "logs/smart-sync-fork/2025-01-26.jsonl"
    gateway.append_log(first, run_entry("alpha", "Of the run before", began - timedelta(hours=2)))
    gateway.append_log(first, run_entry("alpha", "Begins", began), run_entry("beta", "Another", began))
    gateway.append_log(second, run_entry("alpha", "After midnight", began + timedelta(minutes=15), level="error"))
    gateway.append_log(second, run_entry("alpha", "Much later", NOON))
    for day in ("25", "26"):
        entry = {"timestamp": f"2025-01-{day}T00:00:01.000Z", "level": "info", "event": f"dispatch-of-{day}"}
        gateway.append_log(f"logs/dispatcher/2025-01-{day}.jsonl", entry)
    skipped = {"event": "automation-skipped", "automationId": "alpha", "reason": "concurrency-limit"}
    entry = {"timestamp": "2025-01-25T23:59:00.000Z", "level": "info", **skipped}
    gateway.append_log("logs/dispatcher/2025-01-25.jsonl", entry)
    async with dashboard_at_noon(gateway) as tester:
        await tester.wait_for("After midnight")
        assert [line.split()[-1] for line in lines(tester)] == [
            "Begins",
            "─" * len(lines(tester)[1].split()[-1]),
            "midnight",
        ]
        assert "─── Sun 2025-01-26 UTC ──" in lines(tester)[1]
        assert "After midnight" in tester.text
        assert "2025-01-25 … 2025-01-26.jsonl" in tester.text
        assert "all slots were taken" in tester.rows[3]
        await tester.press("3", "0")
        await tester.wait_for("dispatch-of-26")
        assert "dispatch-of-25" in tester.text


async def test_brackets_go_from_day_to_day_in_the_log_of_the_dispatcher(gateway: GatewayRoot) -> None:
    gateway.automation("alpha")
    for day in (22, 24, 26):  # on the other days nothing was written
        for hour in (1, 9):
            entry = {"timestamp": f"2025-01-{day}T0{hour}:00:00.000Z", "level": "info", "event": f"event-{day}-{hour}"}
            gateway.append_log(f"logs/dispatcher/2025-01-{day}.jsonl", entry)
    async with dashboard_at_noon(gateway) as tester:
        await tester.press("3", "0")
        await tester.wait_for("event-26-9")
        for day in (24, 22):
            await tester.press("left_square_bracket")
            await tester.wait_for(partial(_is_marked, tester, f"event-{day}-1"))
        await tester.press("left_square_bracket")
        await tester.wait_for("This is the first day of the log.")
        for day in (24, 26):
            await tester.press("right_square_bracket")
            await tester.wait_for(partial(_is_marked, tester, f"event-{day}-1"))
        await tester.press("right_square_bracket")
        await tester.wait_for("This is the last day of the log.")


async def test_brackets_go_by_the_days_of_the_zone_that_is_shown_not_by_those_of_the_files(
    gateway: GatewayRoot,
) -> None:
    gateway.automation("alpha")
    for day, time, event in (
        (24, "20:00", "first"),
        (25, "14:00", "late"),
        (25, "15:30", "early"),
        (26, "01:00", "last"),
    ):
        entry = {"timestamp": f"2025-01-{day}T{time}:00.000Z", "level": "info", "event": f"event-{event}"}
        gateway.append_log(f"logs/dispatcher/2025-01-{day}.jsonl", entry)
    async with dashboard_at_noon(gateway, zone=timezone(timedelta(hours=9))) as tester:
        await tester.press("3", "0")
        await tester.wait_for("event-last")
        await tester.press("left_square_bracket")
        await tester.wait_for(partial(_is_marked, tester, "event-first"))  # 05:00 on the 25th, beside 23:00
        await tester.press("right_square_bracket")
        await tester.wait_for(partial(_is_marked, tester, "event-early"))  # 00:30 on the 26th, in the file of the 25th


def _is_marked(tester: DashboardTester, text: str) -> bool:
    return text in marked(tester)


async def test_a_step_back_of_the_clock_is_marked_in_the_log(gateway: GatewayRoot) -> None:
    gateway.automation("alpha")
    for minutes in (0, 1, -90, -89):
        gateway.append_log(LOG, run_entry("alpha", f"At {minutes}.", NOON + timedelta(minutes=minutes)))
    async with dashboard_at_noon(gateway) as tester:
        await tester.wait_for("At -89.")
        assert "1h31m earlier than the line above" in lines(tester)[2]
        await tester.press("3", "k")
        assert "At -90." in marked(tester)
        await tester.press("k")
        assert "At 1." in marked(tester)
