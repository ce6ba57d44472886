"""Makes the source of a root on any host, for both faces."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from os import environ
from typing import TYPE_CHECKING

from msgspec import Struct

from clawtui.live.model import LiveModel
from clawtui.live.source import Source
from clawtui.model.documents.settings import Settings
from clawtui.remote.address import RemoteRoot, remote_root
from clawtui.remote.client.source import RemoteSource
from clawtui.storage.paths import StatePaths
from clawtui.storage.roots import ChosenRoot, choose_root

if TYPE_CHECKING:
    from clawtui.operations.acts.protocol import JudgeElsewhere, RootActs


class RootSource(Struct, frozen=True):
    """A source that was made for a root, with what else depends on the host of the root."""

    source: Source
    address: str
    """The root as ``--root`` takes it: its name in the settings, its path, or ``ssh://…``."""
    paths: StatePaths
    """Where files are read: the state directory; of a remote root, a directory with the ends of followed logs."""
    clock: Callable[[], datetime]
    """The clock of the root's host, by which ages are computed."""
    remote: RemoteRoot | None = None
    """The root where it is on another host."""
    acts: Callable[[JudgeElsewhere | None], RootActs] | None = None
    """Makes the acts on a root on another host."""

    @property
    def is_remote(self) -> bool:
        """Whether the root is on another host: acts are commands there, and nothing is judged here."""
        return self.remote is not None


def find_root(
    named: str | None, settings: Settings, environment: Mapping[str, str] = environ
) -> ChosenRoot | RemoteRoot:
    """Return the root that ``--root`` names: a name in the settings, a path, or ``ssh://…``; None is the default.

    Raises NoSuch for a name that the settings lack, and an address that cannot be used.
    """
    remote = remote_root(named, settings) if named is not None else None
    return remote if remote is not None else choose_root(named, settings, environment)


def make_source(root: ChosenRoot | RemoteRoot, clock: Callable[[], datetime]) -> RootSource:
    """Return a source for ``root`` that was not started yet; ``clock`` is the time of this host.

    A fleet of a remote root has a ``connection`` and, once its host has judged, ``judged``. Call ``source.stop()`` also
    for a source that was not started: that of a remote root has a temporary directory.
    """
    if isinstance(root, RemoteRoot):
        remote = RemoteSource(root, clock)

        def clock_there() -> datetime:
            return clock() + remote.clock_difference

        kept = StatePaths(remote.place)
        return RootSource(remote, root.label, kept, clock_there, root, partial(acts_over, remote))
    return RootSource(LiveModel(root.paths), root.name or str(root.paths.root), root.paths, clock)


def acts_over(source: RemoteSource, elsewhere: JudgeElsewhere | None = None) -> RootActs:
    """Return the acts on a root on another host; what they need is loaded at the first of them.

    ``elsewhere`` adds what the hosts of other roots say about a lock.
    """
    from clawtui.remote.client.acts import RemoteActs

    return RemoteActs(source.exchange, StatePaths(source.place), elsewhere)
