"""The rate of ticks of the screen: once a second while a text with seconds changes, otherwise less often."""

from __future__ import annotations

from itertools import pairwise

from clawtui.tui.terminal.screen_updates import LONGEST_TICK, TickRate


def shown_after(pace: TickRate, seconds: int, *, changing: bool) -> list[int]:
    """Return the seconds after which the time was shown."""
    shown: list[int] = []
    for second in range(1, seconds + 1):

        def show(second: int = second) -> bool:
            shown.append(second)
            return changing

        pace.pass_second(show)
    return shown


def test_times_in_seconds_are_updated_each_second() -> None:
    assert shown_after(TickRate(), 5, changing=True) == [1, 2, 3, 4, 5]


def test_the_updates_become_rare_while_no_time_changes() -> None:
    shown = shown_after(TickRate(), 20, changing=False)
    assert [later - earlier for earlier, later in pairwise(shown)] == [2, *[LONGEST_TICK] * 4]


def test_a_change_after_a_rest_is_followed_by_updates_each_second() -> None:
    pace = TickRate()
    shown_after(pace, 20, changing=False)
    shown = shown_after(pace, 10, changing=True)
    assert shown[0] <= LONGEST_TICK
    assert shown == list(range(shown[0], 11))


def test_another_change_is_followed_by_an_update_at_the_next_second() -> None:
    pace = TickRate()
    shown_after(pace, 20, changing=False)
    pace.reset()
    assert shown_after(pace, 1, changing=True) == [1]
