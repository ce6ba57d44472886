"""Keys pressed, and what they do to the screen and to the disk."""

from __future__ import annotations

from datetime import timedelta

import pyjson5
import pytest
from textual import events

from clawtui.tui.dialogs.question import QuestionDialog
from tests.gateway_root import NOON, GatewayRoot, iso, run_entry
from tests.tui.dashboard_at_noon import dashboard_at_noon


@pytest.fixture
def busy(gateway: GatewayRoot) -> GatewayRoot:
    """Write automations: one running, one failed, one waiting, one disabled; and a lock."""
    gateway.dispatcher()
    gateway.automation("alpha", nextRun=iso(NOON + timedelta(minutes=12)))
    failed = {
        "timestamp": iso(NOON - timedelta(hours=2)),
        "status": "failed",
        "duration": 1000,
        "summary": "Push rejected",
    }
    gateway.automation("bravo", lastRun=failed, runHistory=[failed], nextRun=iso(NOON + timedelta(hours=1)))
    gateway.automation("charlie")
    gateway.state("charlie")
    gateway.progress("charlie", ("Initializing workspace", 5), ("Resolving conflicts", 65))
    gateway.automation("delta", enabled=False)
    gateway.lock("github.com/user/charlie", "charlie", hostname="gateway-2")
    gateway.slots({"automationId": "charlie", "sessionId": "s", "acquiredAt": iso(NOON), "slotNumber": 2})
    for number in range(100):
        log = "logs/smart-sync-fork/charlie-2025-01-26-11-55-00.jsonl"
        gateway.append_log(log, run_entry("charlie", f"Line {number}"))
    return gateway


def names(rows: list[str]) -> list[str]:
    """Return the automations in the order in which they are on the screen."""
    found = [
        (row.find(name), name) for row in rows for name in ("Alpha", "Bravo", "Charlie", "Delta") if name in row[:30]
    ]
    return [name for _, name in found]


async def test_running_first_then_failed_then_due_then_disabled(busy: GatewayRoot) -> None:
    async with dashboard_at_noon(busy) as tester:
        assert names(tester.rows[2:14]) == ["Charlie", "Bravo", "Alpha", "Delta"]


async def test_timeline_and_log_follow_the_cursor(busy: GatewayRoot) -> None:
    async with dashboard_at_noon(busy) as tester:
        await tester.wait_for("Line 99")
        assert "2 Timeline  Charlie" in tester.text
        await tester.press("j")
        await tester.wait_for("2 Timeline  Bravo")
        await tester.wait_for("Push rejected")
        await tester.wait_for("no run log")


async def test_the_filter_narrows_stays_and_is_cleared_by_escape(busy: GatewayRoot) -> None:
    async with dashboard_at_noon(busy) as tester:
        await tester.press("slash", *"brav")
        assert names(tester.rows[2:14]) == ["Bravo"]
        assert "1 of 4" in tester.text
        await tester.press("enter", "j")
        assert names(tester.rows[2:14]) == ["Bravo"]
        await tester.press("escape")
        assert len(names(tester.rows[2:14])) == 4
        assert tester.app.is_running


async def test_a_slash_within_the_filter_is_a_letter(busy: GatewayRoot) -> None:
    async with dashboard_at_noon(busy) as tester:
        await tester.press("slash", "a", "slash", "b")
        assert tester.app.dashboard.view.automations.filter.search_text == "a/b"


async def test_sorting_by_name_and_reversed(busy: GatewayRoot) -> None:
    async with dashboard_at_noon(busy) as tester:
        await tester.press("greater_than_sign")
        assert names(tester.rows[2:14]) == ["Alpha", "Bravo", "Charlie", "Delta"]
        await tester.press("r")
        assert names(tester.rows[2:14]) == ["Delta", "Charlie", "Bravo", "Alpha"]
        await tester.press("less_than_sign", "r")
        assert names(tester.rows[2:14]) == ["Charlie", "Bravo", "Alpha", "Delta"]


async def test_q_closes_one_level_at_a_time_and_quits_at_the_top(busy: GatewayRoot) -> None:
    async with dashboard_at_noon(busy) as tester:
        await tester.press("4", "z")
        assert "Automations" not in tester.text
        await tester.press("q")
        assert "1 Automations" in tester.text
        assert "▌4 Locks" in tester.text
        await tester.press("q")
        assert "▌1 Automations" in tester.text
        await tester.press("escape")
        assert tester.app.is_running
        await tester.press("q")
        assert not tester.app.is_running


async def test_enter_opens_and_escape_closes(busy: GatewayRoot) -> None:
    async with dashboard_at_noon(busy) as tester:
        for place in ("▌2 Timeline", "▌3 Log"):
            await tester.press("enter")
            assert place in tester.text
        await tester.press("escape")
        assert "▌1 Automations" in tester.text


