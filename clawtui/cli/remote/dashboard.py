"""The dashboard of a root on another host: shown here, or by the clawtui there where only that can show it."""

from __future__ import annotations

from clawtui.cli.framework.context import Invocation
from clawtui.remote.address import RemoteRoot
from clawtui.remote.command import run_dashboard as run_dashboard_there
from clawtui.remote.sources import make_source
from clawtui.storage.roots import ChosenRoot
from clawtui.tui.run import Ended, OpenedFromList, run_dashboard


def show_remote_root(invocation: Invocation, root: RemoteRoot, opened: OpenedFromList | None = None) -> Ended:
    """Show the dashboard of ``root`` until it is quit, or another root is chosen.

    ``opened`` is given where it is opened from the list of several roots, to which a dashboard on the other host leads
    back too. Raises NoTerminal.
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
    if ended.wants_login:
        words = ["--read-only"] if invocation.read_only else ["--read-write"] if invocation.read_write else []
        return Ended(run_dashboard_there(root, words), wants_list=opened is not None)
    return ended
