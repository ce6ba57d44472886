"""Running the list of several roots in this terminal, and the dashboard of a root that is opened from it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from clawtui.model.listed_root import ListedRoot
from clawtui.tui.run import driver_for, prepare, run_app, run_guarded

if TYPE_CHECKING:
    from clawtui.roots.sources import RootSources
    from clawtui.storage.user.settings_file import LoadedSettings
    from clawtui.tui.terminal.guard import TerminalGuard


class ListEnded(NamedTuple):
    """Exit status of the list, and the row that was opened."""

    status: int
    root: ListedRoot | None = None
    """The root to show next; None if the operator quit."""
    key: str = ""
    """The key of the automation in that root; empty for none."""


def run_list(
    sources: RootSources,
    loaded: LoadedSettings,
    *,
    read_only: bool,
    at: tuple[ListedRoot, str] | None = None,
    notices: Sequence[str] = (),
) -> ListEnded:
    """Show the list of the roots of `sources`, until it is quit or a root is opened.

    Args:
        sources: The roots; they go on when the list ends.
        loaded: The settings.
        read_only: Whether no root may be changed.
        at: The root and the key of the row to put the cursor on.
        notices: Messages to show at the start, such as why a root could not be opened.

    Raises:
        NoTerminal: There is no terminal that can show it.
    """

    def run(guard: TerminalGuard | None) -> ListEnded:
        from clawtui.tui.roots_app import Position, RootsApp

        startup = prepare(loaded, None, {} if guard is None else os.environ)
        app = RootsApp(
            sources,
            clock=lambda: datetime.now(UTC),
            read_only=read_only,
            startup=startup,
            position=Position(*at) if at is not None else None,
            notices=notices,
            driver_class=None if guard is None else driver_for(startup, guard),
        )
        run_app(app)
        opened = app.opened
        return ListEnded(app.return_code or 0, *(opened if opened is not None else ()))

    return run_guarded(run, loaded)
