"""What travels between the live model, the dashboard and the app."""

from __future__ import annotations

from textual.message import Message

from clawtui.model.fleet import Fleet


class FleetChanged(Message):
    """Something on disk is another than it was. Only the newest matters: a screen that is late skips to it."""

    def __init__(self, fleet: Fleet) -> None:
        super().__init__()
        self.fleet = fleet

    def can_replace(self, message: Message) -> bool:
        """A later fleet says all that an earlier one did."""
        return isinstance(message, FleetChanged)


class LogWanted(Message):
    """The dashboard wants to follow a run's log; None: no run's."""

    def __init__(self, path: str | None) -> None:
        super().__init__()
        self.path = path


class RunsWanted(Message):
    """The dashboard shows a run, or another state of it: what is known of it is to be read."""

    def can_replace(self, message: Message) -> bool:
        """Which run that is stands on the dashboard."""
        return isinstance(message, RunsWanted)


class RescanWanted(Message):
    """The operator doubts what is shown."""
