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
from statistics import median
from typing import Any, NamedTuple

_WIDTH, _HEIGHT = 290, 186
_LEFT, _TOP, _RIGHT, _BOTTOM = 48, 48, 14, 38
"""The margins around the axes of one chart."""
_COLUMNS, _PADDING, _CAPTION = 3, 8, 58
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
    bound: float | None
    """What the values must not exceed; None where nothing is promised."""


def write(document: Mapping[str, Any], target: Path) -> None:
    """Draw the curves among the figures of a JSON document of the bench."""
    target.write_text(draw(curves_of(document), caption(document["machine"])))


def curves_of(document: Mapping[str, Any]) -> list[Curve]:
    """Return the curves among the figures, in their order."""
    points: dict[tuple[str, str], list[tuple[int, float]]] = {}
    bounds: dict[tuple[str, str], list[float]] = {}
    for figure in document["figures"]:
        found = _WHAT.fullmatch(str(figure["what"])) if figure["name"] == "curves" else None
        if found is not None:
            key, size = (found["what"], str(figure["unit"])), int(found["size"].replace(",", ""))
            points.setdefault(key, []).append((size, float(figure["value"])))
            if figure["bound"] is not None:
                bounds.setdefault(key, []).append(float(figure["bound"]))
    return [
        Curve(*key, tuple(sorted(taken)), median(bounds[key]) if key in bounds else None)
        for key, taken in points.items()
    ]


def caption(machine: Mapping[str, Any]) -> Sequence[str]:
    """Return what sizes and bounds mean, and when and on what kind of machine the figures were taken."""
    system = re.sub(r"^(\w+ \d+\.\d+).*", r"\1", str(machine["system"]))
    textual = machine["packages"]["textual"]
    kind = f"{machine['cores']} cores ({machine['cpu']}), {system}, Python {machine['python']}, Textual {textual}"
    return (
        "Across: the number of automations; for each of them ten logs, for ten a workspace, for twenty a lock.",
        "Dashed: the bound. First paint: twice that of an app with one label; CPU of one update: 1.3 × that with 10.",
        f"{machine['date']}, {kind}",
    )


def draw(curves: Sequence[Curve], captions: Sequence[str] = ()) -> str:
    """Return an SVG with a small chart for each: sizes on a logarithmic scale, values from zero."""
    rows = -(-len(curves) // _COLUMNS)
    width, charts_end = _COLUMNS * _WIDTH + 2 * _PADDING, rows * _HEIGHT + _PADDING
    height = charts_end + _CAPTION
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
    parts = [head, "<title>Cost over the size of the fleet</title>", f"<style>{_style()}</style>"]
    parts.append(f'<rect class="back" width="{width}" height="{height}" rx="6"/>')
    sizes = sorted({size for curve in curves for size, _ in curve.points})
    for number, curve in enumerate(curves):
        x, y = _PADDING + number % _COLUMNS * _WIDTH, _PADDING + number // _COLUMNS * _HEIGHT
        parts += [f'<g transform="translate({x} {y})">', *_chart(curve, sizes), "</g>"]
    for number, text in enumerate(captions):
        parts.append(f'<text x="{_PADDING + 8}" y="{charts_end + 14 + 16 * number}">{escape(text)}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _chart(curve: Curve, sizes: Sequence[int]) -> Iterator[str]:
    right, bottom = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    top = _rounded_up(max([value for _, value in curve.points] + [curve.bound or 0.0]) * 1.12)
    least, most = math.log10(sizes[0]), math.log10(sizes[-1])

    def across(size: int) -> float:
        return _LEFT + 14 + (math.log10(size) - least) / ((most - least) or 1) * (right - _LEFT - 32)

    def up(value: float) -> float:
        return bottom - value / top * (bottom - _TOP)

    yield f'<text class="title" x="8" y="18">{escape(curve.what)}</text>'
    yield f'<text x="{_LEFT - 6}" y="34" text-anchor="end">{escape(curve.unit)}</text>'
    for value in (0.0, top / 2, top):
        yield f'<line class="grid" x1="{_LEFT}" y1="{up(value):.1f}" x2="{right}" y2="{up(value):.1f}"/>'
        yield f'<text x="{_LEFT - 6}" y="{up(value) + 4:.1f}" text-anchor="end">{_short(value)}</text>'
    if curve.bound is not None:
        y = f"{up(curve.bound):.1f}"
        yield f'<line class="bound" x1="{_LEFT}" y1="{y}" x2="{right}" y2="{y}"/>'
        bound = escape(f"≤ {_short(curve.bound)} {curve.unit}")
        yield f'<text class="limit" x="{right}" y="34" text-anchor="end">{bound}</text>'
    places = " ".join(f"{across(size):.1f},{up(value):.1f}" for size, value in curve.points)
    yield f'<polyline class="curve" points="{places}"/>'
    for size, value in curve.points:
        x, y = f"{across(size):.1f}", f"{up(value) - 8:.1f}"
        yield f'<circle class="point" cx="{x}" cy="{up(value):.1f}" r="3"/>'
        yield f'<text class="value" x="{x}" y="{y}" text-anchor="middle">{_short(value)}</text>'
    for size in sizes:
        yield f'<text x="{across(size):.1f}" y="{bottom + 16}" text-anchor="middle">{size:,}</text>'


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
