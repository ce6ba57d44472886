"""A root in the list of several, and the reason why it cannot be reached or read."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from clawtui.model.fleet import Fleet

if TYPE_CHECKING:
    from clawtui.model.documents.settings import LabelColour


class ListedRoot(NamedTuple):
    """One of the roots that are shown together."""

    name: str
    """Its name in the settings, or else one that no other root in the list has."""
    argument: str
    """Its argument of ``--root``: its name in the settings, its path or its address."""
    colour: LabelColour
    path: str | None = None
    """The state directory; None for a root on another host."""
    host: str | None = None
    """The host, as ``ssh`` knows it; None for a root on this one."""
    read_only: bool = False


class Trouble(NamedTuple):
    """Why a root cannot be reached or read, so that its last state is shown."""

    reason: str
    since: datetime
    heading: str = "unreachable"
    """What is the case, in a word or two."""


def reason_of_trouble(fleet: Fleet) -> str | None:
    """Return why the root of ``fleet`` cannot be reached or read; None if it can, or has not been looked at yet."""
    connection = fleet.connection
    if connection is not None and connection.is_lost:  # while it is made for the first time, there is no reason
        return (connection.reason or None) if connection.state != "unserved" else None
    if fleet.watch in ("waiting", "stuck"):
        problem = fleet.problems.get("")
        if problem is not None:
            return problem.message
        missing = "the state directory is empty" if fleet.is_empty else "there is no state directory"
        return missing if fleet.loaded else None
    state = fleet.gateway
    if state is None or (state.is_complete and fleet.as_of is None):
        return None
    if not state.problems:
        return "its store cannot be read"
    return f"{state.problems[0].path} {state.problems[0].message}"


def heading_of_trouble(fleet: Fleet) -> str:
    """Return in a word or two what is the case with the root of ``fleet``, which is in trouble.

    A root that is not there, or is empty, was looked at: it is not called unreachable.
    """
    connection = fleet.connection
    if connection is not None and (connection.lack or connection.is_lost):
        return connection.lack or "unreachable"
    if fleet.watch == "waiting" and "" not in fleet.problems:
        return "empty" if fleet.is_empty else "missing"
    return "unreachable"


def has_content(fleet: Fleet) -> bool:
    """Return whether ``fleet`` has the content of a root, current or not."""
    if fleet.gateway is not None:
        return fleet.gateway.is_complete or fleet.as_of is not None
    return fleet.loaded and fleet.watch != "waiting"


def lost_since(fleet: Fleet, now: datetime) -> datetime:
    """Return since when the root of ``fleet``, which is in trouble, is not current; ``now`` if unknown."""
    connection = fleet.connection
    return fleet.as_of or (connection.since if connection is not None else None) or now
