"""Pens: the colours and attributes of a cell in a terminal, and the shortest change from one pen to another."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from rich.color import ColorSystem
from rich.style import Style

_ATTRIBUTES: Final = (
    *("bold", "dim", "italic", "underline", "blink", "blink2", "reverse", "conceal", "strike"),
    *("underline2", "frame", "encircle", "overline"),
)
_ON: Final = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "21", "51", "52", "53")
"""The parameters of SGR that switch the attributes on."""
_OFF: Final = ("22", "22", "23", "24", "25", "25", "27", "28", "29", "24", "54", "54", "55")

_HIDDEN_ON_BLANKS: Final = 0b0000_0011_0111
"""The attributes that a blank does not show: bold, dim, italic and blinking, as bits."""

_REMEMBERED: Final = 4096


class Pen(NamedTuple):
    """The colours and attributes with which a cell is drawn. Colours are parameters of SGR; attributes are bits."""

    foreground: str = "39"
    background: str = "49"
    attributes: int = 0
    link: str = ""
    """The address of a link (OSC 8), empty for none."""


PLAIN: Final = Pen()
"""The pen of a terminal after a reset."""


class Change(NamedTuple):
    """The sequence that changes one pen into another, and the new pen."""

    sequence: str
    pen: Pen


@lru_cache(_REMEMBERED)
def pen_of(style: Style | None, system: ColorSystem) -> Pen:
    """Return the pen that draws `style` on a terminal with the colours of `system`."""
    if style is None:
        return PLAIN
    colour, ground = style.color, style.bgcolor
    return Pen(
        ";".join(colour.downgrade(system).get_ansi_codes()) if colour is not None else PLAIN.foreground,
        ";".join(ground.downgrade(system).get_ansi_codes(foreground=False)) if ground is not None else PLAIN.background,
        sum(1 << bit for bit, name in enumerate(_ATTRIBUTES) if getattr(style, name)),
        style.link or "",
    )


@lru_cache(_REMEMBERED)
def blank_pen(pen: Pen) -> Pen:
    """Return the part of `pen` that a blank shows; blanks for which it is equal look the same."""
    if pen.attributes & ~_HIDDEN_ON_BLANKS:
        return pen
    return pen._replace(attributes=0, foreground=PLAIN.foreground)


@lru_cache(_REMEMBERED)
def change_to(old: Pen, new: Pen) -> Change:
    """Return the change from `old` to `new`."""
    return Change(_sgr(old, new) + _link(old, new), new)


@lru_cache(_REMEMBERED)
def change_to_blank(old: Pen, blank: Pen) -> Change:
    """Return the shortest change from `old` to a pen whose blanks look like those of `blank`."""
    if blank.attributes:
        return change_to(old, blank)
    kept = old._replace(background=blank.background, attributes=old.attributes & _HIDDEN_ON_BLANKS, link=blank.link)
    return min(change_to(old, kept), change_to(old, blank), key=lambda change: len(change.sequence))


def _sgr(old: Pen, new: Pen) -> str:
    """Return the shorter sequence: the changed parameters, or a reset with all parameters of the new pen."""
    if old[:3] == new[:3]:
        return ""
    changed = ";".join(_parameters(old, new))
    reset = ";".join(["", *_parameters(PLAIN, new)])
    return f"\x1b[{min(changed, reset, key=len)}m"


def _parameters(old: Pen, new: Pen) -> list[str]:
    lost, gained = old.attributes & ~new.attributes, new.attributes & ~old.attributes
    parameters: list[str] = []
    if lost:
        off = {_OFF[bit] for bit in _bits(lost)}
        parameters += sorted(off)
        # Bold and dim, for example, are switched off together.
        gained |= sum(1 << bit for bit in _bits(new.attributes) if _OFF[bit] in off)
    parameters += [_ON[bit] for bit in _bits(gained)]
    if old.foreground != new.foreground:
        parameters.append(new.foreground)
    if old.background != new.background:
        parameters.append(new.background)
    return parameters


def _bits(attributes: int) -> list[int]:
    return [bit for bit in range(len(_ON)) if attributes >> bit & 1]


def _link(old: Pen, new: Pen) -> str:
    return "" if old.link == new.link else f"\x1b]8;;{new.link}\x1b\\"
