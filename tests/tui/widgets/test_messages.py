"""A message takes one line above the footer, disappears by itself or at Esc, and can be read again."""

from __future__ import annotations

from clawtui.tui.widgets.messages import MessageLine
from tests.gateway_root import GatewayRoot
from tests.tui.dashboard_at_noon import dashboard_at_noon

REPORT = "A part of the dashboard failed: log.\nThe report, and how to send it: /home/me/report.txt"


async def test_it_is_one_line_above_the_footer_and_nothing_else_moves(gateway: GatewayRoot) -> None:
    gateway.automation("alpha")
    gateway.lock("github.com/acme/site", "alpha")
    async with dashboard_at_noon(gateway) as looker:
        await looker.until(lambda: "finding" in looker.rows[0])
        await looker.until("github.com/acme/site")
        before = looker.rows
        looker.app.notify(REPORT, severity="error")
        await looker.until("A part of the dashboard failed: log. · The report, and how to send it: /home/me")
        changed = [y for y, (one, other) in enumerate(zip(before, looker.rows, strict=True)) if one != other]
        assert changed == [len(before) - 2]
        assert looker.rows[-1] == before[-1]
        await looker.press("escape")
        await looker.until(lambda: looker.rows == before)


async def test_it_does_not_cover_the_title_of_locks_that_take_one_line(gateway: GatewayRoot) -> None:
    gateway.automation("alpha")
    async with dashboard_at_noon(gateway) as looker:
        await looker.until(lambda: "4 Locks" in looker.rows[-2])
        looker.app.notify("Push rejected", severity="error")
        await looker.until(lambda: "Push rejected" in looker.rows[-1])
        assert "4 Locks" in looker.rows[-2]
        gateway.lock("github.com/acme/site", "alpha")
        await looker.until(lambda: "Push rejected" in looker.rows[-2])
        assert "help" in looker.rows[-1]


async def test_the_first_escape_removes_an_error_and_a_passing_message_is_not_in_the_way(gateway: GatewayRoot) -> None:
    gateway.automation("alpha")
    async with dashboard_at_noon(gateway) as looker:
        await looker.press("z")
        await looker.until(lambda: "2 Timeline" not in looker.text)
        looker.app.notify("Something to read.", severity="error")
        await looker.until("Something to read.")
        await looker.press("escape")
        await looker.until(lambda: "Something to read." not in looker.text)
        assert "2 Timeline" not in looker.text
        looker.app.notify("A trifle.")
        await looker.until("A trifle.")
        await looker.press("escape")
        await looker.until("2 Timeline")
        assert "A trifle." not in looker.text


async def test_a_message_disappears_and_an_error_stays_longer_than_a_later_note(gateway: GatewayRoot) -> None:
    gateway.automation("alpha")
    async with dashboard_at_noon(gateway) as looker:
        looker.app.notify("Push rejected", severity="error", timeout=60)
        looker.app.notify("This is the oldest run.", timeout=0.3)
        await looker.until("This is the oldest run. ")
        assert "+1  I messages" in looker.text
        await looker.until("! Push rejected")
        assert "oldest" not in looker.text
        await looker.press("H")
        await looker.until("! Push rejected")  # on another screen too
        await looker.press("escape")
        await looker.until(lambda: "Push rejected" not in looker.text)


async def test_the_same_is_not_shown_twice_at_once(gateway: GatewayRoot) -> None:
    async with dashboard_at_noon(gateway) as looker:
        for _ in range(3):
            looker.app.notify("Read-only: nothing is changed.", severity="warning")
        await looker.until("Read-only: nothing is changed.")
        assert [message.text for message in looker.app.messages.shown] == ["Read-only: nothing is changed."]


async def test_its_key_shows_every_message_whole_with_its_time(gateway: GatewayRoot) -> None:
    gateway.automation("alpha")
    async with dashboard_at_noon(gateway) as looker:
        await looker.press("I")
        await looker.until("There was no message yet.")
        await looker.press("escape")
        looker.app.notify("None has failed.\x1b[2J", timeout=0.05)
        await looker.until(lambda: looker.app.messages.history and not looker.app.messages.shown)
        assert not looker.app.screen.query_one(MessageLine).display
        looker.app.notify(REPORT, severity="error")
        await looker.press("I")
        await looker.until("12:00:00  A part of the dashboard failed: log. ")
        assert "          The report, and how to send it: /home/me/report.txt " in looker.text
        assert "12:00:00  None has failed." in looker.text
        assert "\x1b" not in looker.text


async def test_in_a_small_terminal_it_is_cut_with_the_key_for_the_rest(gateway: GatewayRoot) -> None:
    gateway.automation("alpha")
    gateway.lock("github.com/acme/site", "alpha")
    async with dashboard_at_noon(gateway, size=(60, 15)) as looker:
        await looker.until(lambda: not looker.app.screen.has_class("idle-locks"))
        looker.app.notify(REPORT, severity="error")
        await looker.until("… ")
        assert looker.rows[-2].startswith(" ! A part of the dashboard failed: log.")
        assert looker.rows[-2].endswith("  I all  Esc ")
