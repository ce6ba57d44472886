"""The files of a root whose text is sent to another host."""

from __future__ import annotations

from typing import Final

from clawtui.live.route import Kind, route

DOCUMENTS: Final = frozenset(
    {Kind.DISPATCHER, Kind.CONCURRENCY, Kind.STATE, Kind.LOCK, Kind.AUTOMATION, Kind.PROGRESS, Kind.INFO}
)
"""The kinds of these files."""


def is_document(path: str) -> bool:
    """Return whether ``path``, relative to ``automations/``, is that of such a file."""
    resource = route(path)
    return resource is not None and resource.kind in DOCUMENTS
