"""Times as people read them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from clawtui.presentation.times import ago
from tests.gateway_root import NOON


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-300, "5m ago"), (-0.5, "now"), (0, "now"), (0.5, "now"), (599, "now, by a clock 9m59s ahead")],
)
def test_a_past_time_is_never_shown_as_future(seconds: float, text: str) -> None:
    assert ago(NOON + timedelta(seconds=seconds), NOON) == text
