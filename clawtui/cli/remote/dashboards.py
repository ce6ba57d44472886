"""The dashboard of a root on another host, and the list of several roots for ``--all`` and several ``--root``."""

from __future__ import annotations

from collections.abc import Sequence

from clawtui.cli.framework.context import Invocation
from clawtui.cli.framework.errors import FAILED
from clawtui.cli.framework.output import say
from clawtui.cli.remote.unknown_acts import say_unknown
from clawtui.model.errors import ClawtuiError
from clawtui.model.listed_root import ListedRoot
from clawtui.remote.address import RemoteRoot
from clawtui.remote.command import run_dashboard as run_dashboard_there
from clawtui.remote.sources import make_source
from clawtui.roots.foreign_locks import ForeignLocks
from clawtui.roots.listing import list_roots
from clawtui.roots.sources import RootSources, source_maker
from clawtui.storage.roots import ChosenRoot
from clawtui.tui.run import Ended, NoTerminal, OpenedFromList, run_dashboard


def show_roots(invocation: Invocation, named: Sequence[str]) -> int:
    """Show the list of the roots ``named``, or of all in the settings, until it is quit. Return the exit status.

    Raises NoSuch if there is no root to show, or if an address cannot be used.
    """
    from clawtui.tui.run_roots import run_list

    loaded = invocation.loaded()
    is_read_only = invocation.read_only or (loaded.settings.read_only and not invocation.read_write)
    roots = tuple(
        root._replace(read_only=is_read_only or (root.read_only and not invocation.read_write))
        for root in list_roots(named, loaded.settings)
    )
    sources = RootSources(roots, source_maker(loaded.settings, invocation.clock, len(roots)))
    foreign = ForeignLocks(sources, loaded.settings.quiet_after)
    at: tuple[ListedRoot, str] | None = None
    notices: Sequence[str] = ()
    try:
        while True:
            ended = run_list(sources, loaded, read_only=is_read_only, at=at, notices=notices)
            for root in roots:
                say_unknown(sources.source(root.name))
            if ended.root is None:
                return ended.status
            at, notices = (ended.root, ended.key), ()
            try:
                shown = _show(invocation, ended.root, OpenedFromList(ended.key, foreign.of(ended.root.name)))
            except ClawtuiError as error:
                notices = (str(error),)
                continue
            if not shown.wants_list:
                return shown.status
            if shown.status:
                notices = (f"The dashboard of {ended.root.name} ended with status {shown.status}.",)
            at = (ended.root, shown.selected or ended.key)
    except NoTerminal as error:
        say(str(error))
        return FAILED
    finally:
        sources.stop()


def _show(invocation: Invocation, root: ListedRoot, opened: OpenedFromList) -> Ended:
    """Show the dashboard of a root. Raises ClawtuiError."""
    from clawtui.remote.address import RemoteRoot
    from clawtui.remote.sources import find_root
    from clawtui.tui.run import run_dashboard

    loaded = invocation.loaded()
    found = find_root(root.argument, loaded.settings)
    if isinstance(found, RemoteRoot):
        return show_remote_root(invocation, found, opened)
    return run_dashboard(found.paths.root, read_only=root.read_only, loaded=loaded, chosen=found, opened=opened)


def show_remote_root(invocation: Invocation, root: RemoteRoot, opened: OpenedFromList | None = None) -> Ended:
    """Show the dashboard of ``root`` until it is quit, or another root is chosen.

    ``opened`` is set if it is opened from the list of several roots; a dashboard on the other host can return to that
    list too. Raises NoTerminal.
    """
    loaded = invocation.loaded()
    made = make_source(root, invocation.clock)
    chosen = ChosenRoot(made.paths, root.name, loaded.settings.roots.get(root.name or ""))
    read_only = not invocation.read_write and (invocation.read_only or root.read_only or loaded.settings.read_only)
    try:
        ended = run_dashboard(
            made.paths.root, read_only=read_only, loaded=loaded, chosen=chosen, made=made, opened=opened
        )
    finally:
        made.source.stop()
        say_unknown(made.source)
    if ended.wants_login:
        words = ["--read-only"] if invocation.read_only else ["--read-write"] if invocation.read_write else []
        return Ended(run_dashboard_there(root, words), wants_list=opened is not None)
    return ended
