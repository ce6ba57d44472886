"""Dialogs and screens that were closed leave nothing in memory."""

from __future__ import annotations

import gc

import pytest
from textual._styles_cache import StylesCache
from textual.screen import Screen

from tests.gateway_root import GatewayRoot
from tests.tui.dashboard_at_noon import dashboard_at_noon

OPENED = 4
"""More often than anything that is kept on purpose, such as the last dialog."""


def kept() -> int:
    """Return how many screens and widgets there are; each widget has one cache of its lines."""
    gc.collect()
    return sum(isinstance(each, Screen | StylesCache) for each in gc.get_objects())


@pytest.mark.parametrize("key", ["question_mark", "d", "H", "A", "W", "colon"])
async def test_a_closed_screen_is_freed(gateway: GatewayRoot, key: str) -> None:
    gateway.automation("alpha")
    async with dashboard_at_noon(gateway) as tester:
        counts = []
        for _ in range(OPENED):
            await tester.press(key)
            await tester.wait_for(lambda: len(tester.app.screen_stack) == 2)
            await tester.press("escape")
            await tester.wait_for(lambda: len(tester.app.screen_stack) == 1)
            counts.append(kept())
        await tester.wait_for(lambda: kept() <= counts[0])
