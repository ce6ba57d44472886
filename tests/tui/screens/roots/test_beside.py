"""Timeline, log and locks beside the list of several roots are those of the row at the cursor, in its own root."""

from __future__ import annotations

import shlex
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from clawtui.model.documents.settings import RootSettings, Settings
from clawtui.remote.command import SSH_COMMAND
from clawtui.roots.listing import list_roots
from clawtui.roots.sources import source_maker
from tests.gateway_root import GatewayRoot, iso, run_entry
from tests.remote.other_host import OtherHost
from tests.tui.dashboard_of_gateway import ailing_gateway
from tests.tui.roots_list import gateway, listed, roots_list

RECENT = "logs/smart-sync-fork/same-{:%Y-%m-%d-%H-%M-%S}.jsonl"


def furnish(root: GatewayRoot, name: str) -> str:
    """Let the automation ``same`` have run for some minutes, with a log of 3000 lines and a lock; return the log."""
    began = datetime.now(UTC) - timedelta(minutes=5)
    log = RECENT.format(began)
    root.state("same", startTime=iso(began), lastUpdate=iso(datetime.now(UTC)), milestone=f"Merging in {name}")
    root.progress("same", (f"Cloned in {name}", 10))
    root.lock(f"github.com/user/of-{name}", "same", acquiredAt=iso(began))
    root.append_log(log, *(run_entry("same", f"{name} line {number}") for number in range(3000)))
    return log


async def test_they_follow_the_cursor_to_the_root_of_its_row_also_on_another_host(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, there = gateway(tmp_path, "home", "same"), gateway(tmp_path, "there", "same")
    ailing_gateway(tmp_path / "stock").close()
    furnish(home, "home")
    log = furnish(there, "there")
    host = OtherHost(tmp_path, there.root)
    monkeypatch.setenv(SSH_COMMAND, shlex.quote(str(host.script('exec sh -c "exec $command"'))))
    command = shlex.join([sys.executable, "-m", "clawtui"])
    settings = Settings(roots={"work": RootSettings(host="gw1", path=str(there.root), command=command)})
    (work,) = list_roots((), settings)
    make = source_maker(settings, lambda: datetime.now(UTC))
    roots = [listed(tmp_path, "home"), listed(tmp_path, "stock"), work]
    async with roots_list(roots, (140, 48), make=make) as tester:
        await tester.go_to("home", "Same")
        for text in ("Cloned in home", "home line 2999", "4 Locks  of home", "github.com/user/of-home"):
            await tester.wait_for(text)
        await tester.go_to("work", "Same")
        for text in ("Cloned in there", "there line 2999", "4 Locks  of work", "github.com/user/of-there"):
            await tester.wait_for(text, 60)
        assert "home line" not in tester.text

        await tester.press("L", "home")  # the whole log is read there
        await tester.wait_for("there line 0")
        await tester.press("slash", *"line 777", "enter")
        await tester.wait_for("there line 777")
        there.append_log(log, run_entry("same", "there and new"))
        await tester.press("f")
        await tester.wait_for("there and new")
        await tester.press("enter")
        await tester.wait_for('"message": "there and new"')
        await tester.press("escape", "4")
        await tester.wait_for(lambda: tester.app.view.beside.locks.table.selected)
        await tester.press("X")
        await tester.wait_for("work: Release a lock")
        await tester.press("escape", "escape", "escape")
        assert tester.app.view.pane.current

        await tester.go_to("stock", "Job failed")
        await tester.wait_for("4 Locks  of stock")
        await tester.press("2", "enter")
        assert tester.app.view.beside.log_pane.current
        await tester.press("1", "enter")
        opened = tester.app.opened
        assert opened is not None
        assert opened.root.name == "stock"


async def test_a_small_terminal_shows_the_list_and_the_others_by_their_keys(tmp_path: Path) -> None:
    furnish(gateway(tmp_path, "home", "same"), "home")
    gateway(tmp_path, "lab", "other")
    async with roots_list([listed(tmp_path, "home"), listed(tmp_path, "lab")], (80, 24)) as tester:
        await tester.go_to("home", "Same")
        assert "home line" not in tester.text
        await tester.press("3")
        await tester.wait_for("home line 2999")
        await tester.press("1")
        await tester.wait_for(lambda: tester.row("lab", "Other"))
