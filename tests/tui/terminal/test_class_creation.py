"""The faster creation of widget classes: each class gets the same as from Textual."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
import textual.widgets
from textual.binding import Binding
from textual.dom import DOMNode
from textual.reactive import reactive
from textual.widget import Widget

import clawtui.tui
from clawtui.tui.terminal.class_creation import create_classes_faster

OF_TEXTUAL = vars(DOMNode)["__init_subclass__"]


@pytest.fixture(autouse=True)
def faster() -> Iterator[None]:
    create_classes_faster()
    yield
    setattr(DOMNode, "__init_subclass__", OF_TEXTUAL)  # noqa: B010


def classes(base: type[DOMNode]) -> Iterator[type[DOMNode]]:
    """Yield all classes that are derived from ``base``."""
    for cls in base.__subclasses__():
        yield cls
        yield from classes(cls)


def kept(cls: type[DOMNode]) -> dict[str, Any]:
    """Return what Textual keeps in a class."""
    return {
        "reactives": list(cls._reactives.items()),
        "inherit": (cls._inherit_css, cls._inherit_bindings, cls._inherit_component_classes),
        "css": (cls._css_type_name, cls._css_type_names),
        "bindings": list(cls._merged_bindings.key_to_bindings.items()) if cls._merged_bindings else None,
        "computes": cls._computes,
    }


def create_again(cls: type[DOMNode]) -> None:
    """Set again what is kept in a class, which exists already."""
    css, bindings, component_classes = cls._inherit_css, cls._inherit_bindings, cls._inherit_component_classes
    DOMNode.__init_subclass__.__func__(cls, css, bindings, component_classes)  # type: ignore[attr-defined]


def test_each_class_of_textual_and_of_the_dashboard_gets_the_same() -> None:
    for name in vars(textual.widgets)["__all__"]:
        getattr(textual.widgets, name)
    for found in pkgutil.walk_packages(clawtui.tui.__path__, "clawtui.tui."):
        importlib.import_module(found.name)
    compared = 0
    for cls in classes(DOMNode):
        if cls._merged_bindings is not None:
            before = kept(cls)
            create_again(cls)
            assert kept(cls) == before, cls
            compared += 1
    assert compared > 100


def test_a_class_that_inherits_no_bindings_has_its_own_only() -> None:
    class Above(Widget):
        BINDINGS = [Binding("a", "above"), Binding("b", "above"), ("c,d", "above", "")]  # noqa: RUF012

        shown = reactive(0)

        def compute_shown(self) -> int:
            return 1

    class Below(Above):
        BINDINGS = [Binding("b", "below")]  # noqa: RUF012

    class Other(Below, inherit_bindings=False):
        BINDINGS = [Binding("x", "other")]  # noqa: RUF012

    def actions(cls: type[DOMNode]) -> dict[str, list[str]]:
        assert cls._merged_bindings is not None
        return {key: [each.action for each in several] for key, several in cls._merged_bindings.key_to_bindings.items()}

    assert actions(Below) == {"a": ["above"], "b": ["below"], "c": ["above"], "d": ["above"]}
    assert actions(Other) == {"x": ["other"]}
    assert "shown" in Other._reactives and "shown" in Other._computes
    Below._merged_bindings.key_to_bindings["a"].clear()  # type: ignore[union-attr]
    assert actions(Above)["a"] == ["above"]
