"""The newest fleet on its way from the live thread to the app."""

from __future__ import annotations

from collections.abc import Callable

from textual.message import Message

from clawtui.model.fleet import Fleet
from clawtui.tui.screens.dashboard_view import DashboardView


class FleetChanged(Message):
    """Message that there is a newer fleet. Older ones that were not shown yet are skipped."""


class FleetMailbox:
    """A place for one fleet, with at most one message under way.

    The live thread may publish faster than a busy terminal is painted. A queue would grow, and show what is over.
    """

    def __init__(self, view: DashboardView, post: Callable[[FleetChanged], object]) -> None:
        """Keep the fleet in `view.newest`; `post` sends a message to the app from any thread."""
        self._view = view
        self._post = post
        self._posted = False

    def put(self, fleet: Fleet) -> None:
        """Replace the fleet, and inform the app unless it is informed already. The threads that call take turns."""
        self._view.newest = fleet
        self._view.arrived.set()
        if not self._posted:
            self._posted = True
            self._post(FleetChanged())

    def take(self) -> Fleet | None:
        """Return the newest fleet; the app is informed of the next one. Called on the app's thread."""
        self._posted = False  # first: a fleet that is put from now on is either returned or announced
        return self._view.newest