@pytest.mark.parametrize("size", [(80, 24), (60, 15), (99, 40), (120, 29)])
async def test_in_a_small_terminal_one_pane_at_a_time(busy: GatewayRoot, size: tuple[int, int]) -> None:
    async with dashboard_at_noon(busy, size) as tester:
        for number, title in enumerate(("Automations", "Timeline", "Log", "Locks"), 1):
            await tester.press(str(number))
            await tester.wait_for(f"▌{number} {title}")
            others = {"Automations", "Timeline", "Log", "Locks"} - {title}
            assert not any(f" {other} " in row for other in others for row in tester.rows[1:-1])


async def test_scrolling_up_pauses_the_log_and_g_follows_again(busy: GatewayRoot) -> None:
    log = "logs/smart-sync-fork/charlie-2025-01-26-11-55-00.jsonl"
    async with dashboard_at_noon(busy) as tester:
        await tester.wait_for("Line 99")
        await tester.press("3", "k", "k")
        assert "Line 99" not in tester.text
        busy.append_log(log, run_entry("charlie", "Line 100"), run_entry("charlie", "Line 101"))
        await tester.wait_for("2 new")
        assert "Line 97" in tester.text
        await tester.press("G")
        assert "Line 101" in tester.text
        assert "following" in tester.text


async def test_a_short_log_after_a_long_one_is_in_sight(busy: GatewayRoot) -> None:
    busy.append_log("logs/smart-sync-fork/bravo-2025-01-26-10-00-00.jsonl", run_entry("bravo", "The only line"))
    async with dashboard_at_noon(busy) as tester:
        await tester.wait_for("Line 99")
        await tester.press("j")
        await tester.wait_for("The only line")
        await tester.press("k")
        await tester.wait_for("Line 99")


async def test_a_paused_screen_does_not_change(busy: GatewayRoot) -> None:
    async with dashboard_at_noon(busy) as tester:
        await tester.press("p")
        assert "PAUSED" in tester.text
        before = tester.app.dashboard.view.fleet
        busy.state("charlie", percentage=99, milestone="Creating pull request")
        await tester.wait_for(lambda: tester.app.dashboard.view.held_back)
        assert tester.app.dashboard.view.fleet is before
        assert " 65% Resolving" in tester.text
        await tester.press("p")
        await tester.wait_for(" 99% Creating pull request")


async def test_details_show_the_files_with_their_unknown_keys(busy: GatewayRoot) -> None:
    busy.automation("charlie", future={"key": "kept"})
    async with dashboard_at_noon(busy) as tester:
        await tester.press("d", "G")
        await tester.wait_for('"status": "running"')
        await tester.press("g", "escape")
        assert "▌1 Automations" in tester.text


async def test_help_lists_the_keys_of_the_place(busy: GatewayRoot) -> None:
    async with dashboard_at_noon(busy) as tester:
        await tester.press("question_mark")
        assert "In Automations" in tester.text
        assert "show only what contains the text" in tester.text
        await tester.press("escape", "3", "question_mark")
        assert "In Log" in tester.text


async def test_minus_disables_on_disk_and_the_screen_follows_the_disk(busy: GatewayRoot) -> None:
    config = busy.automations / "config/smart-sync-fork/bravo.json"
    async with dashboard_at_noon(busy) as tester:
        await tester.press("j", "minus")
        await tester.wait_for(lambda: pyjson5.decode(config.read_text())["enabled"] is False)
        await tester.wait_for(lambda: "disabled" in next(row for row in tester.rows[2:] if "Bravo" in row))
        await tester.press("plus")
        await tester.wait_for(lambda: pyjson5.decode(config.read_text())["enabled"] is True)


async def test_read_only_refuses_changes_with_a_message(busy: GatewayRoot) -> None:
    config = busy.automations / "config/smart-sync-fork/bravo.json"
    before = config.read_bytes()
    async with dashboard_at_noon(busy, read_only=True) as tester:
        assert "READ-ONLY" in tester.rows[0]
        await tester.press("j", "minus")
        await tester.wait_for("Read-only: nothing is changed.")
        assert config.read_bytes() == before


async def test_the_cursor_keeps_its_automation_when_the_order_changes(busy: GatewayRoot) -> None:
    async with dashboard_at_noon(busy) as tester:
        await tester.press("j", "j")
        await tester.wait_for("2 Timeline  Alpha")
        busy.state("delta")
        await tester.wait_for(lambda: names(tester.rows[2:14])[:2] == ["Charlie", "Delta"])
        assert "2 Timeline  Alpha" in tester.text


@pytest.mark.parametrize("key", ["minus", "e"])
async def test_an_automation_that_is_in_two_files_is_left_alone_and_the_files_are_named(
    gateway: GatewayRoot, key: str
) -> None:
    files = [gateway.automation("x", type) for type in ("a", "b")]
    before = [path.read_bytes() for path in files]
    async with dashboard_at_noon(gateway) as tester:
        await tester.press("j", key)
        await tester.wait_for("config/a/x.json")
        assert "config/b/x.json" in tester.text
    assert [path.read_bytes() for path in files] == before


