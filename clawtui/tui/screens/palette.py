"""The commands of the palette: each operation of the current pane and of the others, with its name and its key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.dom import DOMNode
from textual.screen import Screen

from clawtui.tui.panes.pane import Pane
from clawtui.tui.screens.bindings import SYNONYMS
from clawtui.tui.screens.dashboard import Dashboard
from clawtui.tui.screens.key_hints import is_moving, key_name, own_bindings


class _Offer(NamedTuple):
    binding: Binding
    node: DOMNode
    elsewhere: Pane | None
    """The pane of the operation, if it is not the current one."""


def commands(app: App[None], screen: Screen[object]) -> Iterable[SystemCommand]:
    """Yield the commands of the current pane, then those of other panes, which make their pane current first."""
    for name, offers in _named(screen).items():
        keys = dict.fromkeys(offer.binding.key_display or key_name(offer.binding.key) for offer in offers)
        yield SystemCommand(name, f"key {' '.join(keys)}", partial(_run, app, offers[0]))


def synonyms(screen: Screen[object]) -> Mapping[str, str]:
    """Return other words for the commands, by the name of the command."""
    named = _named(screen).items()
    return {name: words for name, offers in named if (words := SYNONYMS.get(offers[0].binding.id or "", ""))}


def _named(screen: Screen[object]) -> Mapping[str, Sequence[_Offer]]:
    """Return the offers by their name; several have one name where several keys do the same."""
    named: dict[str, list[_Offer]] = {}
    for offer in _offers(screen):
        name = _name(offer)
        if name and (offer.elsewhere is None or _name(offer._replace(elsewhere=None)) not in named):
            named.setdefault(name, []).append(offer)
    return named


def _offers(screen: Screen[object]) -> Iterator[_Offer]:
    for active in screen.active_bindings.values():
        yield _Offer(active.binding, active.node, None)
    if isinstance(screen, Dashboard):
        for pane in screen.panes.panes:
            if pane is not screen.panes.current:
                for binding in own_bindings(screen.app, pane):
                    yield _Offer(binding, pane, pane)


def _name(offer: _Offer) -> str:
    """Return `Enable: enable the automation (in Automations)`; empty for a binding that is not offered."""
    binding = offer.binding
    if not binding.tooltip or is_moving(binding):
        return ""
    verb = (binding.id or binding.description).rpartition(".")[2].replace("-", " ").capitalize()
    where = f" (in {offer.elsewhere.title})" if offer.elsewhere is not None else ""
    return f"{verb}: {binding.tooltip}{where}"


async def _run(app: App[None], offer: _Offer) -> None:
    if offer.elsewhere is not None and isinstance(app.screen, Dashboard):
        app.screen.panes.go_to(offer.elsewhere)
    await app.run_action(offer.binding.action, offer.node)
