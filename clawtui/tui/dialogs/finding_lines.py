"""The lines of the findings: for each its subject, its meaning, and the command that fixes it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from clawtui.model.findings.finding import SEVERITIES, Finding, Severity
from clawtui.model.text.cleaning import displayable
from clawtui.model.text.command_line import command_lines
from clawtui.model.text.width import wrap
from clawtui.presentation.roles import SEVERITY_ROLE
from clawtui.tui.widgets.line import BLANK, Line, Span, wrap_line

_WRAP: Final = 92
_BEFORE: Final = 2
"""Lines above the first finding."""
_MARK: Final[Mapping[Severity, str]] = {"error": "✗", "warning": "!", "info": "·"}
_WORD: Final[Mapping[Severity, tuple[str, str]]] = {
    "error": ("at risk now", "at risk now"),
    "warning": ("warning", "warnings"),
    "info": ("untidy", "untidy"),
}


@lru_cache(maxsize=1)
def finding_lines(findings: tuple[Finding, ...] | None, width: int = _WRAP) -> Sequence[Line]:
    """Return the number of findings of each severity, then each finding with its meaning and its fix.

    `findings` is None until the first examination.
    """
    if findings is None:
        return ((Span("Examining everything …", "dim"),),)
    if not findings:
        return ((Span("Nothing: everything fits together.", "ok"),),)
    lines: list[Line] = [_totals(findings), BLANK]
    for finding in findings:
        lines += _finding(finding, width)
        lines.append(BLANK)
    ending = "Each goes away by itself once it is fixed; `doctor --fix` does what is safe."
    return [*lines, *((Span(part, "dim"),) for part in wrap(ending, width))]


def finding_rows(findings: Sequence[Finding], width: int = _WRAP) -> Sequence[range]:
    """Return the lines of each finding in `finding_lines`, as ranges of their positions."""
    rows, start = [], _BEFORE
    for finding in findings:
        end = start + len(_finding(finding, width))
        rows.append(range(start, end))
        start = end + 1
    return rows


def nothing_to_examine(is_missing: bool) -> Sequence[Line]:
    """Return the lines for a state directory that is missing or not read yet, which may have faults all the same."""
    if not is_missing:
        return ((Span("Still reading …", "dim"),),)
    return ((Span("There is no state directory yet, or it is empty: nothing to examine.", "dim"),),)


def _totals(findings: Sequence[Finding]) -> Line:
    counts = Counter(finding.severity for finding in findings)
    spans: list[Span] = []
    for severity in SEVERITIES:
        if number := counts[severity]:
            spans += [Span("   ")] if spans else []
            spans.append(Span(f"{_MARK[severity]} {number} {_WORD[severity][number > 1]}", SEVERITY_ROLE[severity]))
    return tuple(spans)


def _finding(finding: Finding, width: int) -> list[Line]:
    head = (
        Span(f"{_MARK[finding.severity]} {finding.code}", SEVERITY_ROLE[finding.severity]),
        Span("  "),
        Span(finding.subject, "strong"),
    )
    lines = list(wrap_line(head, width, indent=2))
    lines += [(Span(f"  {part}"),) for part in wrap(displayable(finding.message), width - 2)]
    if finding.fix is not None:
        lines += _command(finding.fix, width)
    return lines


def _command(fix: str, width: int) -> list[Line]:
    parts = command_lines(fix, width - 4, indent=0)
    return [(Span("    " if at else "  $ ", "dim"), Span(part, "active")) for at, part in enumerate(parts)]
