"""Findings as text and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from clawtui.cli.framework.layout import Block, Line, Paragraph, Piece, ShellCommand
from clawtui.model.findings.finding import SEVERITIES, Finding
from clawtui.model.text.command_line import PROGRAM
from clawtui.presentation.roles import SEVERITY_ROLE, Role

_INDENT = 9
"""Cells in front of the text of a finding."""
_DEEPER = 2


def row_of(finding: Finding, host: str | None = None) -> dict[str, object]:
    """Return one finding as JSON. Scripts rely on its names. ``host`` is this one where the reader is on another."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "subject": finding.subject,
        "message": finding.message,
        "fix": finding.fix,
        "fixHost": _host_of_fix(finding, host),
    }


def _host_of_fix(finding: Finding, host: str | None) -> str | None:
    """Return the host on which the fix is to be run; None for one of clawtui, which is run where the reader is."""
    is_own = finding.fix is None or finding.fix.startswith(f"{PROGRAM} ")
    return None if is_own else host


def lines_of(found: Sequence[Finding], host: str | None = None) -> Iterator[Line | Block]:
    """Yield all findings with a blank line between them. ``host`` is this one where the reader is on another host."""
    for position, finding in enumerate(found):
        if position:
            yield ()
        where = _host_of_fix(finding, host)
        yield from finding_lines(finding, None if where is None else ("to be run on", where))


def finding_lines(finding: Finding, remark: tuple[str, str] | None = None) -> Iterator[Line | Block]:
    """Yield the code, subject, meaning and fix of a finding, then ``remark``, which is a label and a text."""
    lead = Piece(f"{finding.severity:<{_INDENT}}", SEVERITY_ROLE[finding.severity])
    yield Paragraph(f"{finding.code}  {finding.subject}", "strong", lead)
    yield from _indented(finding.message, "plain")
    if finding.fix is not None:
        yield ShellCommand(finding.fix, _INDENT + _DEEPER)
    if remark is not None:
        label, text = remark
        yield from _indented(f"{label}: {text}", "dim")


def counted(found: Sequence[Finding]) -> str:
    """Return the number of findings in words: ``3 findings: 1 error, 2 warnings``."""
    counts = Counter(finding.severity for finding in found)
    names = {"error": "error", "warning": "warning", "info": "remark"}
    parts = [_many(counts[severity], names[severity]) for severity in SEVERITIES if counts[severity]]
    return f"{_many(len(found), 'finding')}: {', '.join(parts)}" if found else "nothing found: everything fits together"


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _indented(text: str, role: Role) -> Iterator[Paragraph]:
    return (Paragraph(line, role, Piece(" " * _INDENT)) for line in text.splitlines())
