"""Going through a log: by lines and pages, to matches, errors and times."""

from __future__ import annotations

from clawtui.model.documents.base import EPOCH
from clawtui.model.text.time_input import parse_moment
from clawtui.tui.panes.log.parts import LogParts


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

    def action_move(self, lines: int) -> None:
        """By lines."""
        self.window.step(lines)
        self.arrive()

    def action_page(self, pages: float) -> None:
        """By pages."""
        self.action_move(int(pages * max(1, self.body.size.height - 1)))

    def action_top(self) -> None:
        """To the first line."""
        self.window.go_to_start()
        self.arrive()

    def action_bottom(self) -> None:
        """To the end, and on with it."""
        self.window.follow()
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
