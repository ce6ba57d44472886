"""The keys in the footer: what `q` does in each place, the keys of a filter while it is typed, and what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.gateway_root import NOON, GatewayRoot, iso
from tests.tui.dashboard_at_noon import DashboardTester, dashboard_at_noon


@pytest.fixture
def filled(gateway: GatewayRoot) -> GatewayRoot:
    gateway.dispatcher()
    runs = [
        {"timestamp": iso(NOON - timedelta(hours=hours)), "status": "success", "duration": 1000, "summary": "Done"}
        for hours in (1, 2)
    ]
    gateway.automation("alpha", lastRun=runs[0], runHistory=runs)
    gateway.lock("github.com/acme/site", "alpha")
    return gateway


async def footer(tester: DashboardTester, expected: str) -> None:
    await tester.wait_for(lambda: expected in tester.rows[-1])


async def test_the_footer_shows_what_q_does(filled: GatewayRoot) -> None:
    async with dashboard_at_noon(filled, (160, 40)) as tester:
        await footer(tester, "q quit")
        await tester.press("2")
        await footer(tester, "q back")
        await tester.press("z")
        await footer(tester, "q all panes")
        await tester.press("left_square_bracket")
        await footer(tester, "q newest run")
        for word in ("q all panes", "q back", "q quit"):
            await tester.press("q")
            await footer(tester, word)
        await tester.press("slash", "a", "enter")
        await footer(tester, "q all rows")
        await tester.press("q")
        await footer(tester, "q quit")


async def test_while_a_text_is_typed_its_keys_are_shown_and_no_others(filled: GatewayRoot) -> None:
    async with dashboard_at_noon(filled, (160, 40)) as tester:
        await tester.press("slash")
        await footer(tester, " Enter keep the filter  Esc clear it ")
        assert "quit" not in tester.rows[-1]
        await tester.press("escape")
        await footer(tester, "q quit")
        await tester.press("3", "slash")
        await footer(tester, " Enter go  Esc leave it ")
        await tester.press("escape", "1")
        await footer(tester, "q quit")
        await tester.press("H")
        await tester.wait_for("runs by hour")
        await tester.press("slash")
        await footer(tester, " Enter keep the filter  Esc clear it ")


async def test_refused_keys_are_dim(filled: GatewayRoot) -> None:
    for read_only in (False, True):
        async with dashboard_at_noon(filled, (160, 40), read_only=read_only) as tester:
            await footer(tester, "enable, disable")
            hints = {hint.does: hint.refused for hint in tester.app.dashboard.view.footer._hints}
            assert [does for does, refused in hints.items() if refused] == ["enable, disable", "run now"] * read_only
            strip = tester.app.screen._compositor.render_strips(tester.app.size)[-1]
            (style,) = [segment.style for segment in strip if segment.text == "+"]
            assert style is not None
            assert bool(style.bold) != read_only
            await tester.press("4")
            await footer(tester, "release")
            hints = {hint.does: hint.refused for hint in tester.app.dashboard.view.footer._hints}
            refused = {does for does, refused in hints.items() if refused}
            assert refused == ({"release", "undo", "slots"} if read_only else set())