async def test_an_act_applies_to_the_shown_version(gateway: GatewayRoot) -> None:
    """While the screen is paused, the file changes."""
    path = gateway.automation("x", "a")
    async with dashboard_at_noon(gateway) as tester:
        await tester.press("p")
        gateway.automation("x", "a", description="another")
        before = path.read_bytes()
        await tester.press("minus")
        await tester.wait_for("changed since it was read")
        assert path.read_bytes() == before


async def test_w_shows_why_an_automation_is_running_or_not(busy: GatewayRoot) -> None:
    async with dashboard_at_noon(busy) as tester:
        await tester.press("w")
        await tester.wait_for("state.json says “running”")
        await tester.press("escape", "j", "j", "w")
        await tester.wait_for("not running: ")


async def test_a_filter_without_matches_has_a_message_and_matches_are_highlighted(busy: GatewayRoot) -> None:
    async with dashboard_at_noon(busy) as tester:
        await tester.press("slash", *"avo")
        rows = tester.app.dashboard.view.automations.table.content
        matched = [span.text for span in rows.make_line(1, 100) if span.role == "match"]
        assert matched == ["avo"]
        await tester.press("x")
        assert "Nothing matches “avox” · Esc shows all" in tester.text
        await tester.press("escape")
        assert names(tester.rows[2:14]) == ["Charlie", "Bravo", "Alpha", "Delta"]


async def test_the_keys_of_the_panes_work_from_every_screen(busy: GatewayRoot) -> None:
    async with dashboard_at_noon(busy) as tester:
        for key, title in (("H", "▌Runs"), ("a", "▌Artifacts"), ("W", "▌Who ran when")):
            await tester.press(key)
            await tester.wait_for(title)
            await tester.press("4")
            await tester.wait_for("▌4 Locks")
            await tester.press("1")


async def test_an_automation_with_a_blank_name_shows_its_id(gateway: GatewayRoot) -> None:
    gateway.automation("alpha", name=" ")
    async with dashboard_at_noon(gateway) as tester:
        assert "alpha" in tester.rows[3]


async def test_a_run_without_a_log_has_a_message_with_the_log_of_the_run_before(gateway: GatewayRoot) -> None:
    before = NOON - timedelta(hours=2)
    failed = {"timestamp": iso(before), "status": "failed", "duration": 1000, "summary": "Push rejected"}
    gateway.automation("alpha", runHistory=[failed])
    gateway.append_log(
        f"logs/smart-sync-fork/alpha-{before:%Y-%m-%d-%H-%M-%S}.jsonl",
        run_entry("alpha", "The old ERROR", before, level="error"),
    )
    gateway.state("alpha", percentage=40)
    async with dashboard_at_noon(gateway) as tester:
        await tester.wait_for("no run log yet · [ shows that of the previous run")
        assert "The old ERROR" not in tester.text
        await tester.press("left_square_bracket")
        await tester.wait_for("The old ERROR")


async def test_a_skip_names_the_holder_of_the_lock_and_x_selects_the_lock(gateway: GatewayRoot) -> None:
    gateway.automation("waits", nextRun=iso(NOON), config={"forkRepoUrl": "git@github.com:user/shared.git"})
    gateway.lock("github.com/user/shared", "other", pid=2**22 + 5)
    skip = {"timestamp": iso(NOON), "level": "info", "event": "automation-skipped", "automationId": "waits"}
    gateway.append_log("logs/dispatcher/2025-01-26.jsonl", {**skip, "reason": "repository-locked"})
    async with dashboard_at_noon(gateway) as tester:
        await tester.wait_for("due now · locked by a dead run · X")
        await tester.press("X")
        await tester.wait_for("▌4 Locks")
        await tester.press("X")
        await tester.wait_for("If it is released")


async def test_the_palette_selects_an_automation_or_a_lock_by_name(busy: GatewayRoot) -> None:
    async with dashboard_at_noon(busy) as tester:
        offered = {one.title: one for one in tester.app.get_system_commands(tester.app.screen)}
        await tester.press("slash", *"brav", "enter")
        offered["Go to Delta"].callback()
        await tester.wait_for("2 Timeline  Delta")
        offered["Lock github.com/user/charlie"].callback()
        await tester.wait_for("▌4 Locks")


async def test_keys_that_arrive_at_once_after_the_terminal_had_no_focus_keep_their_order(busy: GatewayRoot) -> None:
    async with dashboard_at_noon(busy) as tester:
        app = tester.app
        app.post_message(events.AppBlur())
        await tester.wait_for(lambda: app.focused is None)
        for key in "4X":
            app.post_message(events.Key(key, key))
        await tester.wait_for(lambda: isinstance(app.screen, QuestionDialog))
