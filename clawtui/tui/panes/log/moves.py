"""Going through a log: by lines and pages, to matches, errors and times."""

from __future__ import annotations

from clawtui.model.documents.base import EPOCH
from clawtui.model.text.time_input import parse_moment
from clawtui.tui.panes.log.parts import LogParts
from clawtui.tui.widgets.line_view import Movement


class LogMoves(LogParts):
    """What the keys do that go somewhere."""

    def action_follow(self) -> None:
        """Shows the end and stays there, or stops following."""
        if self.window.following:
            self.window.pause()
        else:
            self.window.follow()
        self.arrive()

    def action_next_match(self, step: int) -> None:
        """To the next match, or the one before."""
        self.quest.next("match", step)
        self.renew()

    def action_next_error(self, step: int) -> None:
        """To the next error, or the one before."""
        self.quest.next("error", step)
        self.renew()

    def action_move(self, unit: Movement, count: float = 0) -> None:
        """Move by lines or pages, or to an end of the log; the view scrolls sideways."""
        if unit == "cells":
            super().action_move(unit, count)
            return
        if unit == "top":
            self.window.go_to_start()
        elif unit == "bottom":
            self.window.follow()
        else:
            page = max(1, self.body.size.height - 1) if unit == "pages" else 1
            self.window.step(int(count * page))
        self.arrive()

    def on_log_body_moved(self) -> None:
        """Somebody went elsewhere with the mouse."""
        self.arrive()

    def go_to_time(self, text: str) -> None:
        """To the first line of the time that ``text`` names, or later."""
        reader = self.window.reader
        began = reader.began()
        instant = parse_moment(text, now=self.now or EPOCH, origin=began, near=began, zone=self.zone)
        if instant is None:
            self.say(f"“{text}” is no time: 10:30, 2025-01-26T10:30, 5m ago, or +2h since the start")
        else:
            self.window.go_to(reader.place_of(instant))
            self.arrive()

    def arrive(self) -> None:
        """One went elsewhere by hand: what was on the way is not wanted any more."""
        self.quest.forget_way()
        self.renew()
