"""Connections to one host begin one after the other, also when all sources try at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from clawtui.remote.turns import Turns
from tests.remote.other_host import OtherHost
from tests.waiting import wait_until


def test_connections_to_one_host_begin_apart_and_those_to_others_do_not_wait() -> None:
    turns = Turns(0.5)
    assert [turns.take("gw1", 10.0) for _ in range(4)] == [0.0, 0.5, 1.0, 1.5]
    assert turns.take("gw2", 10.0) == 0.0
    assert turns.take("gw1", 11.0) == 1.0
    assert turns.take("gw1", 20.0) == 0.0


def test_sources_of_one_host_take_turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[tuple[str, float]] = []

    def take(self: Turns, host: str, now: float) -> float:
        taken.append((host, now))
        return 0.0

    monkeypatch.setattr(Turns, "take", take)
    source = OtherHost(tmp_path, tmp_path).source("exit 255")
    try:
        wait_until(lambda: len(taken) > 2, what="further attempts")
    finally:
        source.stop()
    assert {host for host, _ in taken} == {"gw1"}
