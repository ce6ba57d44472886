"""Work that is done again now and then: never twice at once, never more often than asked, and not at all at rest."""

from __future__ import annotations

import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from textual.app import App
from textual.pilot import Pilot

from clawtui.tui.controllers.background import PeriodicWorker


class Work:
    """Records when it began, and whether it ever ran twice at once."""

    def __init__(self, pause: float | None = None, took: float = 0.0) -> None:
        self.begun: list[float] = []
        self.ended: list[float] = []
        self.overlapped = False
        self.threads: set[int] = set()
        self._pause = pause
        self._took = took

    def __call__(self) -> float | None:
        self.overlapped = self.overlapped or len(self.begun) != len(self.ended)
        self.begun.append(time.monotonic())
        self.threads.add(threading.get_ident())
        time.sleep(self._took)
        self.ended.append(time.monotonic())
        return self._pause


@asynccontextmanager
async def rounds_of(work: Callable[[], float | None]) -> AsyncIterator[tuple[PeriodicWorker, Pilot[None]]]:
    app: App[None] = App()
    async with app.run_test() as pilot:
        rounds = PeriodicWorker(app, "a test", work)
        try:
            yield rounds, pilot
        finally:
            rounds.stop()


async def until(pilot: Pilot[None], condition: Callable[[], object]) -> None:
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        await pilot.pause(0.01)


async def test_it_runs_off_the_event_loop_and_only_once_asked() -> None:
    work = Work()
    async with rounds_of(work) as (rounds, pilot):
        await pilot.pause(0.05)
        assert not work.begun
        rounds.ask(0.0)
        await until(pilot, lambda: work.ended)
        assert threading.get_ident() not in work.threads
        await pilot.pause(0.1)
        assert len(work.begun) == 1


async def test_however_often_it_is_asked_the_gap_is_kept_and_nothing_runs_twice_at_once() -> None:
    work = Work(took=0.03)
    async with rounds_of(work) as (rounds, pilot):
        deadline = time.monotonic() + 30.0
        while len(work.begun) < 4:
            assert time.monotonic() < deadline, work.begun
            rounds.ask(0.1)
            await pilot.pause(0.001)
        assert not work.overlapped
        gaps = [begun - ended for ended, begun in zip(work.ended, work.begun[1:], strict=False)]
        assert min(gaps) >= 0.095


async def test_a_request_during_a_round_is_done_after_it() -> None:
    work = Work(took=0.1)
    async with rounds_of(work) as (rounds, pilot):
        rounds.ask(0.0)
        await until(pilot, lambda: work.begun)
        rounds.ask(0.0)
        await until(pilot, lambda: len(work.ended) == 2)
        assert not work.overlapped


async def test_the_work_is_repeated_after_its_pause_until_it_is_stopped() -> None:
    work = Work(pause=0.02)
    async with rounds_of(work) as (rounds, pilot):
        rounds.ask(0.0)
        await until(pilot, lambda: len(work.ended) >= 3)
        rounds.stop()
        await until(pilot, lambda: len(work.begun) == len(work.ended))
        await pilot.pause(0.1)
        done = len(work.begun)
        await pilot.pause(0.1)
        assert len(work.begun) <= done + 1


async def test_a_nearer_wish_is_not_put_off_by_a_farther_one() -> None:
    work = Work()
    async with rounds_of(work) as (rounds, pilot):
        rounds.ask_in(60.0)
        rounds.ask_in(0.05)
        rounds.ask_in(60.0)
        await until(pilot, lambda: work.ended)
