"""A run's timeline as an SVG picture that loads nothing: it has no script, font or address."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from html import escape
from typing import Final

from clawtui.model.runs.timeline import Step
from clawtui.model.text.units import short_span
from clawtui.model.text.width import cut

Seen = Callable[[str], str]
"""Returns text as it is shown: cleaned, and masked unless secrets are shown."""

_WIDTH: Final = 960
_TITLES: Final = 330
_TOOK: Final = 70
_ROW: Final = 26
_TOP: Final = 34
_TITLE_CELLS: Final = 44
_TICKS: Final = 6
_NICE: Final = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 43200, 86400)
"""The seconds between two ticks of the axis."""

STYLE: Final = (
    "text{font:13px system-ui,sans-serif;fill:#1f2328}.dim{fill:#656d76}.grid{stroke:#d0d7de}"
    ".done{fill:#2da44e}.failed{fill:#cf222e}.current{fill:#0969da}.paper{fill:#fff}"
)


def timeline_svg(title: str, steps: Sequence[Step], now: datetime, seen: Seen) -> str:
    """Return an SVG document with a bar for each milestone on a time axis; a picture without bars if there are none."""
    height = _TOP + _ROW * max(1, len(steps)) + 12
    body = list(_body(steps, now, seen)) if steps else [_text(8, _TOP + 16, "no timeline is left", "dim")]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" '
            f'height="{height}" role="img" aria-label="{_quoted(seen(title))}">',
            f"<title>{_quoted(seen(title))}</title>",
            f"<style>{STYLE}</style>",
            f'<rect class="paper" width="{_WIDTH}" height="{height}"/>',
            *body,
            "</svg>\n",
        ]
    )


def _body(steps: Sequence[Step], now: datetime, seen: Seen) -> Iterator[str]:
    began = steps[0].at
    seconds = max(1.0, max((_end(step, now) - began).total_seconds() for step in steps))
    room = _WIDTH - _TITLES - _TOOK - 16
    bottom = _TOP + _ROW * len(steps)

    def place(at: datetime) -> float:
        return _TITLES + room * min(1.0, max(0.0, (at - began).total_seconds() / seconds))

    step_of_axis = next((nice for nice in _NICE if seconds / nice <= _TICKS), _NICE[-1] * max(1, int(seconds // 5e5)))
    for number in range(int(seconds // step_of_axis) + 1):
        x = place(began + timedelta(seconds=number * step_of_axis))
        yield f'<line class="grid" x1="{x:.1f}" y1="{_TOP - 8}" x2="{x:.1f}" y2="{bottom}"/>'
        label = short_span(timedelta(seconds=number * step_of_axis)) if number else f"{began.astimezone():%H:%M:%S}"
        yield _text(x + 2, _TOP - 14, label, "dim")
    for index, step in enumerate(steps):
        y, x, end = _TOP + _ROW * index, place(step.at), place(_end(step, now))
        kind = "failed" if step.failed else "current" if step.current else "done"
        yield _text(8, y + 17, cut(seen(step.title), _TITLE_CELLS), "")
        yield f'<rect class="{kind}" x="{x:.1f}" y="{y + 5}" width="{max(2.0, end - x):.1f}" height="15" rx="2"/>'
        if step.took is not None:
            yield _text(_WIDTH - _TOOK, y + 17, short_span(step.took), "dim")


def _end(step: Step, now: datetime) -> datetime:
    if step.current:
        return max(step.at, now)
    return step.at + (step.took or timedelta(0))


def _text(x: float, y: float, text: str, kind: str) -> str:
    shown = f' class="{kind}"' if kind else ""
    return f'<text{shown} x="{x:.1f}" y="{y}">{_quoted(text)}</text>'


def _quoted(text: str) -> str:
    return escape(text, quote=True)
