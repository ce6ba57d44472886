"""The creation of widget classes, which is a twentieth of the start in Textual's own way.

At each new class Textual reads every attribute of all its bases, and parses all their bindings again.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from textual.binding import Binding, BindingsMap
from textual.dom import DOMNode
from textual.reactive import Reactive


@cache
def _reactives(base: type) -> Mapping[str, Reactive[Any]]:
    """Return the reactive attributes that `base` itself defines."""
    return {name: value for name, value in vars(base).items() if isinstance(value, Reactive)}


@cache
def _computed(base: type) -> frozenset[str]:
    """Return the names of the attributes for which `base` itself has a method that computes them."""
    prefixes = ("_compute_", "compute_")
    return frozenset(name.lstrip("_")[8:] for name in vars(base) if name.startswith(prefixes))


@cache
def _bindings(base: type) -> Mapping[str, list[Binding]]:
    """Return the bindings that `base` itself defines, by their keys."""
    return BindingsMap(vars(base).get("BINDINGS", ())).key_to_bindings


def _merged_bindings(created: type[DOMNode]) -> BindingsMap:
    """Return the bindings of `created` with those that it inherits, as ``DOMNode._merge_bindings`` does."""
    keys: dict[str, list[Binding]] = {}
    for base in reversed(created.__mro__):
        if issubclass(base, DOMNode):
            if not base._inherit_bindings:
                keys.clear()
            keys.update(_bindings(base))
    return BindingsMap.from_keys({key: [*bindings] for key, bindings in keys.items()})


def _init_subclass(
    created: type[DOMNode],
    inherit_css: bool = True,
    inherit_bindings: bool = True,
    inherit_component_classes: bool = True,
) -> None:
    """Set what Textual keeps in each class, as ``DOMNode.__init_subclass__`` does; each base is read only once."""
    super(DOMNode, created).__init_subclass__()
    created._reactives = {}
    computes: set[str] = set()
    for base in reversed(created.__mro__):
        created._reactives.update(_reactives(base))
        computes |= _computed(base)
    created._inherit_css = inherit_css
    created._inherit_bindings = inherit_bindings
    created._inherit_component_classes = inherit_component_classes
    bases = created._css_bases(created)
    created._css_type_name = bases[0].__name__
    created._css_type_names = frozenset(base.__name__ for base in bases)
    created._merged_bindings = _merged_bindings(created)
    created._computes = frozenset(computes)


def create_classes_faster() -> None:
    """Have the classes that are created from now on read each base only once. Their attributes are the same.

    It must run before ``textual.widget`` is imported to have an effect on Textual's own widgets.
    """
    setattr(DOMNode, "__init_subclass__", classmethod(_init_subclass))  # noqa: B010  mypy accepts no other way
