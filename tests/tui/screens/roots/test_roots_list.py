"""The automations of several roots in one list: order, filter, alarms, and roots that cannot be reached."""

from __future__ import annotations

import os
import re
import shlex
import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from clawtui.live.watching.intervals import DEFAULT_INTERVALS
from clawtui.model.connection import Connection
from clawtui.model.documents.settings import RootSettings, Settings
from clawtui.model.fleet import Fleet
from clawtui.remote.command import SSH_COMMAND
from clawtui.roots.listing import list_roots
from clawtui.roots.sources import local_source, source_maker
from clawtui.tui.screens.roots.root_view import RootView
from tests.gateway_root import GatewayRoot, iso
from tests.remote.other_host import OtherHost
from tests.tui.dashboard_of_gateway import DEAD, ailing_gateway
from tests.tui.roots_list import gateway, listed, roots_list


def fail(root: GatewayRoot, id: str) -> None:
    run = {"timestamp": iso(datetime.now(UTC) - timedelta(hours=1)), "status": "failure", "duration": 61000}
    root.automation(id, runHistory=[run], lastRun=run)


async def test_all_roots_are_in_one_list_by_urgency_with_their_alarms(tmp_path: Path) -> None:
    prod = gateway(tmp_path, "prod", "at-rest", "busy", running="busy")
    prod.lock("github.com/u/busy", "busy", acquiredAt=iso(datetime.now(UTC)), sessionId="cron:busy")
    fail(gateway(tmp_path, "home", "asleep"), "broken")
    ailing_gateway(tmp_path / "stock").close()
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    roots = [listed(tmp_path, name) for name in ("home", "prod", "stock", "circle", "nowhere")]
    async with roots_list(roots) as tester:
        await tester.wait_for(lambda: tester.row("prod", "Busy", "65%"))
        await tester.wait_for(lambda: tester.row("stock", "Job failed", "no route"))
        await tester.wait_for(lambda: tester.row("circle", "unreachable for", "leads in a circle"))
        await tester.wait_for(lambda: tester.row("nowhere", "missing for", "there is no state directory"))
        header = tester.rows[0]
        assert all(text in header for text in ("home ✗1", "prod ", "▸1", "stock ✗", "circle unreachable"))
        at = {text: tester.rows.index(tester.row(text)) for text in ("Busy", "Broken", "circle", "At Rest", "Asleep")}
        assert at["Busy"] < at["circle"] < at["Broken"] < min(at["At Rest"], at["Asleep"])
        assert (
            tester.rows[1].index("1 unreachable · 1 missing")
            < tester.rows[1].index("failed")
            < tester.rows[1].index("running")
        )
        await tester.press("F")
        assert tester.row("›", "✗") or tester.row("›", "!")


async def test_the_filter_takes_a_root_and_the_order_groups_by_root(tmp_path: Path) -> None:
    for name in ("alpha", "beta"):
        gateway(tmp_path, name, "one", "two")
    async with roots_list([listed(tmp_path, "alpha"), listed(tmp_path, "beta")]) as tester:
        await tester.wait_for(lambda: tester.order.count("alpha") == tester.order.count("beta") == 2)
        assert tester.order == ["alpha", "beta"] * 2, "by urgency, across roots"
        await tester.press("greater_than_sign")
        assert tester.order == ["alpha"] * 2 + ["beta"] * 2
        await tester.press("slash", *"root:beta two", "enter")
        await tester.wait_for(lambda: tester.order == ["beta"])
        assert tester.row("beta", "Two")
        await tester.press("escape")
        await tester.wait_for(lambda: len(tester.order) == 4)


async def test_a_root_that_vanishes_keeps_its_last_state_until_it_is_back(tmp_path: Path) -> None:
    gateway(tmp_path, "lab", "one", "two", running="one")
    gateway(tmp_path, "home", "other")
    async with roots_list([listed(tmp_path, "lab"), listed(tmp_path, "home")], (80, 24)) as tester:
        await tester.wait_for(lambda: tester.row("lab", "One"))
        (tmp_path / "lab").rename(tmp_path / "gone")
        await tester.wait_for(lambda: "lab missing" in tester.rows[0])
        assert tester.row("!", "lab", "missing for", "there is no state directory"), "it was looked at: not unreachable"
        assert tester.row("?", "lab", "One") and tester.row("?", "lab", "Two"), "marked as not current"
        assert "▸1" not in tester.rows[0], "what may run there is not counted"
        GatewayRoot(tmp_path / "home").automation("newer")
        await tester.wait_for(lambda: tester.row("home", "Newer"))
        await tester.press("exclamation_mark")
        await tester.wait_for("there is no state directory")
        await tester.press("escape")
        (tmp_path / "gone").rename(tmp_path / "lab")
        await tester.wait_for(lambda: "missing" not in tester.text)
        assert tester.row("lab", "One") and "?" not in tester.row("lab", "One")[:4]


