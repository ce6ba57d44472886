"""Error boundaries: a part of the screen that fails shows its error in its place, and the other parts keep working."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from textual.message import Message

from clawtui.tui.widgets.line import Line, Span


class FailingPart(Protocol):
    """Part of the screen that shows its own failure."""

    def fail(self, error: Exception) -> None:
        """Show `error` in place of the part's content, and report it."""

    def recover(self) -> None:
        """Clear the failure, and show the content again."""


class PartFailed(Message):
    """Message that a part of the screen failed; the app writes a report and calls `show_report` with its path."""

    def __init__(self, part: ReportingPart, error: Exception) -> None:
        super().__init__()
        self.part = part
        self.error = error


class ReportingPart(FailingPart, Protocol):
    """Part that also shows the path of the report of its failure."""

    def show_report(self, path: str) -> None:
        """Show the path of the report of the failure."""


@contextmanager
def failing_alone(part: FailingPart, *, retry: bool = False) -> Iterator[None]:
    """Turn an exception in the ``with`` block into a failure of `part`; `retry` clears an earlier failure first."""
    if retry:
        part.recover()
    try:
        yield
    except Exception as error:  # noqa: BLE001  an error in one part must leave the others usable
        part.fail(error)


def failure_lines(error: Exception, report: str) -> tuple[Line, ...]:
    """Return the lines that a failed part shows; `report` is the path of the report, empty until there is one."""
    where: tuple[Line, ...] = ((Span(f"  Report: {report}", "dim"),),) if report else ()
    return (
        (Span(" ! failed: ", "bad"), Span(f"{type(error).__name__}: {error}")),
        (Span("  The rest goes on. R tries again.", "dim"),),
        *where,
    )
