"""Running the dashboard in this terminal, or in a browser by textual-serve."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from msgspec.structs import replace

from clawtui.model.errors import reason_of_scarcity

if TYPE_CHECKING:
    from textual.app import App
    from textual.driver import Driver

    from clawtui.operations.acts.protocol import JudgeElsewhere
    from clawtui.remote.sources import RootSource
    from clawtui.roots.foreign_locks import JudgedElsewhere
    from clawtui.storage.roots import ChosenRoot
    from clawtui.storage.user.settings_file import LoadedSettings
    from clawtui.tui.controllers.user.preferences import Startup
    from clawtui.tui.terminal.guard import TerminalGuard


_SWITCH = 0.001
"""Seconds after which a thread must give the interpreter to another one that waits for it; Python's own value is 5 ms.
"""
_SETTLED = 3.0
"""Seconds after which all objects of the start have been created."""
_M_ARENA_MAX, _ARENAS = -8, 2
"""The parameter of glibc's `mallopt`, and its value."""


_SERVED = "TEXTUAL_DRIVER"
"""Variable set by textual-serve, which shows the dashboard in a browser, without a terminal to query or restore."""


EndedT = TypeVar("EndedT")


class OpenedFromList(NamedTuple):
    """The row of the list of several roots that a dashboard is opened from."""

    selected: str = ""
    """The key of the automation that the cursor is put on first; empty for none."""
    foreign: JudgedElsewhere | None = None
    """Judge of the locks that name the hosts of other roots."""


class Ended(NamedTuple):
    """Exit status of the dashboard, and what to show next."""

    status: int
    next_root: str | None = None
    """The name of the root to show next, if the operator chose one."""
    wants_default: bool = False  # another default state directory has appeared
    wants_demo: bool = False
    wants_login: bool = False
    """Whether only the dashboard of the root's own host can show it."""
    wants_list: bool = False
    """Whether to show the list of several roots again, from which the dashboard was opened."""
    selected: str = ""
    """The key of the automation that was selected at the end."""


class NoTerminal(Exception):
    """Error that the dashboard cannot be shown here; the text has the reason and a remedy."""


def run_dashboard(
    root: Path,
    *,
    read_only: bool = False,
    demo: bool = False,
    loaded: LoadedSettings | None = None,
    chosen: ChosenRoot | None = None,
    opened: OpenedFromList | None = None,
    made: RootSource | None = None,
) -> Ended:
    """Show the dashboard for the state directory `root` until it is quit, or another root is chosen.

    `opened` is given where it is opened from the list of several roots. `made` is the source of a root on another host;
    `root` is then the directory that has its documents here.
    Raises NoTerminal if there is no terminal that can show it.
    """

    def run(guard: TerminalGuard | None) -> Ended:
        from clawtui.storage.paths import StatePaths
        from clawtui.tui.app import ClawtuiApp, utc_now

        startup = prepare(loaded, chosen, {} if guard is None else os.environ)
        if opened is not None:
            startup = replace(startup, may_leave=False, is_below_list=True)
            startup = replace(startup, selected=opened.selected, foreign=opened.foreign)
        if made is not None:
            startup = replace(startup, source=made.source, acts=made.acts and partial(made.acts, _judge(startup)))
        app = ClawtuiApp(
            StatePaths(root),
            host=os.uname().nodename,
            clock=utc_now if made is None else made.clock,
            read_only=read_only,
            demo=demo,
            quiet_after=startup.settings.quiet_after,
            startup=startup,
            driver_class=None if guard is None else driver_for(startup, guard),
        )
        run_app(app)
        switch = app.roots
        return Ended(
            app.return_code or 0,
            switch.next_root,
            switch.wants_default,
            switch.wants_demo,
            switch.wants_login,
            switch.wants_list,
            switch.selected,
        )

    return run_guarded(run, loaded)


def _judge(startup: Startup) -> JudgeElsewhere | None:
    return startup.foreign.judge if startup.foreign is not None else None


