"""A message takes one line above the footer, disappears by itself or at Esc, and can be read again."""

from __future__ import annotations

from clawtui.tui.widgets.messages import MessageLine
from tests.gateway_root import GatewayRoot
from tests.tui.dashboard_at_noon import dashboard_at_noon

REPORT = "A part of the dashboard failed: log.\nThe report, and how to send it: /home/me/report.txt"


async def test_it_is_one_line_above_the_footer_and_nothing_else_moves(gateway: GatewayRoot) -> None:
    gateway.automation("alpha")
    gateway.lock("github.com/acme/site", "alpha")
    async with dashboard_at_noon(gateway) as tester:
        await tester.wait_for(lambda: "finding" in tester.rows[0])
        await tester.wait_for("github.com/acme/site")
        before = tester.rows
        tester.app.notify(REPORT, severity="error")
        await tester.wait_for("A part of the dashboard failed: log. · The report, and how to send it: /home/me")
        changed = [y for y, (one, other) in enumerate(zip(before, tester.rows, strict=True)) if one != other]
        assert changed == [len(before) - 2]
        assert tester.rows[-1] == before[-1]
        await tester.press("escape")
        await tester.wait_for(lambda: tester.rows == before)


async def test_it_does_not_cover_the_title_of_locks_that_take_one_line(gateway: GatewayRoot) -> None:
    gateway.automation("alpha")
    async with dashboard_at_noon(gateway) as tester:
        await tester.wait_for(lambda: "4 Locks" in tester.rows[-2])
        tester.app.notify("Push rejected", severity="error")
        await tester.wait_for(lambda: "Push rejected" in tester.rows[-1])
        assert "4 Locks" in tester.rows[-2]
        gateway.lock("github.com/acme/site", "alpha")
        await tester.wait_for(lambda: "Push rejected" in tester.rows[-2])
        assert "help" in tester.rows[-1]


async def test_the_first_escape_removes_an_error_and_a_passing_message_is_not_in_the_way(gateway: GatewayRoot) -> None:
    gateway.automation("alpha")
    async with dashboard_at_noon(gateway) as tester:
        await tester.press("z")
        await tester.wait_for(lambda: "2 Timeline" not in tester.text)
        tester.app.notify("Something to read.", severity="error")
        await tester.wait_for("Something to read.")
        await tester.press("escape")
        await tester.wait_for(lambda: "Something to read." not in tester.text)
        assert "2 Timeline" not in tester.text
        tester.app.notify("A trifle.")
        await tester.wait_for("A trifle.")
        await tester.press("escape")
        await tester.wait_for("2 Timeline")
        assert "A trifle." not in tester.text


async def test_a_message_disappears_and_an_error_stays_longer_than_a_later_note(gateway: GatewayRoot) -> None:
    gateway.automation("alpha")
    async with dashboard_at_noon(gateway) as tester:
        tester.app.notify("Push rejected", severity="error", timeout=60)
        tester.app.notify("This is the oldest run.", timeout=0.3)
        await tester.wait_for("This is the oldest run. ")
        assert "+1  I messages" in tester.text
        await tester.wait_for("! Push rejected")
        assert "oldest" not in tester.text
        await tester.press("H")
        await tester.wait_for("! Push rejected")  # on another screen too
        await tester.press("escape")
        await tester.wait_for(lambda: "Push rejected" not in tester.text)


async def test_the_same_is_not_shown_twice_at_once(gateway: GatewayRoot) -> None:
    async with dashboard_at_noon(gateway) as tester:
        for _ in range(3):
            tester.app.notify("Read-only: nothing is changed.", severity="warning")
        await tester.wait_for("Read-only: nothing is changed.")
        assert [message.text for message in tester.app.messages.shown] == ["Read-only: nothing is changed."]


async def test_its_key_shows_every_message_whole_with_its_time(gateway: GatewayRoot) -> None:
    gateway.automation("alpha")
    async with dashboard_at_noon(gateway) as tester:
        await tester.press("I")
        await tester.wait_for("There was no message yet.")
        await tester.press("escape")
        tester.app.notify("None has failed.\x1b[2J", timeout=0.05)
        await tester.wait_for(lambda: tester.app.messages.history and not tester.app.messages.shown)
        assert not tester.app.screen.query_one(MessageLine).display
        tester.app.notify(REPORT, severity="error")
        await tester.press("I")
        await tester.wait_for("12:00:00  A part of the dashboard failed: log. ")
        assert "          The report, and how to send it: /home/me/report.txt " in tester.text
        assert "12:00:00  None has failed." in tester.text
        assert "\x1b" not in tester.text


async def test_in_a_small_terminal_it_is_cut_with_the_key_for_the_rest(gateway: GatewayRoot) -> None:
    gateway.automation("alpha")
    gateway.lock("github.com/acme/site", "alpha")
    async with dashboard_at_noon(gateway, size=(60, 15)) as tester:
        await tester.wait_for(lambda: not tester.app.screen.has_class("idle-locks"))
        tester.app.notify(REPORT, severity="error")
        await tester.wait_for("… ")
        assert tester.rows[-2].startswith(" ! A part of the dashboard failed: log.")
        assert tester.rows[-2].endswith("  I all  Esc ")
