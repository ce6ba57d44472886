"""The curves as one picture.

``python -m tests.bench curves --json > figures.json``, then ``python -m tests.bench.picture figures.json curves.svg``.
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import NamedTuple

_WIDTH, _HEIGHT = 250, 170
_MARGIN_LEFT, _MARGIN_TOP, _MARGIN_RIGHT, _MARGIN_BOTTOM = 44, 34, 16, 34
_COLUMNS = 3
_WHAT = re.compile(r"(?P<what>.*), (?P<size>[\d,]+) automations")
_STYLE = """
  svg { color-scheme: light dark; background: #fff; background: light-dark(#fff, #0d1117); }
  text { font: 11px system-ui, sans-serif; fill: #57606a; fill: light-dark(#57606a, #9aa4af); }
  .title { font-weight: 600; font-size: 12px; fill: #1f2328; fill: light-dark(#1f2328, #e6edf3); }
  .value { fill: #1f2328; fill: light-dark(#1f2328, #e6edf3); }
  .grid { stroke: #d0d7de; stroke: light-dark(#d0d7de, #30363d); stroke-width: 1; }
  .curve { stroke: #0969da; stroke: light-dark(#0969da, #58a6ff); stroke-width: 2; fill: none; }
  .point { fill: #0969da; fill: light-dark(#0969da, #58a6ff); }
"""


class Curve(NamedTuple):
    """One figure over the size of the fleet."""

    what: str
    unit: str
    points: tuple[tuple[int, float], ...]


def curves_of(document: Mapping[str, Sequence[Mapping[str, object]]]) -> list[Curve]:
    """Return the curves among the figures, in their order."""
    points: dict[tuple[str, str], list[tuple[int, float]]] = {}
    for figure in document["figures"]:
        found = _WHAT.fullmatch(str(figure["what"])) if figure["name"] == "curves" else None
        if found is not None:
            key = found["what"], str(figure["unit"])
            points.setdefault(key, []).append((int(found["size"].replace(",", "")), float(str(figure["value"]))))
    return [Curve(what, unit, tuple(sorted(taken))) for (what, unit), taken in points.items()]


def draw(curves: Sequence[Curve]) -> str:
    """Return an SVG with a small chart for each: sizes on a logarithmic scale, values from zero."""
    rows = -(-len(curves) // _COLUMNS)
    width, height = _COLUMNS * _WIDTH, rows * _HEIGHT
    charts = "\n".join(
        f'<g transform="translate({number % _COLUMNS * _WIDTH} {number // _COLUMNS * _HEIGHT})">\n{_chart(curve)}\n</g>'
        for number, curve in enumerate(curves)
    )
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
    return f"{head}\n<title>Cost over the size of the fleet</title>\n<style>{_STYLE}</style>\n{charts}\n</svg>\n"


def _chart(curve: Curve) -> str:
    return "\n".join(_parts(curve))


def _parts(curve: Curve) -> Iterator[str]:
    right, bottom = _WIDTH - _MARGIN_RIGHT, _HEIGHT - _MARGIN_BOTTOM
    top = max(value for _, value in curve.points) * 1.25 or 1.0
    least, most = (math.log10(size) for size in (curve.points[0][0], curve.points[-1][0]))
    places = [
        (
            _MARGIN_LEFT + (math.log10(size) - least) / ((most - least) or 1) * (right - _MARGIN_LEFT - 12) + 6,
            bottom - value / top * (bottom - _MARGIN_TOP),
        )
        for size, value in curve.points
    ]
    yield f'<text class="title" x="8" y="18">{escape(curve.what)}, {escape(curve.unit)}</text>'
    yield f'<line class="grid" x1="{_MARGIN_LEFT}" y1="{bottom}" x2="{right}" y2="{bottom}"/>'
    yield f'<text x="{_MARGIN_LEFT - 6}" y="{bottom + 4}" text-anchor="end">0</text>'
    yield '<polyline class="curve" points="' + " ".join(f"{x:.1f},{y:.1f}" for x, y in places) + '"/>'
    for (size, value), (x, y) in zip(curve.points, places, strict=True):
        yield f'<circle class="point" cx="{x:.1f}" cy="{y:.1f}" r="3"/>'
        yield f'<text class="value" x="{x:.1f}" y="{y - 7:.1f}" text-anchor="middle">{_short(value)}</text>'
        yield f'<text x="{x:.1f}" y="{bottom + 16}" text-anchor="middle">{size:,}</text>'


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 20 else f"{value:.2g}"


if __name__ == "__main__":
    source, target = map(Path, sys.argv[1:])
    target.write_text(draw(curves_of(json.loads(source.read_text()))))
