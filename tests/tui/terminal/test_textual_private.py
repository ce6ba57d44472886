"""The private names of Textual that are used here: each as it was when it was adopted, and none outside the terminal.

Where one of these tests fails after an update of Textual, read what that version does in place of the name, mend the
adapter in `clawtui/tui/terminal`, then the table below.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

import pytest
from rich.text import Text
from textual._compositor import ChopsUpdate, Compositor, LayoutUpdate
from textual._styles_cache import StylesCache
from textual.app import App, ComposeResult
from textual.dom import DOMNode
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.drivers.web_driver import WebDriver
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget

import clawtui.tui
from clawtui.tui.terminal.textual_private import (
    FailureBoundary,
    MessageBoundary,
    bindings_of,
    use_colours,
    write_to_terminal,
)

METHODS: Final = {
    (MessagePump, "_dispatch_message"): "(self, message: 'Message') -> 'None'",
    (MessagePump, "_close_messages_no_wait"): "(self) -> 'None'",
    (App, "_handle_exception"): "(self, error: 'Exception') -> 'None'",
    (App, "_refresh_truecolor_filter"): "(self, theme: 'TerminalTheme') -> 'None'",
    (App, "_on_key"): "(self, event: 'events.Key') -> 'None'",
    (App, "_display"): "(self, screen: 'Screen', renderable: 'RenderableType | None') -> 'None'",
    (App, "_begin_update"): "(self) -> 'None'",
    (App, "_end_update"): "(self) -> 'None'",
    (Screen, "_on_idle"): "(self, event: 'events.Idle') -> 'None'",
    (Screen, "_on_timer_update"): "(self) -> 'None'",
    (Screen, "_compositor_refresh"): "(self) -> 'None'",
    (LinuxDriver, "_sigcont_application"): "(self, *_) -> 'None'",
    (LinuxDriver, "_get_terminal_size"): "(self) -> 'tuple[int, int]'",
    (LinuxDriver, "_enable_mouse_support"): "(self) -> 'None'",
    (LinuxDriver, "_disable_mouse_support"): "(self) -> 'None'",
    (WebDriver, "_enable_mouse_support"): "(self) -> 'None'",
    (Compositor, "_get_renders"): "(self, crop: 'Region | None' = None) -> "
    "'Iterable[tuple[Region, Region, list[Strip]]]'",
    (Compositor, "render_partial_update"): "(self) -> 'ChopsUpdate | None'",
    (StylesCache, "get_inner_outer"): "(cls, base_background: 'Color', background: 'Color') -> 'tuple[Style, Style]'",
    (Widget, "_set_dirty"): "(self, *regions: 'Region') -> 'None'",
    (Compositor, "render_update"): "(self, full: 'bool' = False, screen_stack: 'list[Screen] | None' = None, "
    "simplify: 'bool' = False) -> 'RenderableType | None'",
    (ChopsUpdate, "__init__"): "(self, chops: 'Sequence[Mapping[int, Strip | None]]', "
    "spans: 'list[tuple[int, int, int]]', chop_ends: 'list[list[int]]') -> 'None'",
    (LayoutUpdate, "__init__"): "(self, strips: 'list[Iterable[Strip]]', region: 'Region') -> 'None'",
}
"""Methods that are called or overridden, with their signatures."""

ATTRIBUTES: Final = {
    (App, "_background_screens"),
    (App, "_batch_count"),
    (App, "_driver"),
    (App, "_exit"),
    (App, "_exit_renderables"),
    (App, "_filters"),
    (App, "_keymap"),
    (App, "_return_code"),
    (DOMNode, "_bindings"),
    (Screen, "_compositor"),
    (Screen, "_dirty_widgets"),
    (Widget, "_layout_required"),
    (Compositor, "_dirty_regions"),
    (MessagePump, "_closed"),
    (MessagePump, "_is_mounted"),
    (MessagePump, "_running"),
    (Driver, "_app"),
    (Driver, "_auto_restart"),
    (Driver, "_mouse"),
    (LinuxDriver, "_in_band_window_resize"),
    (LinuxDriver, "_key_thread"),
    (LinuxDriver, "_writer_thread"),
}
"""Attributes that are read or set."""

ADAPTERS: Final = "clawtui.tui.terminal."


class Use(NamedTuple):
    """A use of a private name of Textual in a module of clawtui."""

    module: str
    owner: type | None
    """The class of ours in which it is used of ``self``; None where it is used of another object."""
    name: str


@cache
def private_names(cls: type) -> frozenset[str]:
    """Return the private names that a class of Textual itself defines, as methods or on ``self``."""
    (tree,) = ast.parse(inspect.getsource(cls)).body
    assert isinstance(tree, ast.ClassDef)
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            names |= {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    for each in ast.walk(tree):
        if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store):
            names.add(each.attr)
    return frozenset(name for name in names if name.startswith("_") and not name.startswith("__"))


def inherited(cls: type) -> frozenset[str]:
    """Return the private names of Textual that a class of clawtui inherits."""
    return frozenset().union(*(private_names(base) for base in cls.__mro__ if base.__module__.startswith("textual.")))


def uses() -> Iterator[Use]:
    """Yield every use of a private name of Textual in the dashboard."""
    of_others = inherited(App) | inherited(Screen) | inherited(Widget) | inherited(LinuxDriver) | inherited(Compositor)
    for found in pkgutil.walk_packages(clawtui.tui.__path__, "clawtui.tui."):
        module = importlib.import_module(found.name)
        source = inspect.getsource(module)
        if "textual" not in source:
            continue
        tree = ast.parse(source)
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in of_others and not _is_self(node.value):
                yield Use(found.name, None, node.attr)
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                cls = getattr(module, node.name)
                yield from (Use(found.name, cls, name) for name in sorted(_of_self(node) & inherited(cls)))


def _is_self(node: ast.expr) -> bool:
    """Return whether it is ``self``, ``cls`` or ``super()``."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "super"
    return isinstance(node, ast.Name) and node.id in ("self", "cls", "os", "sys")


