"""``python -m tests.bench [NAMES…] [--json] [--quick] [--picture FILE]``: the contract's table, measured now."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path

from tests.bench import effort, machine, picture, report
from tests.bench.figure import Figure, Measure

_MODULES = {
    "B1": "b1_start",
    "B2": "b2_start_large",
    "B3": "b3_latency",
    "B4": "logs",
    "B5": "logs",
    "B5c": "b5_command",
    "B6": "b6_watches",
    "B7": "b7_idle",
    "B8": "b8_update",
    "B8b": "b8b_keys",
    "B9": "b9_load",
    "B10": "b10_command",
    "B12": "remote",
    "locks": "locks",
    "gateway": "gateway",
    "legs": "legs",
    "curves": "curves",
    "roots": "many_roots",
    "soak": "soak",
    "stopped": "stopped",
}
_ALIASES = {"logs": ("B4", "B5"), "remote": ("B12",)}
_SHOWS = {"bytes": "update_bytes"}
"""What is no figure."""
_TABLE = tuple(name for name in _MODULES if name.startswith("B"))
"""What is measured where no name is given."""


def main(arguments: Sequence[str]) -> int:
    """Measure and print; return 1 if a bound is exceeded or something could not be measured."""
    options = _parser().parse_args(arguments)
    # What is installed is compiled once; where this is set, our modules would be compiled at every start, and no other.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if options.quick:
        effort.be_quick()
    names = [name for given in options.names or _TABLE for name in _ALIASES.get(given, (given,))]
    for name in [name for name in names if name in _SHOWS]:
        print(*import_module(f"tests.bench.{_SHOWS[name]}").show(), sep="\n")
        names.remove(name)
        if not names:
            return 0
    before = machine.describe()
    figures, failures = [], 0
    for module in dict.fromkeys(_MODULES[name] for name in names):
        try:
            for figure in measurement(module)():
                if figure.name in names or figure.name not in _MODULES:
                    figures.append(figure)
                    print(f"{figure.name} {figure.what}: {report.amount(figure.value, figure.unit)}", file=sys.stderr)
        except Exception as error:  # noqa: BLE001  one measurement that fails must not take the others with it
            failures += 1
            print(f"{module}: {type(error).__name__}: {error}", file=sys.stderr)
    if options.picture is not None:
        picture.write(json.loads(report.as_json(before, figures)), options.picture)
    if options.json:
        print(report.as_json(before, figures))
    else:
        print(machine.as_line(before), "", *report.table(figures), "", report.verdict(figures), sep="\n")
    return int(bool(failures) or any(figure.holds is False for figure in figures))


def measurement(module: str) -> Measure:
    """Return the measurement of that name; its module is imported only now, which saves the imports of the others."""
    found = import_module(f"tests.bench.{module}").measure

    def measure() -> Iterator[Figure]:
        yield from found()

    return measure


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    names = [*_MODULES, *_ALIASES, *_SHOWS]
    parser.add_argument("names", nargs="*", metavar="NAME", choices=[*names, []], help=", ".join(names))
    parser.add_argument("--json", action="store_true", help="print one JSON document with every sample")
    parser.add_argument("--picture", type=Path, metavar="FILE", help="draw the curves as an SVG")
    parser.add_argument("--quick", action="store_true", help="a third of the repeats")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
