"""All that is known about one lock: the verdict with every fact, and the file as it stands."""

from __future__ import annotations

from collections.abc import Sequence

from clawtui.model.fleet import Fleet
from clawtui.tui.dialogs.contents import document_lines
from clawtui.tui.dialogs.release_lines import fact_lines
from clawtui.tui.verdicts import Verdicts
from clawtui.tui.widgets.line import BLANK, Line, Span


def lock_detail_lines(fleet: Fleet, verdicts: Verdicts, path: str, width: int) -> Sequence[Line]:
    """The lock at ``path``, as long as it is there, its sentences in lines of ``width`` cells."""
    reading = fleet.locks.get(path)
    if reading is None:
        return ((Span("It is gone: its holder gave it back, or somebody took it away.", "dim"),),)
    lock, judged = reading.value, verdicts.on(path, reading)
    slots = [str(slot.slot_number) for slot in fleet.slots if lock is not None and slot.session_id == lock.session_id]
    facts = (
        fact_lines(reading, judged, " and ".join(slots) or "none", verdicts.at, width)
        if judged is not None
        else [(Span("not judged yet", "dim"),)]
    )
    return [*facts, BLANK, *document_lines([(path, lock)])] if lock is not None else facts