def run_guarded(run: Callable[[TerminalGuard | None], EndedT], loaded: LoadedSettings | None) -> EndedT:
    """Call `run` with a guard that restores the terminal if this process is killed; without one in a browser.

    Raises NoTerminal if there is no terminal that can show an app, or a resource is exhausted.
    """
    # Textual reads this when it is imported.
    glide = loaded is not None and loaded.settings.animations
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "full" if glide else "none")
    if _SERVED in os.environ:
        return run(None)
    require_terminal()
    from clawtui.tui.terminal.guard import TerminalGuard

    guard = TerminalGuard(sys.__stdout__.fileno() if sys.__stdout__ else 1)
    try:
        return run(guard)
    except (RuntimeError, MemoryError, OSError) as error:
        if (reason := reason_of_scarcity(error)) is None:
            raise
        raise NoTerminal(f"the dashboard cannot go on: {reason}") from error
    finally:
        guard.end()


def run_app(app: App[None]) -> None:
    """Run `app` until it ends, with the collection of garbage as usual once all objects of the start are there."""
    # The event loop gives the interpreter up at each of its steps, of which a key takes several. A thread that reads
    # a log or judges locks would keep it for 5 ms each time.
    sys.setswitchinterval(_SWITCH)
    limit_arenas()
    settling = Timer(_SETTLED, _collect_as_usual)
    settling.daemon = True
    with suppress(RuntimeError):  # the thread limit is reached: garbage is then collected as at the start
        settling.start()
    app.run()


def limit_arenas() -> None:
    """Have the threads that start from now on share two arenas of glibc; do nothing with another C library.

    Each thread would get an arena of its own, and the gaps in fifteen of them grow to several megabytes. Only one
    thread at a time runs Python, so they rarely wait for each other. `ctypes` would take ten times as long to import.
    """
    with suppress(ImportError, AttributeError, OSError):
        import _ctypes

        mallopt = _ctypes.dlsym(_ctypes.dlopen("libc.so.6", 0), "mallopt")
        _ctypes.call_function(mallopt, (_M_ARENA_MAX, _ARENAS))


def _collect_as_usual() -> None:
    """Restore usual garbage collection, but exclude the objects from the start, which stay in use."""
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


def driver_for(startup: Startup, guard: TerminalGuard) -> type[Driver]:
    """Return the driver for the terminal that `guard` restores."""
    from clawtui.tui.terminal.driver import AsciiDriver, ClawtuiDriver
    from clawtui.tui.terminal.glyphs import wants_ascii

    ClawtuiDriver.guard = guard
    return AsciiDriver if wants_ascii(startup.settings.ascii, startup.environment) else ClawtuiDriver


def prepare(
    loaded: LoadedSettings | None, chosen: ChosenRoot | None, environment: Mapping[str, str] = os.environ
) -> Startup:
    """Return the settings and the saved state; a part that cannot be read becomes a complaint, not an error."""
    from clawtui.model.documents.ui_state import UiState
    from clawtui.model.errors import ClawtuiError
    from clawtui.operations.user.ui_state import load_arrangement, save_arrangement
    from clawtui.storage.user.settings_file import load_settings
    from clawtui.tui.controllers.user.preferences import Startup

    loaded = loaded or load_settings()
    complaints = [loaded.complaint] if loaded.complaint is not None else []
    try:
        ui_state = load_arrangement()
    except ClawtuiError as error:
        ui_state = UiState()
        complaints.append(str(error))
    known = chosen.known if chosen is not None else None
    return Startup(
        settings=loaded.settings,
        complaints=tuple(complaints),
        root_name=chosen.name if chosen is not None else None,
        is_default_root=chosen is not None and chosen.is_default,
        may_leave=chosen is not None and _SERVED not in os.environ,
        label=known.label if known is not None else "",
        label_colour=known.colour if known is not None else "red",
        ui_state=ui_state,
        save_ui_state=save_arrangement,
        environment=environment,
        settings_file=_settings_file(),
    )


def _settings_file() -> Path | None:
    """Return the path of the settings, which need not exist; None where there is no place for them."""
    from clawtui.storage.user.files import NoOwnPlace
    from clawtui.storage.user.settings_file import settings_path

    try:
        return settings_path()
    except NoOwnPlace:
        return None


def require_terminal() -> None:
    """Raise NoTerminal if there is no terminal that can show the dashboard."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise NoTerminal("the dashboard needs a terminal for its input and output")
    if os.environ.get("TERM", "") in ("", "dumb", "unknown"):
        raise NoTerminal("the dashboard needs a terminal that can move its cursor, and TERM says that this one cannot")
