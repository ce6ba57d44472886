"""Which version of a lock an answer releases, by the reports that a question was shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

from clawtui.tui.controllers.locks.live_question import LiveQuestion
from clawtui.tui.controllers.locks.pinned_release import PinnedRelease
from clawtui.tui.dialogs.question import UNDO
from clawtui.tui.dialogs.release_question import ACCEPT, OTHER


@dataclass(frozen=True)
class Report:
    fingerprint: str | None


@dataclass
class RecordedQuestions:
    """Record what is asked of a question whose dialog is open."""

    dialog: Any = None
    note: str | None = "refused"
    looks: int = 0
    later: Any = None
    released: list[Report] = field(default_factory=list)

    def look_again(self) -> None:
        self.looks += 1

    def pinned(self, *, read_only: bool = False) -> PinnedRelease[Report]:
        self.dialog = self
        return PinnedRelease(cast("LiveQuestion[Any]", self), lambda: None, self.released.append, read_only=read_only)


def test_the_first_version_is_released() -> None:
    asked = RecordedQuestions()
    pinned = asked.pinned()
    pinned.see(Report("a"))
    pinned.answer(ACCEPT)
    assert asked.released == [Report("a")]


def test_a_later_version_is_not_released_until_it_is_chosen() -> None:
    asked = RecordedQuestions()
    pinned = asked.pinned()
    pinned.see(Report("a"))
    pinned.see(Report("b"))
    pinned.answer(ACCEPT)
    assert asked.released == []
    pinned.answer(OTHER)
    assert (asked.looks, asked.note, pinned.fingerprint) == (1, None, None)
    pinned.answer(ACCEPT)
    assert asked.released == []
    pinned.see(Report("b"))
    pinned.answer(ACCEPT)
    assert asked.released == [Report("b")]


def test_a_lock_that_has_gone_is_not_released() -> None:
    asked = RecordedQuestions()
    pinned = asked.pinned()
    pinned.see(Report("a"))
    pinned.see(None)
    pinned.answer(ACCEPT)
    assert asked.released == []


def test_a_lock_without_a_fingerprint_is_not_released() -> None:
    asked = RecordedQuestions()
    pinned = asked.pinned()
    pinned.see(Report(None))
    pinned.answer(ACCEPT)
    assert asked.released == []


def test_reset_forgets_the_version() -> None:
    asked = RecordedQuestions()
    pinned = asked.pinned()
    pinned.see(Report("a"))
    pinned.reset()
    pinned.answer(ACCEPT)
    assert asked.released == []


def test_read_only_releases_nothing() -> None:
    asked = RecordedQuestions()
    pinned = asked.pinned(read_only=True)
    pinned.see(Report("a"))
    pinned.answer(ACCEPT)
    assert asked.released == []


def test_a_closed_dialog_has_no_answers() -> None:
    asked = RecordedQuestions()
    pinned = asked.pinned()
    pinned.see(Report("a"))
    asked.dialog = None
    for key in (ACCEPT, OTHER, UNDO):
        pinned.answer(key)
    assert (asked.released, asked.looks) == ([], 0)
