"""A run as one HTML page that loads nothing: it has no script, picture, font or link."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from html import escape
from typing import Final

from msgspec import Struct

from clawtui.model.runs.timeline import Step
from clawtui.model.text.units import short_span
from clawtui.presentation.roles import Role
from clawtui.presentation.timeline_svg import timeline_svg
from clawtui.presentation.times import local_instant, local_second

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_STYLE: Final = """
:root{color-scheme:light dark}
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:62rem;padding:0 1rem}
h1{font-size:1.4rem;overflow-wrap:anywhere}h2{font-size:1.1rem;margin-top:2rem}
table{border-collapse:collapse}th{text-align:left;font-weight:normal;opacity:.7;padding:.1rem 1.2rem .1rem 0}
td{overflow-wrap:anywhere;padding:.1rem 1rem .1rem 0;vertical-align:top}th{vertical-align:top;white-space:nowrap}
td.n{text-align:right;white-space:nowrap}svg{max-width:100%;height:auto;border:1px solid #8884}
.log{font:13px/1.45 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere;margin:0}
.dim{opacity:.65}.bad{color:#cf222e}.warn{color:#9a6700}.ok{color:#1a7f37}.active{color:#0969da}.strong{font-weight:600}
@media(prefers-color-scheme:dark){.bad{color:#ff7b72}.warn{color:#d29922}.ok{color:#3fb950}.active{color:#58a6ff}}
"""


class Entry(Struct, frozen=True):
    """One line of the log."""

    at: datetime | None
    head: str
    """Level and phase."""
    text: str
    role: Role = "plain"
    times: int = 1
    """How many consecutive lines have the same text."""


class RunPage(Struct, frozen=True):
    """Everything on the page. Its texts are untrusted, and are cleaned and quoted when the page is made."""

    title: str
    facts: Sequence[tuple[str, str | None, Role]]
    """Each with its label; one whose value is None or empty is left out."""
    steps: Sequence[Step]
    log: Sequence[Entry]
    log_note: str
    """What the log is, or why there is none."""
    made: datetime


def run_html(page: RunPage, seen: Callable[[str], str]) -> str:
    """Return the page. ``seen`` returns text as it is shown: cleaned, and masked unless secrets are shown."""
    return "\n".join(_lines(page, lambda text: escape(seen(text), quote=True), seen)) + "\n"


def _lines(page: RunPage, quoted: Callable[[str], str], seen: Callable[[str], str]) -> Iterator[str]:
    yield '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">'
    yield '<meta name="referrer" content="no-referrer"><meta name="viewport" content="width=device-width">'
    yield f"<title>{quoted(page.title)}</title><style>{_STYLE}</style></head><body>"
    yield f"<h1>{quoted(page.title)}</h1><table>"
    for label, value, role in page.facts:
        if value:
            yield f'<tr><th>{quoted(label)}</th><td class="{role}">{quoted(value)}</td></tr>'
    yield "</table><h2>Timeline</h2>"
    yield timeline_svg(page.title, page.steps, page.made, seen)
    if page.steps:
        yield "<table>"
        for step in page.steps:
            took = "" if step.took is None else short_span(step.took)
            shown = ' class="bad"' if step.failed else ""
            yield (
                f'<tr><td class="n dim">{local_second(step.at)}</td><td class="n">{took}</td>'
                f"<td{shown}>{quoted(step.title)}</td></tr>"
            )
        yield "</table>"
    yield f'<h2>Log</h2><p class="dim">{quoted(page.log_note)}</p>'
    if page.log:
        yield '<pre class="log">' + "\n".join(_entry(entry, quoted) for entry in page.log) + "</pre>"
    yield f'<p class="dim">Made by clawtui, {local_instant(page.made)}.</p></body></html>'


def _entry(entry: Entry, quoted: Callable[[str], str]) -> str:
    time = "" if entry.at is None else f"{local_second(entry.at)} "
    folded = f' <span class="dim">×{entry.times}</span>' if entry.times > 1 else ""
    text = f'<span class="{entry.role}">{quoted(entry.text)}</span>'
    return f'<span class="dim">{time}{quoted(entry.head)}</span>{text}{folded}'
