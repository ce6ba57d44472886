"""The roots that are shown together: those in the settings, or those that the command line names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import cycle
from typing import Final

from clawtui.model.documents.settings import LabelColour, RootSettings, Settings
from clawtui.model.errors import NoSuch
from clawtui.model.listed_root import ListedRoot
from clawtui.model.text.command_line import ANYWHERE
from clawtui.remote.address import SCHEME, remote_root
from clawtui.storage.roots import choose_root
from clawtui.storage.user.files import shortened

_COLOURS: Final[tuple[LabelColour, ...]] = ("blue", "green", "magenta", "cyan", "yellow")
"""The colours of roots that have none in the settings; red is left for what has failed."""


def list_roots(named: Sequence[str], settings: Settings) -> tuple[ListedRoot, ...]:
    """Return the roots in ``named``, each once; all roots in the settings if it is empty.

    Nothing is looked up on disk or over the network. Raises NoSuch for an address that cannot be used, and where there
    is no root to show.
    """
    if not named and not settings.roots:
        raise NoSuch(f"the settings name no roots\n{ANYWHERE.hint('config', 'show')} shows how they are named.")
    found = [_root(name, settings) for name in dict.fromkeys(named or settings.roots)]
    return tuple(_with_colours(_with_names(found), settings))


def _root(name: str, settings: Settings) -> ListedRoot:
    known = settings.roots.get(name)
    if known is not None and known.host is not None:
        remote_root(name, settings)  # raises NoSuch for a host that cannot be used
        return ListedRoot(name, name, known.colour, host=known.host, read_only=known.read_only)
    if name.startswith(SCHEME):
        address = remote_root(name, settings)
        assert address is not None
        return ListedRoot(address.destination, name, "red", host=address.destination)
    chosen = choose_root(name, settings)
    path = str(chosen.paths.root)
    if chosen.name is not None and chosen.known is not None:
        return ListedRoot(chosen.name, chosen.name, chosen.known.colour, path, read_only=chosen.known.read_only)
    return ListedRoot(chosen.paths.root.name or path, path, "red", path)


def _with_names(roots: Sequence[ListedRoot]) -> Iterator[ListedRoot]:
    """Yield each root once, by its path or address where its name is that of another one too."""
    unique = list(dict.fromkeys(roots))
    count = Counter(root.name for root in unique)
    for root in unique:
        is_alone = count[root.name] == 1
        yield root if is_alone else root._replace(name=shortened(root.path) if root.path else root.argument)


def _with_colours(roots: Iterator[ListedRoot], settings: Settings) -> Iterator[ListedRoot]:
    others = cycle(_COLOURS)
    for root in roots:
        known = settings.roots.get(root.name)
        yield root if known is not None and _has_colour(known) else root._replace(colour=next(others))


def _has_colour(root: RootSettings) -> bool:
    return "colour" in root.present
