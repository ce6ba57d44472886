"""Findings as text that fits the width, and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from clawtui.cli.framework.output import Line, Piece, width
from clawtui.cli.framework.table import wrapped
from clawtui.model.findings.finding import SEVERITIES, Finding
from clawtui.presentation.roles import SEVERITY_ROLE, Role
from clawtui.presentation.shell import command_lines

_INDENT = 9
"""Cells before everything but the severity."""
_DEEPER = 2


def row_of(finding: Finding) -> dict[str, object]:
    """One finding as JSON that scripts rely on."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "subject": finding.subject,
        "message": finding.message,
        "fix": finding.fix,
    }


def lines_of(found: Sequence[Finding]) -> Iterator[Line]:
    """All findings, a blank line between two."""
    for position, finding in enumerate(found):
        if position:
            yield ()
        yield from finding_lines(finding)


def finding_lines(finding: Finding, remark: tuple[str, str] | None = None) -> Iterator[Line]:
    """What it is and about what, what it means, and the command that mends it; a labelled remark may follow."""
    lead: list[Piece | str] = [Piece(f"{finding.severity:<{_INDENT}}", SEVERITY_ROLE[finding.severity])]
    for part in wrapped(f"{finding.code}  {finding.subject}", width() - _INDENT):
        yield (*lead, Piece(part, "strong"))
        lead = [" " * _INDENT]
    yield from _paragraph(finding.message, _INDENT, "plain")
    if finding.fix is not None:
        for line in command_lines(finding.fix, width() - _INDENT - _DEEPER):
            yield (" " * (_INDENT + _DEEPER), Piece(line, "active"))
    if remark is not None:
        label, text = remark
        yield from _paragraph(f"{label}: {text}", _INDENT, "dim")


def counted(found: Sequence[Finding]) -> str:
    """``3 findings: 1 error, 2 warnings``."""
    counts = Counter(finding.severity for finding in found)
    names = {"error": "error", "warning": "warning", "info": "remark"}
    parts = [_many(counts[severity], names[severity]) for severity in SEVERITIES if counts[severity]]
    return f"{_many(len(found), 'finding')}: {', '.join(parts)}" if found else "nothing found: everything fits together"


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _paragraph(text: str, indent: int, style: Role) -> Iterator[Line]:
    for line in text.splitlines():
        for part in wrapped(line, width() - indent):
            yield (" " * indent, Piece(part, style))
