"""The curves as one picture: ``python -m tests.bench curves --picture screenshots/curves.svg``.

``python -m tests.bench.picture figures.json curves.svg`` draws figures that were kept with ``--json``.
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

_WIDTH, _HEIGHT = 290, 186
_LEFT, _TOP, _RIGHT, _BOTTOM = 48, 48, 14, 38
"""The margins around the axes of one chart."""
_COLUMNS, _PADDING, _CAPTION = 3, 8, 44
_NICE = (1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10)
_WHAT = re.compile(r"(?P<what>.*), (?P<size>[\d,]+) automations")
_LIGHT = {"back": "#ffffff", "faint": "#d0d7de", "plain": "#57606a", "strong": "#1f2328", "line": "#0969da"}
_DARK = {"back": "#0d1117", "faint": "#30363d", "plain": "#9aa4af", "strong": "#e6edf3", "line": "#58a6ff"}
_LIGHT_BOUND, _DARK_BOUND = "#bc4c00", "#f0883e"


class Curve(NamedTuple):
    """One figure over the size of the fleet."""

    what: str
    unit: str
    points: tuple[tuple[int, float], ...]
    bounds: tuple[tuple[int, float], ...]
    """What the values must not exceed; empty where nothing is promised."""


def write(document: Mapping[str, Any], target: Path) -> None:
    """Draw the curves among the figures of a JSON document of the bench."""
    target.write_text(draw(curves_of(document), caption(document["machine"])))


def curves_of(document: Mapping[str, Any]) -> list[Curve]:
    """Return the curves among the figures, in their order."""
    points: dict[tuple[str, str], list[tuple[int, float]]] = {}
    bounds: dict[tuple[str, str], list[tuple[int, float]]] = {}
    for figure in document["figures"]:
        found = _WHAT.fullmatch(str(figure["what"])) if figure["name"] == "curves" else None
        if found is not None:
            key, size = (found["what"], str(figure["unit"])), int(found["size"].replace(",", ""))
            points.setdefault(key, []).append((size, float(figure["value"])))
            if figure["bound"] is not None:
                bounds.setdefault(key, []).append((size, float(figure["bound"])))
    return [
        Curve(*key, points=tuple(sorted(taken)), bounds=tuple(sorted(bounds.get(key, ()))))
        for key, taken in points.items()
    ]


def caption(machine: Mapping[str, Any]) -> tuple[str, str]:
    """Return what the sizes mean, and on what kind of machine and when the figures were taken."""
    system = re.sub(r"^(\w+ \d+\.\d+).*", r"\1", str(machine["system"]))
    textual = machine["packages"]["textual"]
    kind = f"{machine['cores']} cores ({machine['cpu']}), {system}, Python {machine['python']}, Textual {textual}"
    sizes = "Across: the number of automations; for each of them ten logs, for ten a workspace, for twenty a lock."
    return f"{sizes} Dashed: what must not be exceeded.", f"{machine['date']}, {kind}"


def draw(curves: Sequence[Curve], captions: Sequence[str] = ()) -> str:
    """Return an SVG with a small chart for each: sizes on a logarithmic scale, values from zero."""
    rows = -(-len(curves) // _COLUMNS)
    width, charts_end = _COLUMNS * _WIDTH + 2 * _PADDING, rows * _HEIGHT + _PADDING
    height = charts_end + _CAPTION
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
    parts = [head, "<title>Cost over the size of the fleet</title>", f"<style>{_style()}</style>"]
    parts.append(f'<rect class="back" width="{width}" height="{height}" rx="6"/>')
    for number, curve in enumerate(curves):
        x, y = _PADDING + number % _COLUMNS * _WIDTH, _PADDING + number // _COLUMNS * _HEIGHT
        parts += [f'<g transform="translate({x} {y})">', *_chart(curve), "</g>"]
    for number, text in enumerate(captions):
        parts.append(f'<text x="{_PADDING + 8}" y="{charts_end + 14 + 16 * number}">{escape(text)}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _chart(curve: Curve) -> Iterator[str]:
    right, bottom = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    top = _rounded_up(max(value for _, value in (*curve.points, *curve.bounds)) * 1.12)
    sizes = [math.log10(size) for size, _ in curve.points]
    least, most = min(sizes), max(sizes)

    def place(size: float, value: float) -> tuple[float, float]:
        across = (math.log10(size) - least) / ((most - least) or 1)
        return _LEFT + 14 + across * (right - _LEFT - 32), bottom - value / top * (bottom - _TOP)

    yield f'<text class="title" x="8" y="18">{escape(curve.what)}</text>'
    if curve.bounds:
        bound = f"≤ {_short(curve.bounds[-1][1])} {curve.unit}"
        yield f'<text class="limit" x="{right}" y="34" text-anchor="end">{escape(bound)}</text>'
    yield f'<text x="{_LEFT - 6}" y="34" text-anchor="end">{escape(curve.unit)}</text>'
    for value in (0.0, top / 2, top):
        y = bottom - value / top * (bottom - _TOP)
        yield f'<line class="grid" x1="{_LEFT}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}"/>'
        yield f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{_short(value)}</text>'
    if curve.bounds:
        yield f'<polyline class="bound" points="{_points(place(*each) for each in curve.bounds)}"/>'
    yield f'<polyline class="curve" points="{_points(place(*each) for each in curve.points)}"/>'
    for size, value in curve.points:
        x, y = place(size, value)
        yield f'<circle class="point" cx="{x:.1f}" cy="{y:.1f}" r="3"/>'
        yield f'<text class="value" x="{x:.1f}" y="{y - 8:.1f}" text-anchor="middle">{_short(value)}</text>'
        yield f'<text x="{x:.1f}" y="{bottom + 16}" text-anchor="middle">{size:,}</text>'


def _points(places: Iterator[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in places)


def _rounded_up(value: float) -> float:
    """Return the next number with which an axis can end."""
    power: float = 10.0 ** math.floor(math.log10(value or 1))
    return next(power * digit for digit in _NICE if power * digit >= value * 0.999)


def _short(value: float) -> str:
    if value >= 20 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.2g}"


def _style() -> str:
    dark = "".join(_rules(_DARK, _DARK_BOUND))
    return f"{''.join(_rules(_LIGHT, _LIGHT_BOUND))} @media (prefers-color-scheme: dark) {{ {dark} }}"


def _rules(colours: Mapping[str, str], bound: str) -> Iterator[str]:
    yield f".back {{ fill: {colours['back']}; }} "
    yield f"text {{ font: 11px system-ui, sans-serif; fill: {colours['plain']}; }} "
    yield f".title {{ font-weight: 600; font-size: 12px; fill: {colours['strong']}; }} "
    yield f".value {{ fill: {colours['strong']}; paint-order: stroke; stroke: {colours['back']}; stroke-width: 3px; }} "
    yield f".limit {{ fill: {bound}; }} .bound {{ stroke: {bound}; stroke-dasharray: 5 4; fill: none; }} "
    yield f".grid {{ stroke: {colours['faint']}; }} .point {{ fill: {colours['line']}; }} "
    yield f".curve {{ stroke: {colours['line']}; stroke-width: 2; fill: none; }}"


if __name__ == "__main__":
    source, target = map(Path, sys.argv[1:])
    write(json.loads(source.read_text()), target)
