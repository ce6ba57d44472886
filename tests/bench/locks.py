"""The race for a lock: ``python -m tests.bench locks``, or ``python -m tests.bench.locks SECONDS``.

An adversary replaces the lock every 0.1 to 0.8 ms while somebody releases what they have just read: first by the core
of clawtui's own release, then by reading, comparing and removing by path.
"""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from clawtui.model.errors import Changed
from clawtui.storage.locks.capture import capture
from clawtui.storage.locks.lock_file import Overlap, hold_anything
from clawtui.storage.locks.released_locks import named_aside, set_lock_aside
from tests.bench import effort
from tests.bench.figure import Figure
from tests.gateway_root import NOON, GatewayRoot, iso
from tests.waiting import wait_until

SECONDS = 12.0
BREATH = 0.00005
LOCK = "locks/github.com-user-repo.lock"
PROJECT = Path(__file__).parents[2]

Attempt = Callable[[Path, Path], "Removal | None"]
"""Tries to release the lock below a base, and moves what it removes to where it can be looked at; None: it refused."""


@dataclass(frozen=True, slots=True)
class Removal:
    """One lock that was removed."""

    meant: str
    """The session whose lock had been read."""
    removed: str
    """The session whose lock went."""


@dataclass(frozen=True, slots=True)
class Race:
    """The results of many attempts."""

    attempts: int
    removals: Sequence[Removal]
    overlaps: int
    """How often two fresh locks were taken at one instant, which was reported, and both were kept."""
    lost: Sequence[str]
    """Sessions whose lock was neither released, replaced nor kept, and yet is gone."""
    replaced: int
    """How many locks the adversary wrote."""

    @property
    def wrong(self) -> int:
        """Return how many fresh locks were removed in place of the one that was meant."""
        return sum(removal.meant != removal.removed for removal in self.removals)


def measure(seconds: float | None = None) -> Iterator[Figure]:
    """Measure clawtui's way and the usual way, for so many seconds each."""
    span = seconds or (SECONDS / 3 if effort.quick() else SECONDS)
    ours, usual = race(clawtui_release, span), race(read_compare_remove, span)
    tried = f"{len(ours.removals):,} releases, {ours.attempts:,} tries, {ours.replaced:,} locks, {span:g} s"
    beside = f"of {len(usual.removals):,} by read-compare-remove"
    yield Figure("locks", f"fresh locks removed ({tried})", ours.wrong, "", 0, usual.wrong, beside)
    yield Figure("locks", "locks lost", len(ours.lost), "", 0, len(usual.lost), "by read-compare-remove")
    yield Figure("locks", "overlaps, said and both locks kept", ours.overlaps, "")


def race(attempt: Attempt, seconds: float) -> Race:
    """Run attempts against the adversary until its time is over."""
    with tempfile.TemporaryDirectory() as directory:
        gateway = GatewayRoot(Path(directory))
        gateway.automations.mkdir(parents=True)
        gateway.lock("github.com/user/repo", "sync-main", acquiredAt=iso(NOON))
        released = gateway.root / "released"
        released.touch()
        command = [sys.executable, "-m", "tests.bench.lock_adversary", str(gateway.automations / LOCK), str(seconds)]
        with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as adversary:
            removals, attempts, overlaps = [], 0, 0
            with released.open("a", buffering=1) as log:
                wait_until(lambda: b"fresh-" in (gateway.automations / LOCK).read_bytes(), 20)
                while adversary.poll() is None:
                    if not (gateway.automations / LOCK).exists():
                        time.sleep(BREATH)
                        continue
                    attempts += 1
                    try:
                        removal = attempt(gateway.automations, gateway.root)
                    except Overlap:
                        overlaps += 1
                        continue
                    if removal is not None:
                        removals.append(removal)
                        log.write(f"{removal.meant}\n")
            assert adversary.stdout is not None
            counts = json.load(adversary.stdout)
    return Race(attempts, removals, overlaps, counts["lost"], counts["replaced"])


def clawtui_release(base: Path, aside: Path) -> Removal | None:
    """Do what ``operations.release`` does between its two records: remove the version that was shown, and no other."""
    shown = capture(base, LOCK)
    if shown is None or shown.reading.value is None:
        return None
    now = datetime.now(UTC)
    try:
        with hold_anything(base, LOCK) as held:
            if held.fingerprint != shown.fingerprint:
                return None
            kept = set_lock_aside(held, named_aside(LOCK, now, secrets.token_hex(4)))
    except FileNotFoundError:
        return None
    except Overlap:
        raise
    except Changed:
        return None
    path = base / kept.path
    removal = Removal(shown.reading.value.session_id, _session(path.read_bytes()))
    path.unlink()
    return removal


def read_compare_remove(base: Path, aside: Path) -> Removal | None:
    """Remove a lock in the usual way. A rename replaces the removal, with the same race, to see what was removed."""
    path, grave = base / LOCK, aside / "grave"
    try:
        shown = _session(path.read_bytes())
        if _session(path.read_bytes()) != shown:
            return None
        path.rename(grave)
    except FileNotFoundError:
        return None
    return Removal(shown, _session(grave.read_bytes()))


def _session(lock: bytes) -> str:
    session: str = json.loads(lock)["sessionId"]
    return session


if __name__ == "__main__":
    for figure in measure(float(sys.argv[1]) if len(sys.argv) > 1 else None):
        beside = "" if figure.baseline is None else f"; beside it {figure.baseline:g} {figure.baseline_what}"
        print(f"{figure.what}: {figure.value:g}{beside}")
