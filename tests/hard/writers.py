"""Everything that clawtui ever writes, each as one piece of work over a state directory that has something for it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from click.testing import CliRunner

from clawtui.cli.framework.context import Invocation
from clawtui.cli.framework.errors import exit_status
from clawtui.cli.main import main
from clawtui.model.checked.reading import made
from clawtui.model.documents.automation import RunResult
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.documents.log_entry import DispatcherLogEntry, RunLogEntry
from clawtui.model.documents.ui_state import UiState
from clawtui.model.documents.workspace import Milestone, RuntimeState, WorkspaceInfo
from clawtui.model.errors import ClawtuiError, NoSuch
from clawtui.operations.state.editing import begin_draft, review_draft, save_draft
from clawtui.operations.user.clipboard import keep_copy
from clawtui.operations.user.failure_reports import report_failure
from clawtui.operations.user.ui_state import save_arrangement
from clawtui.storage.locks.manager import RepositoryLockManager
from clawtui.storage.paths import StatePaths
from clawtui.storage.stores.configurations import AutomationConfigStore
from clawtui.storage.stores.dispatcher import ConcurrencyStore
from clawtui.storage.stores.logs import AutomationLogManager
from clawtui.storage.workspaces.manager import WorkspaceManager
from tests.gateway_root import GatewayRoot, iso, run_entry

NOW = datetime.now(UTC).replace(microsecond=0)
"""The instant of all of it, so that the same work writes the same bytes."""
MINUTE = timedelta(minutes=1)
LONG_AGO = (NOW - timedelta(days=3)).timestamp()
GONE = 999_999_999
"""A pid that no process has."""
DEAD, FREE, ASIDE = "https://github.com/user/dead.git", "https://github.com/user/free.git", "github.com/user/aside"


class Ended(NamedTuple):
    """The end of a piece of work."""

    status: int
    output: str


@dataclass(frozen=True)
class Site:
    """The directories of a piece of work: the state directory, clawtui's own one and an export, below one directory."""

    home: Path

    @property
    def gateway(self) -> GatewayRoot:
        return GatewayRoot(self.home / "state")

    @property
    def paths(self) -> StatePaths:
        return StatePaths(self.gateway.root)


Work = Callable[[Site], Ended]


def furnish(home: Path) -> Site:
    """Write something for each of ``WORKS``; the environment says where clawtui's own directory is."""
    place = Site(home)
    gateway = place.gateway
    gateway.dispatcher(version=0)
    gateway.automation("on", nextRun=iso(NOW + timedelta(hours=1)))
    gateway.automation("off", enabled=False)
    gateway.state("on", status="failed", startTime=iso(NOW - timedelta(hours=2)), lastUpdate=iso(NOW - MINUTE))
    gateway.progress("on", ("Cloning", 10))
    gateway.state("done", status="completed")
    gateway.write("workspaces/done/repo/src/file.ts", "// a clone\n")
    gateway.slots({"automationId": "on", "sessionId": "cron:on", "acquiredAt": iso(NOW), "slotNumber": 1})
    gateway.lock("github.com/user/dead", "on", pid=GONE, acquiredAt=iso(NOW - timedelta(hours=1)))
    aside = gateway.lock(ASIDE, "on", pid=GONE, acquiredAt=iso(NOW - timedelta(hours=1)))
    aside.rename(aside.with_name(f"{aside.name}.{NOW:%Y%m%dT%H%M%SZ}.{GONE}.0123abcd.released"))
    for log in ("dispatcher/2020-01-01", "smart-sync-fork/on-2020-01-01-10-00-00"):
        entry = {"timestamp": iso(NOW), "level": "info", "event": "dispatch-started"}
        os.utime(gateway.append_log(f"logs/{log}.jsonl", entry), (LONG_AGO - 40 * 86400,) * 2)
    left = gateway.write("config/dispatcher.json.4711.1.tmp", "{")
    os.utime(left, (LONG_AGO, LONG_AGO))
    gateway.write_json("export.json", {"version": 1, "exportedAt": iso(NOW), "automations": list(map(_entry, "abc"))})
    (gateway.automations / "export.json").rename(home / "export.json")
    for directory, _, files in os.walk(home):
        Path(directory).chmod(0o700)
        for name in files:
            (Path(directory) / name).chmod(0o600)
    (gateway.automations / "config/smart-sync-fork/off.json").chmod(0o644)
    return place


def _entry(id: str) -> dict[str, object]:
    known = {"id": id, "type": "smart-sync-fork", "name": id.upper(), "enabled": True, "config": {}, "runHistory": []}
    return known | {"schedule": {"type": "interval", "value": "2h"}, "created": iso(NOW), "modified": iso(NOW)}


