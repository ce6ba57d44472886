"""A lock released, refused, changed meanwhile and restored: by keys, with the files afterwards.

More of it, with a gateway that goes on, is in ``tests/e2e/test_lock_surgery.py``.
"""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.gateway_root import GatewayRoot, iso
from tests.operations.evidence.test_processes import ended_pid, sleeping
from tests.tui.dashboard_at_noon import DashboardTester
from tests.tui.dashboard_now import dashboard_now, set_aside

KEY = "github.com/acme/site"
LOCK = "locks/github.com-acme-site.lock"
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _own_audit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "own"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "own"))


def orphan(gateway: GatewayRoot, key: str = KEY, id: str = "alpha", age: timedelta = HOUR, **changes: object) -> Path:
    """Write a lock whose holder is dead."""
    document = {"pid": ended_pid(), "acquiredAt": iso(datetime.now(UTC) - age), **changes}
    return gateway.lock(key, id, None, **document)


def held(gateway: GatewayRoot, key: str = KEY, id: str = "alpha", **changes: object) -> Path:
    """Write a lock that this process took just now."""
    document = {"pid": os.getpid(), "acquiredAt": iso(datetime.now(UTC)), **changes}
    return gateway.lock(key, id, None, **document)


async def ask(tester: DashboardTester, expected: str) -> None:
    """Press X once the lock is judged, and wait until ``expected`` is in the dialog."""
    await tester.wait_for(lambda: "…" not in tester.app.dashboard.view.locks.table.content.make_line(1, 110)[1].text)
    await tester.press("X")
    await tester.wait_for(lambda: "Release a lock" in tester.text and expected in tester.text)


async def test_the_dialog_shows_every_fact_of_an_orphaned_lock(gateway: GatewayRoot) -> None:
    lock = orphan(gateway, age=5 * HOUR)
    gateway.slots(
        {"automationId": "alpha", "sessionId": "cron:alpha", "acquiredAt": iso(datetime.now(UTC)), "slotNumber": 2}
    )
    async with dashboard_now(gateway) as tester:
        await ask(tester, "If it is released")
        for fact in (
            "✗ orphaned: the holder cannot be alive · expired",
            f"repository  {KEY}",
            "automation  alpha",
            "session     cron:alpha",
            f"on {os.uname().nodename}",
            "5h00m ago",
            "none since it was taken",
            "slot        2",
            "is gone",
            "the next dispatch of alpha deletes its",
        ):
            assert fact in tester.text, fact
        assert lock.exists()


async def test_an_orphaned_lock_is_released_and_restored_byte_for_byte(gateway: GatewayRoot) -> None:
    lock = orphan(gateway)
    before = lock.read_bytes()
    async with dashboard_now(gateway) as tester:
        await ask(tester, "[ Release ]")
        await tester.press("right", "enter")
        await tester.wait_for(f"✓ Released: {KEY}")
        assert not lock.exists()
        assert [path.read_bytes() for path in set_aside(gateway)] == [before]
        await tester.press("enter", "U")
        await tester.wait_for("› Cancel ‹   [ Restore ]")
        await tester.press("enter")
        assert not lock.exists()
        await tester.press("U")
        await tester.wait_for("› Cancel ‹   [ Restore ]")
        await tester.press("right", "enter")
        await tester.wait_for(f"Restored: {KEY}")
        assert lock.read_bytes() == before
        assert not set_aside(gateway)


async def test_undo_from_the_dialog_can_be_left_and_asked_for_again(gateway: GatewayRoot) -> None:
    lock = orphan(gateway)
    async with dashboard_now(gateway) as tester:
        await ask(tester, "[ Release ]")
        await tester.press("right", "enter")
        await tester.wait_for("[ Undo ]")
        await tester.press("U")
        await tester.wait_for("› Cancel ‹   [ Restore ]")
        await tester.press("escape")
        await tester.wait_for(lambda: "Undo a release" not in tester.text)
        await tester.press("U")
        await tester.wait_for("› Cancel ‹   [ Restore ]")
        await tester.press("right", "enter")
        await tester.wait_for(f"Restored: {KEY}")
        assert lock.exists()


async def test_after_the_dialog_a_message_names_the_new_holder(gateway: GatewayRoot) -> None:
    orphan(gateway)
    async with dashboard_now(gateway) as tester:
        await ask(tester, "[ Release ]")
        await tester.press("right", "enter")
        await tester.wait_for("✓ Released")
        await tester.press("escape")
        held(gateway, id="bravo")
        await tester.wait_for(lambda: "Taken again after" in tester.text and "by bravo" in tester.text)
        assert "Release a lock" not in tester.text


