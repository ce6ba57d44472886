from __future__ import annotations

from itertools import pairwise

from clawtui.tui.terminal.screen_updates import LONGEST_TICK, TickRate


def told_after(pace: TickRate, seconds: int, *, changing: bool) -> list[int]:
    """Return the seconds after which the time was shown."""
    told: list[int] = []
    for second in range(1, seconds + 1):

        def tell(second: int = second) -> bool:
            told.append(second)
            return changing

        pace.pass_second(tell)
    return told


def test_while_each_second_shows_it_is_told_each_second() -> None:
    assert told_after(TickRate(), 5, changing=True) == [1, 2, 3, 4, 5]


def test_while_nothing_shows_it_is_told_more_and_more_seldom() -> None:
    told = told_after(TickRate(), 20, changing=False)
    assert [later - earlier for earlier, later in pairwise(told)] == [2, *[LONGEST_TICK] * 4]


def test_what_changes_after_a_rest_is_told_each_second_from_then_on() -> None:
    pace = TickRate()
    told_after(pace, 20, changing=False)
    told = told_after(pace, 10, changing=True)
    assert told[0] <= LONGEST_TICK
    assert told == list(range(told[0], 11))


def test_after_something_else_changed_it_is_told_at_the_next_second() -> None:
    pace = TickRate()
    told_after(pace, 20, changing=False)
    pace.reset()
    assert told_after(pace, 1, changing=True) == [1]
