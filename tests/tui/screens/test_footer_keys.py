"""The keys in the footer: what `q` does in each place, the keys of a filter while it is typed, and what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.gateway_root import NOON, GatewayRoot, iso
from tests.tui.dashboard_at_noon import Looker, dashboard_at_noon


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


async def footer(looker: Looker, wanted: str) -> None:
    await looker.until(lambda: wanted in looker.rows[-1])


async def test_the_footer_shows_what_q_does(filled: GatewayRoot) -> None:
    async with dashboard_at_noon(filled, (160, 40)) as looker:
        await footer(looker, "q quit")
        await looker.press("2")
        await footer(looker, "q back")
        await looker.press("z")
        await footer(looker, "q all panes")
        await looker.press("left_square_bracket")
        await footer(looker, "q newest run")
        for word in ("q all panes", "q back", "q quit"):
            await looker.press("q")
            await footer(looker, word)
        await looker.press("slash", "a", "enter")
        await footer(looker, "q all rows")
        await looker.press("q")
        await footer(looker, "q quit")


async def test_while_a_text_is_typed_its_keys_are_shown_and_no_others(filled: GatewayRoot) -> None:
    async with dashboard_at_noon(filled, (160, 40)) as looker:
        await looker.press("slash")
        await footer(looker, " Enter keep the filter  Esc clear it ")
        assert "quit" not in looker.rows[-1]
        await looker.press("escape")
        await footer(looker, "q quit")
        await looker.press("3", "slash")
        await footer(looker, " Enter go  Esc leave it ")
        await looker.press("escape", "1")
        await footer(looker, "q quit")
        await looker.press("H")
        await looker.until("runs by hour")
        await looker.press("slash")
        await footer(looker, " Enter keep the filter  Esc clear it ")


async def test_refused_keys_are_dim(filled: GatewayRoot) -> None:
    for read_only in (False, True):
        async with dashboard_at_noon(filled, (160, 40), read_only=read_only) as looker:
            await footer(looker, "enable, disable")
            hints = {hint.does: hint.refused for hint in looker.app.dashboard.view.footer._hints}
            assert [does for does, refused in hints.items() if refused] == ["enable, disable", "run now"] * read_only
            strip = looker.app.screen._compositor.render_strips(looker.app.size)[-1]
            (style,) = [segment.style for segment in strip if segment.text == "+"]
            assert style is not None
            assert bool(style.bold) != read_only
            await looker.press("4")
            await footer(looker, "release")
            hints = {hint.does: hint.refused for hint in looker.app.dashboard.view.footer._hints}
            refused = {does for does, refused in hints.items() if refused}
            assert refused == ({"release", "undo", "slots"} if read_only else set())
