"""``clawtui --all`` and several ``--root``: the list of several roots, and the dashboards that are opened from it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from clawtui.cli.framework.context import Invocation
from clawtui.cli.framework.errors import FAILED
from clawtui.cli.framework.output import say
from clawtui.model.errors import ClawtuiError
from clawtui.model.listed_root import ListedRoot
from clawtui.roots.listing import list_roots
from clawtui.roots.sources import RootSources

if TYPE_CHECKING:
    from clawtui.tui.run import Ended


def show_roots(invocation: Invocation, named: Sequence[str]) -> int:
    """Show the list of the roots ``named``, or of all in the settings, until it is quit. Return the exit status.

    Raises NoSuch where there is no root to show, or an address cannot be used.
    """
    from clawtui.tui.run import NoTerminal
    from clawtui.tui.run_roots import run_list

    loaded = invocation.loaded()
    is_read_only = invocation.read_only or (loaded.settings.read_only and not invocation.read_write)
    roots = tuple(
        root._replace(read_only=is_read_only or (root.read_only and not invocation.read_write))
        for root in list_roots(named, loaded.settings)
    )
    sources = RootSources(roots)
    at: tuple[ListedRoot, str] | None = None
    notices: Sequence[str] = ()
    try:
        while True:
            ended = run_list(sources, loaded, read_only=is_read_only, at=at, notices=notices)
            if ended.root is None:
                return ended.status
            at, notices = (ended.root, ended.key), ()
            if ended.root.host is not None:
                notices = _show_there(invocation, ended.root)
                continue
            shown = _show_here(invocation, ended.root, ended.key)
            if not shown.wants_list:
                return shown.status
            at = (ended.root, shown.selected)
    except NoTerminal as error:
        say(str(error))
        return FAILED
    finally:
        sources.stop()


def _show_here(invocation: Invocation, root: ListedRoot, key: str) -> Ended:
    """Show the dashboard of a root on this host."""
    from clawtui.storage.roots import choose_root
    from clawtui.tui.run import OpenedFromList, run_dashboard

    chosen = choose_root(root.argument, invocation.loaded().settings)
    return run_dashboard(
        Path(root.path or chosen.paths.root),
        read_only=root.read_only,
        loaded=invocation.loaded(),
        chosen=chosen,
        opened=OpenedFromList(key),
    )


def _show_there(invocation: Invocation, root: ListedRoot) -> Sequence[str]:
    """Show the dashboard that runs on the root's host; return why that failed."""
    from clawtui.remote.address import remote_root
    from clawtui.remote.command import run_dashboard

    try:
        there = remote_root(root.argument, invocation.loaded().settings)
        assert there is not None
        status = run_dashboard(there, ["--read-only"] if root.read_only else [])
    except ClawtuiError as error:
        return (str(error),)
    return () if status == 0 else (f"The dashboard of {root.name} ended with status {status}.",)
