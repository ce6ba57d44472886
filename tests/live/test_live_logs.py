"""The ends of followed logs are kept up to date; of all other logs only the names are known."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from pathlib import Path

import pytest

from clawtui.live.watching.intervals import Intervals
from clawtui.model.fleet import Fleet
from tests.gateway_root import GatewayRoot, run_entry
from tests.live.conftest import Watch
from tests.live.watched import Watched
from tests.waiting import wait_until

DAY = "logs/dispatcher/2025-01-26.jsonl"
NEXT_DAY = "logs/dispatcher/2025-01-27.jsonl"
RUN = "logs/smart-sync-fork/a-1-2025-01-26-10-00-00.jsonl"


def messages(fleet: Fleet, path: str) -> list[str]:
    tail = fleet.tails.get(path)
    return [str(json.loads(line)["message"]) for line in tail.lines] if tail else []


def open_files() -> set[Path]:
    """Return the paths of everything that this process has open."""
    found = set()
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):
            found.add(descriptor.readlink())
    return found


@pytest.fixture
def filled(gateway: GatewayRoot) -> GatewayRoot:
    gateway.append_log(DAY, {"message": "first"})
    gateway.append_log(RUN, run_entry("a-1", "one"))
    return gateway


def test_the_newest_dispatcher_log_is_always_followed(filled: GatewayRoot, watch: Watch) -> None:
    watched = watch()
    assert messages(watched.loaded(), DAY) == ["first"]
    filled.append_log(DAY, {"message": "second"})
    watched.until(lambda fleet: messages(fleet, DAY) == ["first", "second"])


def test_when_the_day_changes_the_new_log_is_followed_instead(filled: GatewayRoot, watch: Watch) -> None:
    watched = watch()
    watched.loaded()
    filled.append_log(NEXT_DAY, {"message": "new day"})
    watched.until(lambda fleet: fleet.tails.keys() == {DAY, NEXT_DAY} and messages(fleet, NEXT_DAY) == ["new day"])
    filled.append_log(NEXT_DAY, {"message": "goes on"})
    watched.until(lambda fleet: messages(fleet, NEXT_DAY) == ["new day", "goes on"])


def test_a_log_is_followed_from_the_request_until_the_next_one(filled: GatewayRoot, watch: Watch) -> None:
    watched = watch()
    watched.loaded()
    watched.model.follow(RUN)
    watched.until(lambda fleet: messages(fleet, RUN) == ["one"])
    filled.append_log(RUN, run_entry("a-1", "two"))
    watched.until(lambda fleet: messages(fleet, RUN) == ["one", "two"])
    watched.model.follow(None)
    watched.until(lambda fleet: fleet.tails.keys() == {DAY})
    watched.model.follow(DAY)
    watched.model.follow(RUN)
    watched.until(lambda fleet: fleet.tails.keys() == {DAY, RUN})


def test_a_log_may_be_followed_before_it_is_there_and_after_it_is_gone(filled: GatewayRoot, watch: Watch) -> None:
    watched = watch()
    watched.model.follow("logs/new-type/b-1-2025-01-26-10-00-00.jsonl")
    watched.loaded()
    path = filled.append_log("logs/new-type/b-1-2025-01-26-10-00-00.jsonl", run_entry("b-1", "here"))
    watched.until(lambda fleet: messages(fleet, "logs/new-type/b-1-2025-01-26-10-00-00.jsonl") == ["here"])
    path.unlink()
    watched.until(lambda fleet: messages(fleet, "logs/new-type/b-1-2025-01-26-10-00-00.jsonl") == [])
    assert watched.fleet.logs["new-type"] == {}


def test_a_log_that_is_truncated_is_read_from_its_start(filled: GatewayRoot, watch: Watch) -> None:
    watched = watch()
    before = watched.loaded().tails[DAY]
    (filled.automations / DAY).write_text("")
    filled.append_log(DAY, {"message": "x"})
    watched.until(lambda fleet: messages(fleet, DAY) == ["x"])
    assert watched.fleet.tails[DAY].beginning > before.beginning


def test_a_line_in_the_making_waits_for_its_end(filled: GatewayRoot, watch: Watch) -> None:
    watched = watch()
    watched.loaded()
    path = filled.automations / DAY
    with path.open("a") as log:
        log.write('{"message":')
    filled.append_log(RUN.replace("a-1", "a-2"), run_entry("a-2", "one"))
    watched.until(lambda fleet: "a-2" in fleet.logs["smart-sync-fork"])
    assert messages(watched.fleet, DAY) == ["first"]
    with path.open("a") as log:
        log.write('"whole"}\n')
    watched.until(lambda fleet: messages(fleet, DAY) == ["first", "whole"])


def test_logs_are_listed_by_automation_oldest_first(filled: GatewayRoot, watch: Watch) -> None:
    watched = watch()
    watched.loaded()
    for hour in (12, 11, 9):
        filled.append_log(f"logs/smart-sync-fork/a-1-2025-01-26-{hour:02}-00-00.jsonl", run_entry("a-1", "x"))
    watched.until(lambda fleet: [name.started.hour for name in fleet.logs["smart-sync-fork"]["a-1"]] == [9, 10, 11, 12])
    (filled.automations / RUN).unlink()
    watched.until(lambda fleet: [name.started.hour for name in fleet.logs["smart-sync-fork"]["a-1"]] == [9, 11, 12])


def test_only_a_log_can_be_followed(filled: GatewayRoot, watch: Watch) -> None:
    watched = watch()
    for path in ("../../etc/passwd", "config/dispatcher.json", "", "logs/x/notes.txt"):
        with pytest.raises(ValueError, match="is no log"):
            watched.model.follow(path)


def test_a_steady_stream_is_published_in_batches(filled: GatewayRoot, watch: Watch) -> None:
    gap = 0.1
    watched: Watched = watch(timing=Intervals(reconcile=3600, gap=gap))
    watched.loaded()
    watched.model.follow(RUN)
    watched.until(lambda fleet: RUN in fleet.tails)
    before = len(watched.fleets)
    began = time.monotonic()
    written = 1
    while len(watched.fleets) < before + 4:
        filled.append_log(RUN, run_entry("a-1", f"line {written}"))
        written += 1
    watched.until(lambda fleet: fleet.tails[RUN].dropped + len(fleet.tails[RUN].lines) == written)
    shown = len(watched.fleets) - before
    assert shown <= (time.monotonic() - began) / gap + 1


def test_a_log_that_is_no_longer_followed_is_closed(filled: GatewayRoot, watch: Watch) -> None:
    watched: Watched = watch()
    watched.loaded()
    watched.model.follow(RUN)
    watched.until(lambda fleet: RUN in fleet.tails)
    run = filled.automations / RUN
    assert run in open_files()
    watched.model.follow(None)
    wait_until(lambda: run not in open_files())


def test_a_followed_log_stays_followed_after_the_root_returns(filled: GatewayRoot, watch: Watch) -> None:
    watched = watch()
    watched.loaded()
    watched.model.follow(RUN)
    watched.until(lambda fleet: RUN in fleet.tails)
    moved = filled.automations.rename(filled.root / "elsewhere")
    watched.until(lambda fleet: fleet.watch == "waiting" and not fleet.tails)
    moved.rename(filled.automations)
    watched.until(lambda fleet: messages(fleet, RUN) == ["one"])
    wait_until(lambda: watched.fleet.loaded)
