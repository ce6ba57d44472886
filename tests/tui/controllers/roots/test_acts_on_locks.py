"""Releases and restores from the list of several roots: in the root that is shown, wherever that is, as in its own."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clawtui.live.source import Source
from clawtui.model.documents.settings import RootSettings, Settings
from clawtui.model.listed_root import ListedRoot
from clawtui.remote.client.pending import description_of
from clawtui.remote.command import SSH_COMMAND
from clawtui.roots.listing import list_roots
from clawtui.roots.sources import RootSources, source_maker
from clawtui.storage.user.audit import Audit
from tests.gateway_root import GatewayRoot
from tests.operations.evidence.test_processes import ended_pid
from tests.remote.cutting_ssh import cutting_body
from tests.remote.other_host import OtherHost
from tests.tui.roots_list import RootsListTester, gateway, listed, roots_list

KEY = "github.com/user/same"


@pytest.fixture(autouse=True)
def _own_audit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "own"))


def locked(place: Path, name: str) -> tuple[GatewayRoot, Path]:
    """Write a root with the automation ``same``, whose repository a dead process has locked."""
    root = gateway(place, name, "same")
    return root, root.lock(KEY, "same", pid=ended_pid())


def other_host(
    place: Path, there: GatewayRoot, monkeypatch: pytest.MonkeyPatch
) -> tuple[ListedRoot, Callable[[ListedRoot], Source | None]]:
    """Return the root ``work`` on another host, whose ssh can cut the connection, and what makes sources."""
    host = OtherHost(place, there.root)
    monkeypatch.setenv(SSH_COMMAND, shlex.quote(str(host.script(cutting_body(place)))))
    command = shlex.join([sys.executable, "-m", "clawtui"])
    settings = Settings(roots={"work": RootSettings(host="gw1", path=str(there.root), command=command)})
    (work,) = list_roots((), settings)
    return work, source_maker(settings, lambda: datetime.now(UTC))


async def go_to_locks(tester: RootsListTester, root: str) -> None:
    await tester.go_to(root, "Same")
    await tester.wait_for(f"4 Locks  of {root}")
    await tester.press("4")
    await tester.wait_for(lambda: tester.app.view.beside.locks.table.selected)


async def test_a_lock_is_released_and_restored_in_the_root_that_is_shown_with_its_own_question_and_audit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, here = locked(tmp_path, "home")
    there, lock = locked(tmp_path, "there")
    _, kept = locked(tmp_path, "kept")
    work, make = other_host(tmp_path, there, monkeypatch)
    roots = [listed(tmp_path, "home"), work, listed(tmp_path, "kept", read_only=True)]
    async with roots_list(roots, (140, 48), make=make) as tester:
        await tester.wait_for(lambda: tester.row("work", "Same"), 60)
        await go_to_locks(tester, "work")
        await tester.press("X")
        for text in ("work: Release a lock", f"judged on {os.uname().nodename} at", "[ Release ]"):
            await tester.wait_for(text, 60)
        await tester.press("right", "enter")
        await tester.wait_for(f"✓ Released: {KEY}", 60)
        assert not lock.exists() and here.exists() and kept.exists()
        (intent, done) = Audit().recent()
        assert (intent.root, done.outcome) == (str(there.automations), "done")
        assert intent.actor is not None and intent.actor.asked_by
        await tester.press("U")
        await tester.wait_for("work: Undo a release")
        await tester.wait_for("[ Restore ]")
        await tester.press("right", "enter")
        await tester.wait_for(f"work: Restored: {KEY}", 60)
        assert lock.exists()
        await tester.press("S")
        await tester.wait_for("clawtui --root work slot list")

        await tester.press("escape", "escape")
        await tester.go_to("home", "Same")  # from the list itself: the lock that blocks the automation
        await tester.wait_for("4 Locks  of home")
        await tester.press("X")
        await tester.wait_for("home: Release a lock")
        await tester.wait_for("[ Release ]")
        gateway(tmp_path, "home", "another")  # the list changes meanwhile
        await tester.wait_for(lambda: len(tester.app.view.roots["home"].fleet.automations) == 2)
        await tester.press("right", "enter")
        await tester.wait_for(f"✓ Released: {KEY}")
        assert not here.exists() and lock.exists() and kept.exists()
        assert Audit().recent()[-2].root == str(home.automations)
        await tester.press("escape", "U")
        await tester.wait_for("home: Undo a release")
        await tester.wait_for("[ Restore ]")
        await tester.press("right", "enter")
        await tester.wait_for(f"home: Restored: {KEY}")
        assert here.exists()

        await go_to_locks(tester, "kept")
        await tester.press("X")
        await tester.wait_for("Read-only: nothing is released here.")
        assert "[ Release ]" not in tester.text
        await tester.press("escape", "1")
        await tester.go_to("home", "Another")
        await tester.press("X")
        await tester.wait_for("No lock on its repository is known.")


async def test_the_list_ends_at_once_while_it_is_unknown_whether_a_release_was_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, lock = locked(tmp_path, "there")
    work, make = other_host(tmp_path, there, monkeypatch)
    sources = RootSources([work], make)
    try:
        async with roots_list([work], (140, 48), lasting=sources) as tester:
            await tester.wait_for(lambda: tester.row("work", "Same"), 60)
            await go_to_locks(tester, "work")
            await tester.press("X")
            await tester.wait_for("[ Release ]", 60)
            (tmp_path / "cut").write_text("before-answer")
            (tmp_path / "ssh.gone").write_text("#!/bin/sh\necho no route >&2; exit 255\n")
            (tmp_path / "ssh.gone").chmod(0o700)
            (tmp_path / "ssh.gone").replace(tmp_path / "ssh")  # the next connection fails
            await tester.press("right", "enter")
            await tester.wait_for("whether it was done is unknown", 60)
        source = sources.remote("work")
        assert source is not None
        (act,) = source.exchange.take_unknown()
        assert description_of(act) == "the release of locks/github.com-user-same.lock"
        assert not lock.exists()
    finally:
        sources.stop()
    assert source.exchange.take_unknown() == []