def command(*arguments: str) -> Work:
    """Run a command line in this process; ``HOME`` in it stands for the site's directory."""

    def work(place: Site) -> Ended:
        line = [argument.replace("HOME", str(place.home)) for argument in arguments]
        called = CliRunner().invoke(
            main, ["--root", str(place.gateway.root), *line], obj=Invocation(clock=lambda: NOW), catch_exceptions=True
        )
        if called.exception is not None and not isinstance(called.exception, SystemExit):
            raise called.exception
        return Ended(called.exit_code, called.stderr)

    return work


def call(act: Callable[[StatePaths], object]) -> Work:
    """Do something that has no command, and report it as a command would."""

    def work(place: Site) -> Ended:
        try:
            act(place.paths)
        except ClawtuiError as error:
            return Ended(exit_status(error), str(error))
        return Ended(0, "")

    return work


def acquire(paths: StatePaths) -> RepositoryLock | None:
    return RepositoryLockManager(paths).acquire(
        FREE, "on", "cron:x", now=NOW, pid=1, hostname="here", timeout=timedelta(hours=4)
    )


def _release_lock(paths: StatePaths) -> None:
    manager = RepositoryLockManager(paths)
    standing = manager.get(DEAD)
    if standing is None or standing.value is None:
        raise NoSuch("it is not locked")
    manager.release(standing.value)


def _record_run(paths: StatePaths) -> None:
    result = RunResult(timestamp=NOW, status="success", duration=1, summary="Synced")
    AutomationConfigStore(paths).update_last_run("on", result, NOW)


def _save_info(paths: StatePaths) -> None:
    info = WorkspaceInfo(
        automation_id="on",
        automation_type="smart-sync-fork",
        session_id="s",
        status="active",
        created=NOW,
        last_updated=NOW,
    )
    WorkspaceManager(paths).save_info(info)


def _save_state(paths: StatePaths) -> None:
    WorkspaceManager(paths).update_state(
        "on", RuntimeState(automation_id="on", session_id="s", status="running", last_update=NOW)
    )


def _reach(paths: StatePaths) -> None:
    WorkspaceManager(paths).update_progress("on", Milestone(timestamp=NOW, milestone="Merging", percentage=50))


def _log_run(paths: StatePaths) -> None:
    entry = made(RunLogEntry, run_entry("on", "Merging", NOW))
    AutomationLogManager(paths).write_run("smart-sync-fork", "on-2025-01-26-10-00-00.jsonl", entry)


def _log_dispatch(paths: StatePaths) -> None:
    entry = {"timestamp": NOW, "level": "info", "event": "dispatch-started"}
    AutomationLogManager(paths).write_dispatcher(made(DispatcherLogEntry, entry))


def _edit(paths: StatePaths) -> None:
    automation = AutomationConfigStore(paths).get("on")
    assert automation is not None
    draft = begin_draft(paths, automation)
    draft.file.write_text(draft.file.read_text().replace("'On'", "'On and on'"))
    save_draft(paths, draft, review_draft(draft), NOW)


WORKS: Mapping[str, Work] = {
    "enable": command("automation", "enable", "off"),
    "disable": command("automation", "disable", "on"),
    "delete": command("automation", "delete", "on", "--yes"),
    "edit": call(_edit),
    "record-run": call(_record_run),
    "workspace-create": call(lambda paths: WorkspaceManager(paths).create("new")),
    "workspace-info": call(_save_info),
    "workspace-state": call(_save_state),
    "workspace-progress": call(_reach),
    "workspace-clean": command("workspace", "clean", "done", "--yes"),
    "export": command("export", "HOME/out.json", "--yes"),
    "import": command("import", "HOME/export.json", "--on-conflict", "overwrite"),
    "migrate": command("migrate"),
    "slot-acquire": call(lambda paths: ConcurrencyStore(paths).acquire("on", "cron:new", NOW, 3)),
    "slot-release": call(lambda paths: ConcurrencyStore(paths).release("cron:on", NOW)),
    "slot-free": command("slot", "free", "1", "--yes"),
    "prune": command("prune"),
    "log-run": call(_log_run),
    "log-dispatch": call(_log_dispatch),
    "lock-acquire": call(acquire),
    "lock-let-go": call(_release_lock),
    "lock-release": command("lock", "release", DEAD, "--yes"),
    "lock-restore": command("lock", "restore", ASIDE, "--yes"),
    "lock-run": command("lock", "run", FREE, "--", "true"),
    "doctor-fix": command("doctor", "--fix", "--yes"),
    "arrangement": call(lambda paths: save_arrangement(UiState(rows=(1, 2)))),
    "copy": call(lambda paths: keep_copy("copied")),
    "report": call(lambda paths: report_failure(ValueError("x"), "a test", NOW)),
}
"""By name."""
