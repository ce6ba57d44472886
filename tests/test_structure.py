"""The sizes that keep the code readable: methods of a class, lines of a module, modules of a folder."""

from __future__ import annotations

import ast
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

PACKAGE: Final = Path(__file__).parents[1] / "clawtui"
MOST_METHODS: Final = 25
"""Of a class with its bases in this repository; a method that is overridden counts each time."""
MOST_LINES: Final = 250
MOST_MODULES: Final = 15


class ClassNode(NamedTuple):
    """A class: how many methods it defines, and its bases as (module, name)."""

    methods: int
    bases: tuple[tuple[str, str], ...]


@cache
def modules() -> dict[str, ast.Module]:
    """Return every module of the package by its dotted name."""
    return {_name(file): ast.parse(file.read_text()) for file in PACKAGE.rglob("*.py")}


def _name(file: Path) -> str:
    return ".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


@cache
def classes() -> dict[tuple[str, str], ClassNode]:
    """Return every class of the package by its module and name."""
    found = {}
    for module, tree in modules().items():
        imported = {
            alias.asname or alias.name: (node.module, alias.name)
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module
            for alias in node.names
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                methods = sum(isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) for each in node.body)
                names = [base.value if isinstance(base, ast.Subscript) else base for base in node.bases]
                bases = tuple(imported.get(each.id, (module, each.id)) for each in names if isinstance(each, ast.Name))
                found[module, node.name] = ClassNode(methods, bases)
    return found


def lineage(key: tuple[str, str]) -> set[tuple[str, str]]:
    """Return a class and all its bases in this repository."""
    if key not in classes():
        return set()
    return {key}.union(*(lineage(base) for base in classes()[key].bases))


def methods_of(key: tuple[str, str]) -> int:
    """Return how many methods a class has with its bases."""
    return sum(classes()[each].methods for each in lineage(key))


def test_no_class_has_more_methods_than_can_be_kept_in_mind() -> None:
    assert methods_of(("clawtui.tui.panes.locks.pane", "LocksPane")) > methods_of(
        ("clawtui.tui.panes.table_pane", "TablePane")
    ), "bases are counted"
    counts = {f"{module}.{name}": methods_of((module, name)) for module, name in classes()}
    large = {name: count for name, count in counts.items() if count > MOST_METHODS}
    assert large == {}


def test_no_module_is_too_long() -> None:
    lengths = {str(file.relative_to(PACKAGE)): _lines(file) for file in PACKAGE.rglob("*.py")}
    assert {name: length for name, length in lengths.items() if length > MOST_LINES} == {}


def test_no_folder_has_too_many_modules() -> None:
    counts = Counter(str(file.parent.relative_to(PACKAGE)) for file in PACKAGE.rglob("*.py") if file.stem != "__init__")
    assert {folder: count for folder, count in counts.items() if count > MOST_MODULES} == {}


def _lines(file: Path) -> int:
    return len(file.read_text().splitlines())