def _of_self(cls: ast.ClassDef) -> set[str]:
    methods = {node.name for node in cls.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    used = {node.attr for node in ast.walk(cls) if isinstance(node, ast.Attribute) and _is_self(node.value)}
    return methods | used


@pytest.mark.parametrize(("cls", "name"), METHODS, ids=lambda each: each if isinstance(each, str) else each.__name__)
def test_a_private_method_has_the_signature_that_we_know(cls: type, name: str) -> None:
    assert str(inspect.signature(getattr(cls, name))) == METHODS[cls, name]


@pytest.mark.parametrize(("cls", "name"), sorted(ATTRIBUTES, key=str), ids=lambda each: getattr(each, "__name__", each))
def test_a_private_attribute_is_still_set_by_its_class(cls: type, name: str) -> None:
    assert name in private_names(cls)


def test_private_names_are_used_in_the_terminal_package_alone_and_each_is_in_the_table() -> None:
    found = list(uses())
    assert len(found) > 10
    assert [use for use in found if not use.module.startswith(ADAPTERS)] == []
    known = {name for _, name in (*METHODS, *ATTRIBUTES)}
    assert {use.name for use in found} - known == set()
    assert {name for name in known if not name.startswith("__") and name.startswith("_")} - {
        u.name for u in found
    } == set()


class _Failing(MessageBoundary, Widget):
    failure: Exception | None = None

    def on_click(self) -> None:
        raise KeyError("broken")

    def fail(self, error: Exception) -> None:
        self.failure = error


class _App(FailureBoundary):
    def compose(self) -> ComposeResult:
        yield _Failing()

    def failure_text(self, error: Exception) -> Text:
        return Text(str(error))


async def test_an_error_in_a_handler_is_the_widget_s_own() -> None:
    app = _App()
    async with app.run_test() as pilot:
        await pilot.click(_Failing)
        await pilot.pause()
        assert isinstance(app.query_one(_Failing).failure, KeyError)
        assert app.is_running


async def test_bindings_colours_and_the_terminal_are_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    app = _App()
    async with app.run_test():
        app.bind("f2", "bell", description="ring")
        assert [each.key for each in bindings_of(app, app) if each.description == "ring"] == ["f2"]
        use_colours(app, colours=False)
        use_colours(app, colours=False)
        assert [type(each).__name__ for each in app._filters].count("NoColor") == 1
        use_colours(app, colours=True)
        assert "NoColor" not in [type(each).__name__ for each in app._filters]
        sent: list[str] = []
        assert app._driver is not None
        monkeypatch.setattr(app._driver, "write", sent.append)  # the headless driver drops what it gets
        write_to_terminal(app, "\a")
        assert sent == ["\a"]
