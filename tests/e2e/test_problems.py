"""A file that cannot be read is a problem in its place, and everything else stays unchanged."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.e2e.dashboard import dashboard
from tests.e2e.remote_gateway import RemoteGateway
from tests.e2e.terminal import Terminal
from tests.gateway_root import iso, run_entry

LOG = "the log"


def now() -> datetime:
    """Return the time of the call: the dashboard under test reads the real clock, and a suite may have run for long."""
    return datetime.now(UTC)


@pytest.fixture
def sound(remote: RemoteGateway) -> RemoteGateway:
    """Write one valid file of each kind."""
    start = now()
    remote.dispatcher()
    remote.automation("sync-main", name="Sync Main")
    remote.automation("sync-other", name="Sync Other")
    remote.state(
        "sync-main", percentage=65, milestone="Resolving conflicts", startTime=iso(start), lastUpdate=iso(now())
    )
    remote.progress("sync-main", ("Initializing workspace", 5), ("Fetching upstream changes", 15), start=now())
    remote.write_json(
        "workspaces/sync-main/workspace-info.json",
        {
            "automationId": "sync-main",
            "automationType": "smart-sync-fork",
            "sessionId": "cron:sync-main",
            "created": iso(now()),
            "lastUpdated": iso(now()),
            "status": "active",
        },
    )
    remote.lock("github.com/user/main", "sync-main", acquiredAt=iso(now()))
    remote.slots(
        {"automationId": "sync-main", "sessionId": "cron:sync-main", "acquiredAt": iso(now()), "slotNumber": 1}
    )
    log = f"logs/smart-sync-fork/sync-main-{start:%Y-%m-%d-%H-%M-%S}.jsonl"
    remote.append_log(log, run_entry("sync-main", "Starting Smart-Sync Fork"))
    return remote


EVERYTHING = {
    "config/smart-sync-fork/sync-main.json": "Sync Main",
    "config/smart-sync-fork/sync-other.json": "Sync Other",
    "config/concurrency-state.json": "slots 1/3",
    "workspaces/sync-main/state.json": "65% Resolving conflicts",
    "workspaces/sync-main/progress.json": "Fetching upstream changes",
    "locks/github.com-user-main.lock": "github.com/user/main",
    LOG: "Starting Smart-Sync Fork",
}
"""What each file puts on the screen."""

BROKEN = {
    "config/dispatcher.json": ('{"version": 1, "maxConcurrent": 99}', "maxConcurrent"),
    "config/concurrency-state.json": ('{"version": 7}', "version"),
    "config/smart-sync-fork/sync-other.json": ("{id: 'sync-other', name: ", "is not JSON5"),
    "workspaces/sync-main/workspace-info.json": ("", "is empty"),
    "workspaces/sync-main/state.json": ('{"status": 3}', "state.json"),
    "workspaces/sync-main/progress.json": ('{"timeline": {}}', "progress.json"),
    "locks/github.com-user-main.lock": ("not a lock\x1b[2J", "github.com-user-main.lock"),
}
"""A broken version of each kind, and what the list of problems says of it."""

LEFT_OUT = {
    "config/smart-sync-fork/sync-other.json": {"Sync Other"},
    "workspaces/sync-main/state.json": {"65% Resolving conflicts", "Fetching upstream changes"},
    "workspaces/sync-main/progress.json": {"Fetching upstream changes"},
    "locks/github.com-user-main.lock": {"github.com/user/main"},
    "config/concurrency-state.json": {"slots 1/3"},
}
"""What cannot be shown any more once the file is broken."""


def test_each_malformed_file_is_shown_and_the_rest_stays(sound: RemoteGateway) -> None:
    with dashboard(sound) as terminal:
        for text in EVERYTHING.values():
            terminal.wait_for(text)
        for path, (content, problem) in BROKEN.items():
            assert_shown_as_problem(terminal, sound, path, content, problem)


def assert_shown_as_problem(terminal: Terminal, sound: RemoteGateway, path: str, content: str, problem: str) -> None:
    """Break the file at `path`, check that it is a problem that is listed with `problem`, and mend it."""
    good = (sound.automations / path).read_bytes()
    sound.write(path, content)
    terminal.wait_for("1 problem")
    for text in set(EVERYTHING.values()) - LEFT_OUT.get(path, set()):
        terminal.wait_for(text)
    terminal.press("!")
    terminal.wait_for(path)
    terminal.wait_for(problem)
    terminal.press("esc")
    sound.write(path, good)
    terminal.wait_for(lambda rows: "problem" not in rows[0])
    for text in EVERYTHING.values():
        terminal.wait_for(text)


def test_a_malformed_line_of_a_log_is_shown_unchanged(sound: RemoteGateway) -> None:
    (path,) = sound.automations.glob("logs/*/*.jsonl")
    log = path.relative_to(sound.automations).as_posix()
    sound.write(log, path.read_bytes() + b"panic: \x1b]0;owned\x07 out of memory\n")
    sound.append_log(log, run_entry("sync-main", "Still going"))
    with dashboard(sound) as terminal:
        terminal.wait_for("Still going")
        rows = terminal.wait_for("panic:")
        assert any(" ! panic: ␛]0;owned" in row for row in rows)
        assert terminal.title != "owned"