async def test_release_refuses_without_an_audit_record(gateway: GatewayRoot, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own/clawtui").write_text("no directory")
    lock = orphan(gateway)
    async with dashboard_now(gateway) as tester:
        await ask(tester, "[ Release ]")
        await tester.press("right", "enter")
        await tester.wait_for("nothing is done without a record")
        assert "› Cancel ‹   [ Release ]" in tester.text
        assert lock.exists()
        assert not set_aside(gateway)


async def test_release_of_a_quiet_lock_needs_its_typed_repository(gateway: GatewayRoot) -> None:
    lock = held(gateway)
    async with dashboard_now(gateway, later=HOUR) as tester:
        await ask(tester, f"type {KEY}")
        await tester.press(*"q/site", "enter")
        assert "q/site" in tester.text
        assert "~ quiet" in tester.text
        await tester.press("tab", "right", "enter")
        assert lock.exists()
        assert "Release a lock" not in tester.text
        await ask(tester, f"type {KEY}")
        await tester.press(*KEY, "enter")
        await tester.wait_for(f"✓ Released: {KEY}")
        assert not lock.exists()


async def test_release_refuses_a_live_lock_with_reason_and_command(gateway: GatewayRoot) -> None:
    lock = held(gateway)
    async with dashboard_now(gateway) as tester:
        await ask(tester, "Its run is going: it is not released here")
        words = " ".join(re.findall("│(.*?)│", tester.text)).split()
        assert f"lock release --yes --force-live {KEY}" in " ".join(words)
        assert "Release ]" not in tester.text
        await tester.press("right", "enter")
        assert lock.exists()
        assert not set_aside(gateway)


async def test_a_lock_whose_process_dies_while_the_dialog_is_open_can_be_released(gateway: GatewayRoot) -> None:
    with sleeping() as pid:
        lock = held(gateway, pid=pid, acquiredAt=iso(datetime.now(UTC) + timedelta(seconds=1)))
        async with dashboard_now(gateway) as tester:
            await ask(tester, "▸ live")
            # It stays a zombie until the end of the block, which counts as dead.
            os.kill(pid, signal.SIGKILL)
            await tester.wait_for("✗ orphaned: the holder cannot be alive")
            await tester.press("right", "enter")
            await tester.wait_for("✓ Released")
            assert not lock.exists()


async def test_a_lock_that_changes_while_the_dialog_is_open_cannot_be_released_with_it(gateway: GatewayRoot) -> None:
    lock = orphan(gateway)
    async with dashboard_now(gateway) as tester:
        await ask(tester, "[ Release ]")
        await tester.press("right")
        orphan(gateway, id="bravo")
        await tester.wait_for("This is another lock by now")
        assert "[ Release ]" not in tester.text
        assert "automation  bravo" in tester.text
        await tester.press("enter")
        assert "Release a lock" not in tester.text
        assert "bravo" in lock.read_text()
        assert not set_aside(gateway)


async def test_the_new_lock_can_be_looked_at_and_then_released(gateway: GatewayRoot) -> None:
    orphan(gateway)
    async with dashboard_now(gateway) as tester:
        await ask(tester, "[ Release ]")
        lock = orphan(gateway, id="bravo")
        await tester.wait_for("› Cancel ‹   [ Look at this one ]")
        await tester.press("right", "enter")
        await tester.wait_for("› Cancel ‹   [ Release ]")
        assert "another lock by now" not in tester.text
        await tester.press("right", "enter")
        await tester.wait_for("✓ Released")
        assert not lock.exists()


async def test_a_lock_that_is_removed_while_the_dialog_is_open(gateway: GatewayRoot) -> None:
    lock = orphan(gateway)
    async with dashboard_now(gateway) as tester:
        await ask(tester, "[ Release ]")
        lock.unlink()
        await tester.wait_for("It is gone by now")
        assert "Release ]" not in tester.text
        await tester.press("escape")
        assert "Release a lock" not in tester.text


async def test_the_target_stays_when_the_list_is_reordered_below_the_dialog(gateway: GatewayRoot) -> None:
    lock = orphan(gateway)
    async with dashboard_now(gateway) as tester:
        await ask(tester, f"repository  {KEY}")
        older = orphan(gateway, "github.com/acme/older", "bravo", 5 * HOUR)
        await tester.wait_for(lambda: tester.app.dashboard.view.locks.table.cursor.keys[0].endswith("older.lock"))
        assert f"repository  {KEY}" in tester.text
        await tester.press("right", "enter")
        await tester.wait_for(f"✓ Released: {KEY}")
        assert not lock.exists()
        assert older.exists()


async def test_read_only_shows_everything_and_releases_nothing(gateway: GatewayRoot) -> None:
    lock = orphan(gateway)
    async with dashboard_now(gateway, read_only=True) as tester:
        await ask(tester, "Read-only: nothing is released here.")
        assert "✗ orphaned: the holder cannot be alive" in tester.text
        await tester.press("right", "enter")
        assert lock.exists()


async def test_read_only_restores_nothing(gateway: GatewayRoot) -> None:
    lock = orphan(gateway)
    async with dashboard_now(gateway) as tester:
        await ask(tester, "[ Release ]")
        await tester.press("right", "enter")
        await tester.wait_for("✓ Released")
    async with dashboard_now(gateway, read_only=True) as tester:
        await tester.press("U")
        await tester.wait_for("Read-only: nothing is restored here.")
        await tester.press("right", "enter")
        assert not lock.exists()


@pytest.mark.parametrize(("make", "expected"), [(orphan, "✗ orphaned"), (held, "▸ live")])
async def test_escape_and_q_close_the_dialog_without_a_change(
    gateway: GatewayRoot, make: Callable[[GatewayRoot], Path], expected: str
) -> None:
    lock = make(gateway)
    async with dashboard_now(gateway) as tester:
        for leave in ("escape", "q"):
            await ask(tester, expected)
            await tester.press("right", leave)
            assert "Release a lock" not in tester.text
        assert lock.exists()
        assert tester.app.is_running


async def test_undo_offers_the_lock_that_was_released_last(gateway: GatewayRoot) -> None:
    first = orphan(gateway, "github.com/acme/first")
    async with dashboard_now(gateway) as tester:
        await ask(tester, "[ Release ]")
        await tester.press("right", "enter")
        await tester.wait_for("✓ Released")
        await tester.press("escape")
        orphan(gateway, "github.com/acme/second", acquiredAt=iso(datetime.now(UTC)))
        await tester.wait_for("✗ orphaned")
        await ask(tester, "[ Release ]")
        await tester.press("right", "enter")
        await tester.wait_for("✓ Released: github.com/acme/second")
        await tester.press("escape", "U")
        await tester.wait_for("[ Another (1 more) ]")
        shown = "first" if "repository  github.com/acme/first" in tester.text else "second"
        other = "second" if shown == "first" else "first"
        await tester.press("right", "enter")
        await tester.wait_for(f"repository  github.com/acme/{other}")
        await tester.press("escape")
        assert not first.exists()
        assert len(set_aside(gateway)) == 2


async def test_undo_without_a_released_lock_has_a_message(gateway: GatewayRoot) -> None:
    async with dashboard_now(gateway) as tester:
        await tester.press("U")
        await tester.wait_for("Nothing is set aside: what is released is kept for a day.")
        await tester.press("escape")
        assert "Undo a release" not in tester.text


async def test_an_interrupted_release_is_reported_at_the_start_and_undone(gateway: GatewayRoot) -> None:
    lock = orphan(gateway)
    before = lock.read_bytes()
    at = datetime.now(UTC) - timedelta(minutes=5)
    lock.rename(lock.with_name(f"{lock.name}.{at:%Y%m%dT%H%M%SZ}.{ended_pid()}.0123abcd.aside"))
    async with dashboard_now(gateway, (80, 24)) as tester:
        await tester.wait_for("was cut short")
        await tester.wait_for(lambda: f"lockrestore{KEY}" in "".join(tester.text.split()))  # wherever the path wraps
        assert "Urestoresit,asdoesclawtui--root" in "".join(tester.text.split())
        await tester.press("U")
        await tester.wait_for("[ Restore ]")
        await tester.press("right", "enter")
        await tester.wait_for(lambda: lock.exists() and lock.read_bytes() == before)
        await tester.wait_for(lambda: "was cut short" not in tester.text)


@pytest.mark.parametrize("size", [(80, 24), (60, 15)])
async def test_a_hostile_and_endless_lock_stays_within_its_dialog(gateway: GatewayRoot, size: tuple[int, int]) -> None:
    key = "evil.example/\x1b]0;owned\x07" + "x" * 3000
    lock = gateway.lock(key, "\x1b[2J" + "y" * 3000, "locks/evil.lock", pid=ended_pid(), hostname=os.uname().nodename)
    async with dashboard_now(gateway, size) as tester:
        await ask(tester, "[ Release ]")
        assert "\x1b" not in tester.text
        assert "› Cancel ‹" in tester.text
        await tester.press("right", "enter")
        await tester.wait_for("✓ Released")
        assert not lock.exists()


async def test_release_of_an_unreadable_lock_needs_its_typed_file_name(gateway: GatewayRoot) -> None:
    lock = gateway.write("locks/broken.lock", "{ not a lock")
    async with dashboard_now(gateway) as tester:
        await ask(tester, "type broken")
        assert "! invalid: this is no readable lock" in tester.text
        await tester.press(*"broken", "enter")
        await tester.wait_for("✓ Released")
        assert not lock.exists()
