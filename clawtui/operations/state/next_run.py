"""Change when an automation is due next: at once, at a given time, or by its schedule again."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct

from clawtui.model.documents.automation import AutomationConfig
from clawtui.model.errors import Refused, Replaced
from clawtui.model.fleet import Automation
from clawtui.model.runs.judgement import QUIET_AFTER
from clawtui.model.text.units import format_timestamp
from clawtui.operations.runs.run_states import judged_workspace
from clawtui.operations.state.automations import called, other_files, recorded
from clawtui.storage.paths import StatePaths
from clawtui.storage.roots import command_line_for
from clawtui.storage.stores.dispatcher import DispatcherStore
from clawtui.storage.stores.saving import change_document


class NextRun(Struct, frozen=True):
    """``nextRun`` as it was changed."""

    automation: Automation
    """As it is on disk now."""
    before: datetime | None
    """None if the file had no ``nextRun``."""
    at: datetime | None
    """As it was set; None if it was removed."""
    message: str
    """What was done, and the command that undoes it."""


def run_now(paths: StatePaths, automation: Automation, now: datetime, quiet_after: timedelta = QUIET_AFTER) -> NextRun:
    """Set ``nextRun`` to ``now``, so that the next dispatch starts a run.

    Raises Refused for a disabled automation or one that is running, and as ``set_next_run`` does.
    """
    config = automation.config.value
    if config is not None and not config.enabled:
        enable = command_line_for(paths.root).hint("automation", "enable", automation.id, name="ID")
        raise Refused(
            f"{automation.id} is disabled, so no dispatch starts it; nothing was done", hint=f"First {enable}."
        )
    workspace = judged_workspace(paths, automation.id, now, quiet_after)
    if workspace is not None and workspace.running is not None:
        raise Refused(f"{automation.id} has a run in progress; nothing was done")
    summary = f"{called(automation)} is due now: the next dispatch starts it"
    reading = DispatcherStore(paths).load()
    if reading is not None and reading.value is not None and not reading.value.enabled:
        summary += " (but the dispatcher is disabled)"
    return set_next_run(paths, automation, now, now, summary, "automation-run-now")


def undo_next_run(paths: StatePaths, done: NextRun, now: datetime) -> NextRun:
    """Set ``nextRun`` to what it was before ``done``.

    Raises Replaced where it was changed since, and as ``set_next_run`` does.
    """
    summary = f"{called(done.automation)}: its next run is again as it was before"
    return set_next_run(paths, done.automation, done.before, now, summary, "automation-next-run-undone", done)


def set_next_run(
    paths: StatePaths,
    automation: Automation,
    at: datetime | None,
    now: datetime,
    summary: str,
    event: str,
    since: NextRun | None = None,
) -> NextRun:
    """Set ``nextRun`` to ``at``, or remove it with None, and write ``event`` into the audit.

    Changes that other programs make in the meantime are kept. ``summary`` is the beginning of the message.

    Raises Replaced if the file is of another automation by now, or ``nextRun`` is not the value that ``since`` set;
    Refused if another file has the id; Invalid; NoSuch; Unwritable.
    """
    if others := other_files(paths, automation):
        raise Refused(
            f"{len(others) + 1} files are the automation “{automation.id}”; nothing was done",
            hint=f"The other is {others[0]}.",
        )
    meant, before = (
        automation.config.value,
        [None if automation.config.value is None else automation.config.value.next_run],
    )

    def change(config: AutomationConfig) -> AutomationConfig | None:
        if meant is not None and (config.id, config.type) != (meant.id, meant.type):
            raise Replaced(f"{automation.config.path} is the configuration of “{config.id}” by now; nothing was done")
        if since is not None and config.next_run != since.at:
            raise Replaced(f"the next run of {automation.id} was changed since; nothing was done")
        before[0] = config.next_run
        return None if config.next_run == at else config.changed(next_run=at, modified=now)

    reading = change_document(paths.automations, automation.config.path, AutomationConfig, change, now)
    changed = Automation(automation.type, automation.id, reading)
    undo = _undo(paths, automation, before[0], now)
    message = f"{summary}{recorded(paths, event, automation, now)}\n{undo} takes that back."
    return NextRun(changed, before[0], at, message)


def _undo(paths: StatePaths, automation: Automation, before: datetime | None, now: datetime) -> str:
    """Return the command that sets ``nextRun`` to what it was; one in the past is due at once as well."""
    line, id = command_line_for(paths.root), automation.id
    if before is None:
        return line.hint("automation", "snooze", "--clear", id, name="ID")
    if before <= now:
        return line.hint("automation", "run-now", id, name="ID")
    return line.hint("automation", "snooze", id, format_timestamp(before), name="ID")
