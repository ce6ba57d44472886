"""Figures as a table for a person, and as JSON for a program."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

from tests.bench.figure import Figure

_HEADINGS = ("", "figure", "measured", "beside it", "ratio", "must reach", "")
_RIGHT = frozenset({2, 4, 5})


def table(figures: Sequence[Figure]) -> Iterable[str]:
    """Return the figures in aligned columns."""
    rows = [_HEADINGS, *map(_row, figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    for row in rows:
        cells = (
            cell.rjust(width) if column in _RIGHT else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join(cells).rstrip()


def verdict(figures: Iterable[Figure]) -> str:
    """Return how many of the bounds hold, in one line."""
    bounded = [figure for figure in figures if figure.holds is not None]
    missed = [figure for figure in bounded if not figure.holds]
    summary = f"{len(bounded) - len(missed)} of {len(bounded)} bounds hold"
    return f"{summary}; missed: {', '.join(f'{figure.name} {figure.what}' for figure in missed)}" if missed else summary


def as_json(machine: Mapping[str, object], figures: Iterable[Figure]) -> str:
    """Return one document with every sample in it."""
    rows = [asdict(figure) | {"ratio": figure.ratio, "holds": figure.holds} for figure in figures]
    return json.dumps({"machine": machine, "figures": rows}, indent=2, ensure_ascii=False)


def amount(value: float, unit: str) -> str:
    """Return a number with its significant digits, and its unit."""
    size = abs(value)
    digits = 0 if size >= 100 or value == int(value) else 1 if size >= 10 else 2 if size >= 0.1 else 3
    return f"{value:,.{digits}f} {unit}".rstrip()


def _row(figure: Figure) -> tuple[str, ...]:
    beside = "" if figure.baseline is None else f"{amount(figure.baseline, figure.unit)} {figure.baseline_what}"
    bounds = [] if figure.bound is None else [f"≤ {amount(figure.bound, figure.unit)}"]
    bounds += [] if figure.ratio_bound is None else [f"≤ {figure.ratio_bound:g} ×"]
    verdict = {None: "", True: "ok", False: "MISSED"}[figure.holds]
    ratio = "" if figure.ratio is None else f"{figure.ratio:.2f} ×"
    return (figure.name, figure.what, amount(figure.value, figure.unit), beside, ratio, ", ".join(bounds), verdict)
