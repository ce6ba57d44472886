"""``clawtui lock release`` on a lock file of a stock gateway."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from clawtui.cli.framework.confirm import confirm
from clawtui.cli.framework.context import Invocation
from clawtui.cli.framework.errors import FAILED
from clawtui.cli.framework.layout import Block, Labelled, Line, Piece, bulleted
from clawtui.cli.framework.output import say
from clawtui.cli.openclaw.lock_view import verdict_piece
from clawtui.model.errors import Changed, NoSuch
from clawtui.model.gateway.report import GatewayReport
from clawtui.model.liveness.verdict import MEANING
from clawtui.model.text.units import age_span, format_timestamp
from clawtui.operations.openclaw.release_lock import (
    OwnedLockReport,
    ReleasedOwnedLock,
    find_owned_lock,
    look_at_owned_lock,
    release_owned_lock,
)
from clawtui.operations.user.actor import this_actor
from clawtui.storage.locks.lock_file import Overlap
from clawtui.storage.roots import command_line_for

_FOLLOWS = (
    "the gateway, or its session, can take it again",
    "what is released is set aside, and for a day can be restored unless it is taken again by then",
)


def release_lock_file(
    invocation: Invocation,
    report: GatewayReport,
    key: str,
    quiet_after: timedelta,
    if_match: str | None,
    *,
    yes: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Release the lock file that ``key`` means, after a question unless ``yes``.

    Raises NoSuch if there is no such file; Refused if its owner may be alive, or if it is outside of the root; Changed
    if it is not the version ``if_match``. A run in progress is ended by the gateway's own command instead.
    """
    lock, root = find_owned_lock(report, key), Path(report.state.root)
    if lock is None:
        _refuse_other(invocation, report, key)
        return
    now = invocation.now().astimezone()
    seen = look_at_owned_lock(root, lock.path, now, quiet_after)
    if if_match not in (None, seen.fingerprint):
        raise Changed(f"{lock.path} is not the version {if_match}; nothing was done")
    asks = not yes and not dry_run and sys.stdin is not None and sys.stdin.isatty()
    plan = () if as_json else tuple(_plan(seen, now))
    with invocation.printer.shown_beside_the_act(plan, asks=asks or dry_run):
        if dry_run:
            if as_json:
                invocation.printer.print_json(_row(seen))
            else:
                say(f"nothing was done. It is {seen.judged.verdict}: {_what_it_takes(seen)}")
            return
        if seen.judged.verdict == "orphaned":
            confirm("Release it?", yes)
        released = _release(invocation, root, seen, quiet_after)
    restore = command_line_for(root).hint("lock", "restore", lock.path, name="PATH")
    back = f"{restore} restores it, for one day, unless it is taken again"
    say("\n".join([f"released {lock.path}, which was {released.judged.verdict}", *released.complaints, back]))
    if as_json:
        invocation.printer.print_json(_row(seen, released))


def _refuse_other(invocation: Invocation, report: GatewayReport, key: str) -> None:
    """Raise the error for a key that does not name a lock file: a run in progress belongs to the gateway."""
    if any(run.id.startswith(key) for run in report.state.going):
        invocation.paths()
    listing = command_line_for(Path(report.state.root)).hint("lock", "list")
    raise NoSuch(f"there is no lock file “{key}” below {report.state.root}", hint=f"{listing} shows what there is.")


def _release(invocation: Invocation, root: Path, seen: OwnedLockReport, quiet_after: timedelta) -> ReleasedOwnedLock:
    """Release the version that was shown. End the command with status 1 if a fresh lock could not be put back."""
    path, actor = seen.lock.path, this_actor()
    try:
        return release_owned_lock(
            root, path, seen.fingerprint, actor, lambda: invocation.now().astimezone(), quiet_after
        )
    except Overlap as error:
        say(f"ATTENTION: {error}\n{command_line_for(root).hint('lock', 'list')} shows the locks")
        sys.exit(FAILED)


def _what_it_takes(seen: OwnedLockReport) -> str:
    if seen.judged.verdict == "orphaned":
        return "without a terminal, releasing it takes --yes"
    return "only a lock whose owner cannot be alive is released"


def _plan(seen: OwnedLockReport, now: datetime) -> Iterator[Line | Block]:
    lock, judged = seen.lock, seen.judged
    age = "unknown" if lock.created is None else age_span(now - lock.created)
    pairs: Sequence[tuple[str, Piece | str | None]] = [
        ("verdict", verdict_piece(judged.verdict)),
        ("means", MEANING[judged.verdict]),
        ("file", lock.path),
        ("owner", "unknown" if lock.pid is None else f"pid {lock.pid}"),
        ("age", age),
        ("fingerprint", seen.fingerprint),
    ]
    yield Labelled(pairs)
    yield ()
    yield from bulleted(judged.facts)
    yield ()
    yield ("if it is released:",)
    yield from bulleted(_FOLLOWS)


def _row(seen: OwnedLockReport, released: ReleasedOwnedLock | None = None) -> dict[str, object]:
    """Return the lock and the result of its release as JSON. Scripts rely on its names."""
    lock = seen.lock
    return {
        "path": lock.path,
        "kind": lock.kind,
        "acquiredAt": lock.created and format_timestamp(lock.created),
        "pid": lock.pid,
        "verdict": seen.judged.verdict,
        "facts": seen.judged.facts,
        "fingerprint": seen.fingerprint,
        "released": released is not None,
        "aside": released and released.aside.path,
        "complaints": released.complaints if released else (),
    }
