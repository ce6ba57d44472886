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
def test_what_has_happened_is_never_to_come(seconds: float, text: str) -> None:
    assert ago(NOON + timedelta(seconds=seconds), NOON) == text
