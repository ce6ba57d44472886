"""The wait for a second write of a session whose pid is gone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from clawtui.operations.evidence import host
from clawtui.operations.evidence.host import ThisHost


@pytest.mark.parametrize(
    ("age", "waits"),
    [
        pytest.param(1.0, [1.5], id="a write before the time of the verdict"),
        pytest.param(-0.2, [2.5], id="a write after the time of the verdict, which was read later"),
        pytest.param(2.5, [], id="a write long ago"),
    ],
)
def test_a_session_that_wrote_just_now_is_looked_at_again(
    monkeypatch: pytest.MonkeyPatch, age: float, waits: list[float]
) -> None:
    monkeypatch.setattr(host, "WRITES_WITHIN", timedelta(seconds=2.5))
    slept: list[float] = []
    assert ThisHost(patient=True, sleep=slept.append).wait_for_writes(timedelta(seconds=age)) == bool(waits)
    assert slept == waits
