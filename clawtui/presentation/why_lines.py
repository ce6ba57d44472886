"""Why a run is judged as it is, and why an automation is not running, as pieces of lines for both faces."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from clawtui.model.runs.why import Why
from clawtui.presentation.roles import RUN_ROLE, STATUS_ROLE, Role


class WhyLine(NamedTuple):
    """One line: its indentation, its text, and its role."""

    indent: int
    text: str
    role: Role = "plain"


def why_lines(answer: Why | None, last_run: str | None, now: datetime) -> Iterator[WhyLine]:
    """Yield the answer in words; ``last_run`` is how the last run ended. None: the automation is gone."""
    if answer is None:
        yield WhyLine(0, "It does not exist any more.", "dim")
        return
    run = answer.run
    shows_run = run is not None and (run.is_going or answer.status == "lost")
    role = RUN_ROLE[run.state] if run is not None and shows_run else STATUS_ROLE[answer.status]
    yield WhyLine(0, answer.headline(now), role)
    for reason in answer.reasons if shows_run else answer.reasons[1:]:
        yield WhyLine(2, ("also, " if not shows_run else "no new run: ") + reason.text)
    if last_run is not None and not shows_run:
        yield WhyLine(0, f"last run: {last_run}")
    if run is not None and run.facts:
        yield WhyLine(0, f"its run in the workspace is {run.label}, because" if not shows_run else "because", "dim")
        for fact in run.facts:
            yield WhyLine(2, fact)


def why_document(answer: Why) -> dict[str, object]:
    """Return the answer as ``why --json`` prints it."""
    run = answer.run
    return {
        "id": answer.automation_id,
        "name": answer.name,
        "status": answer.status,
        "run": None
        if run is None
        else {
            "state": run.state,
            "started": run.started,
            "ended": run.ended,
            "reason": run.reason,
            "facts": list(run.facts),
        },
        "reasons": [{"cause": reason.cause, "text": reason.text} for reason in answer.reasons],
    }
