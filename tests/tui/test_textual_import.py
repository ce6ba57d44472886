"""The import of Textual without what the first frame does not show: all of it works as usual when it is used."""

from __future__ import annotations

import ast
import subprocess
import sys
import typing
from importlib import import_module
from pathlib import Path

import textual

from clawtui.tui.textual_import import _AT_USE, _VALUES
from tests.cli.processes import PROJECT, environment

IMPORTED = """
import sys
from clawtui.tui.textual_import import import_textual
import_textual()
print(*(name for name, module in sys.modules.items() if getattr(module, "__spec__", None)))
"""

PALETTE = """
import asyncio, sys
from clawtui.tui.textual_import import import_textual
import_textual()
from textual.app import App
from textual.command import CommandPalette

async def main():
    app = App()
    async with app.run_test() as pilot:
        await pilot.press("ctrl+p")
        assert isinstance(app.screen, CommandPalette), app.screen
        await pilot.press("escape")
        await app.search_commands([("one", lambda: None)])
        assert isinstance(app.screen, CommandPalette), app.screen
        from rich.tree import Tree
        assert isinstance(app.tree, Tree), app.tree
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", "print(2)", stdout=asyncio.subprocess.PIPE)
    print(*await process.communicate())

asyncio.run(main())
"""


def printed(script: str) -> list[str]:
    """Run a script in a process of its own; return the words that it printed."""
    ran = subprocess.run(
        [sys.executable, "-c", script],
        cwd=PROJECT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert not ran.returncode, ran.stderr
    return ran.stdout.split()


def test_textual_is_imported_without_the_others() -> None:
    loaded = set(printed(IMPORTED))
    assert {"textual.app", "textual.widget"} <= loaded
    assert not loaded & {*_AT_USE, *_VALUES}


def test_what_was_left_out_is_imported_at_its_use() -> None:
    assert printed(PALETTE) == ["b'2\\n'", "None"]


def test_the_values_are_those_of_the_modules() -> None:
    module = import_module("subprocess")
    assert {name: getattr(module, name) for name in _VALUES["subprocess"]} == _VALUES["subprocess"]


def test_textual_takes_from_typing_extensions_only_what_python_has() -> None:
    taken = {
        name.name
        for file in Path(textual.__path__[0]).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module == "typing_extensions"
        for name in node.names
    }
    assert {"Final", "TypeAlias"} <= taken
    assert taken <= set(typing.__all__)
