"""What the dialogs show, as lines."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Mapping, Sequence

from clawtui.model.base import Document, Problem
from clawtui.model.secrets import masked
from clawtui.tui.widgets.line import BLANK, Line, Span

_WRAP = 92


def problem_lines(problems: Mapping[str, Problem], loaded: bool) -> Sequence[Line]:
    """Each file that cannot be read, and why; ``loaded``: all of them have been looked at."""
    if not problems and not loaded:
        return ((Span("Still reading …", "dim"),),)
    if not problems:
        return ((Span("Nothing: everything can be read.", "ok"),),)
    lines: list[Line] = []
    for problem in sorted(problems.values()):
        lines.append((Span(problem.path or "clawtui itself", "strong"),))
        lines += [(Span(f"  {part}", "bad"),) for part in textwrap.wrap(problem.message, _WRAP)]
        lines.append(BLANK)
    lines.append((Span("Each goes away by itself once its file is mended.", "dim"),))
    return lines


def document_lines(documents: Iterable[tuple[str, Document | Problem | None]]) -> Sequence[Line]:
    """Each file's name and what it holds, as indented JSON, with the unknown keys."""
    lines: list[Line] = []
    for path, document in documents:
        if document is None:
            continue
        lines.append((Span(path, "strong"),))
        if isinstance(document, Problem):
            lines.append((Span(f"  {document.message}", "bad"),))
        else:
            content = masked(document.model_dump(mode="json", by_alias=True, exclude_unset=True))
            text = json.dumps(content, indent=2, ensure_ascii=False)
            lines += [(Span(f"  {row}"),) for row in text.split("\n")]
        lines.append(BLANK)
    return lines or [(Span("nothing to show", "dim"),)]


def help_lines(sections: Iterable[tuple[str, Sequence[tuple[str, str]]]]) -> Sequence[Line]:
    """The keys, place by place."""
    lines: list[Line] = []
    for place, keys in sections:
        if not keys:
            continue
        lines.append((Span(place, "active"),))
        lines += [(Span(f"  {key:<14}", "strong"), Span(does)) for key, does in keys]
        lines.append(BLANK)
    return lines[:-1]