async def test_a_root_on_another_host_is_in_the_list_and_its_last_state_stays_without_a_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, home = gateway(tmp_path, "there", "one", "two"), gateway(tmp_path, "home", "other")
    host, pid = OtherHost(tmp_path, there.root), tmp_path / "pid"
    there.lock("github.com/u/one", "one", pid=DEAD)  # judged there, with the processes of that host
    works = f'echo $$ > {shlex.quote(str(pid))}; exec sh -c "exec $command"'
    monkeypatch.setenv(SSH_COMMAND, shlex.quote(str(host.script("exec sleep 3600"))))
    command = shlex.join([sys.executable, "-m", "clawtui"])
    settings = Settings(roots={"work": RootSettings(host="gw1", path=str(there.root), command=command)})
    (work,) = list_roots((), settings)
    make = source_maker(settings, lambda: datetime.now(UTC))
    async with roots_list([listed(tmp_path, "home"), work], make=make) as tester:
        await tester.wait_for(lambda: tester.row("work", "connecting to gw1", "Enter opens"))
        await tester.wait_for(lambda: tester.row("home", "Other"))  # the one that does not answer delays no other
    host.script(works)
    async with roots_list([listed(tmp_path, "home"), work], make=make) as tester:
        await tester.wait_for(lambda: tester.row("work", "One") and tester.row("work", "Two"), 60)
        await tester.wait_for(lambda: re.search(r"work [0-9.]+ms !1", tester.rows[0]))
        there.automation("three")
        await tester.go_to("work", "Three")
        await tester.press("minus")
        await tester.wait_for(lambda: tester.row("work", "disabled"))
        host.script("echo no route >&2; exit 255")
        os.kill(int(pid.read_text()), signal.SIGKILL)
        await tester.wait_for("work unreachable")
        await tester.wait_for(lambda: tester.row("?", "work", "One") and tester.row("!", "work", "unreachable for"))
        await tester.go_to("!", "work")
        await tester.wait_for("no connection to work since")  # all of it beside the list, with what helps
        home.automation("newer")
        await tester.wait_for(lambda: tester.row("home", "Newer"))
        host.script(works)
        await tester.press("R")
        await tester.wait_for(lambda: "unreachable" not in tester.text and tester.row("work", "One"), 60)


async def test_a_directory_with_two_names_is_shown_once_with_a_message(tmp_path: Path) -> None:
    gateway(tmp_path, "home", "one")
    (tmp_path / "link").symlink_to("home")
    async with roots_list([listed(tmp_path, "home"), listed(tmp_path, "link")]) as tester:
        await tester.wait_for("is the same directory as")
        await tester.wait_for(lambda: tester.row("One"))
        assert len(tester.order) == 1


async def test_a_change_of_one_root_repaints_only_its_row(tmp_path: Path) -> None:
    home = gateway(tmp_path, "home", *(f"a-{number}" for number in range(9)), running="a-3")
    gateway(tmp_path, "other", *(f"b-{number}" for number in range(9)))
    async with roots_list([listed(tmp_path, "home"), listed(tmp_path, "other")], (120, 70)) as tester:
        await tester.wait_for(lambda: len(tester.order) == 18 and tester.row("home", "A 3"))
        view = tester.app.view.pane.table
        painted: list[int] = []
        refresh = view.refresh

        def record(*regions: object, **options: bool) -> object:
            painted.extend(getattr(region, "y", -1) for region in regions)
            return refresh(*regions, **options)  # type: ignore[arg-type]

        row = tester.rows.index(tester.row("home", "A 3"))
        view.refresh = record  # type: ignore[method-assign, assignment]
        await tester.pilot.pause(0.3)
        while not set(painted) <= {row - 2}:  # the verdicts of the start are still coming
            painted.clear()
            await tester.pilot.pause(0.3)
        home.state("a-3", percentage=88, milestone="Pushing", startTime=iso(datetime.now(UTC)))
        await tester.wait_for(lambda: "Pushing" in tester.text)
        assert set(painted) <= {row - 2}, "the heading and the title of the pane are above the table"


async def test_twenty_roots_are_read_and_shown(tmp_path: Path) -> None:
    roots = []
    for number in range(20):
        gateway(tmp_path, f"root-{number}", "one", "two", "three")
        roots.append(listed(tmp_path, f"root-{number}"))
    async with roots_list(roots, (120, 70)) as tester:
        await tester.press("z")
        await tester.wait_for(lambda: len(tester.order) == 60)
        assert set(tester.order) == {root.name for root in roots}
        assert "more" in tester.rows[0], "the header names those that fit"
        assert not tester.app.messages.history


def test_another_round_trip_time_changes_no_row() -> None:
    now, connection = datetime.now(UTC), Connection("work", "connected", round_trip=timedelta(milliseconds=1))
    fleet, view = Fleet("work", loaded=True, connection=connection), RootView(listed(Path("/"), "work"))
    assert view.take(fleet, now)
    slower = replace(fleet, connection=replace(connection, round_trip=timedelta(milliseconds=90)))
    assert not view.take(slower, now)
    assert view.round_trip == view.content(now).round_trip == timedelta(milliseconds=90)
    assert view.take(replace(slower, watch="polling"), now)


async def test_reading_goes_on_as_soon_as_the_first_frame_was_drawn(tmp_path: Path) -> None:
    patient = replace(DEFAULT_INTERVALS, first_slice=3600, first_rest=3600)
    gateway(tmp_path, "prod", "one")
    async with roots_list([listed(tmp_path, "prod")], make=lambda root: local_source(root, patient)) as tester:
        await tester.wait_for(lambda: tester.app.view.roots["prod"].fleet.loaded)


async def test_the_problems_are_those_of_now_while_they_are_shown(tmp_path: Path) -> None:
    root = gateway(tmp_path, "prod", "one")
    async with roots_list([listed(tmp_path, "prod")]) as tester:
        await tester.wait_for(lambda: tester.row("prod", "One"))
        await tester.press("exclamation_mark")
        await tester.wait_for("Nothing: everything can be read.")
        root.write("config/smart-sync-fork/one.json", "{")
        await tester.wait_for("config/smart-sync-fork/one.json is not JSON5")
