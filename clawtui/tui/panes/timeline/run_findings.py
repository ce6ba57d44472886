"""The results of a run as lines: conflicts, corrections, its branch and its pull request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clawtui.model.documents.workspace import RuntimeState
from clawtui.tui.widgets.line import Line, Span, fit_end, linked, width_of

_LABEL = 11


def findings(state: RuntimeState, width: int) -> Iterator[Line]:
    """Yield a line for each result that the run has; `width` is in cells."""
    yield from _conflicts(state, width)
    if state.running and state.progress.details.current_file:
        file: Line = (Span(state.progress.details.current_file),)
        yield _labelled("file", *fit_end(file, min(width_of(file), max(8, width - _LABEL))))
    corrections = state.resolution.wrong_path_corrections
    if corrections:
        yield _labelled("corrected", Span(f"{corrections} wrong path{'s' if corrections != 1 else ''}"))
    if state.artifacts.branch_created:
        yield _labelled("branch", Span(state.artifacts.branch_created))
    if state.artifacts.branch_url:
        yield _labelled("" if state.artifacts.branch_created else "branch", *linked(state.artifacts.branch_url, "dim"))
    if state.artifacts.pr_url or state.artifacts.pr_number is not None:
        number = "" if state.artifacts.pr_number is None else f"#{state.artifacts.pr_number} "
        yield _labelled("pull req.", Span(f"{number}{state.artifacts.pr_url or ''}"))


def _conflicts(state: RuntimeState, width: int) -> Iterator[Line]:
    found = _first(
        state.merge.conflicts_detected, state.progress.details.total_conflicts, state.resolution.total_conflicts
    )
    if not found:
        if state.merge.merge_started:
            yield _labelled("conflicts", Span("none", "dim"))
        return
    resolved = _first(state.merge.conflicts_resolved, state.progress.details.resolved_conflicts) or 0
    skipped, uncertain = state.merge.conflicts_skipped or 0, len(state.merge.uncertain_resolutions)
    pieces = [Span(f"{found} found"), Span(f"{resolved} resolved", "ok" if resolved else "dim")]
    pieces += [Span(f"{skipped} skipped", "warn")] if skipped else []
    pieces += [Span(f"{uncertain} uncertain", "warn")] if uncertain else []
    yield from _wrapped("conflicts", pieces, width)


def _wrapped(label: str, pieces: Sequence[Span], width: int) -> Iterator[Line]:
    """Yield the pieces after the label, separated by dots, wrapped to `width` cells."""
    row: list[Span] = []
    for piece in pieces:
        if row and _LABEL + width_of(row) + 3 + width_of((piece,)) > width:
            yield _labelled(label, *row)
            label, row = "", []
        row += [Span(" · ", "dim"), piece] if row else [piece]
    yield _labelled(label, *row)


def _first(*numbers: int | float | None) -> int | float | None:
    return next((number for number in numbers if number is not None), None)


def _labelled(label: str, *pieces: Span) -> Line:
    return (Span(f"{label:<{_LABEL}}", "dim"), *pieces)
