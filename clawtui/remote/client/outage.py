"""What is shown about a root on another host while there is no connection to it."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from clawtui.model.connection import Connection
from clawtui.remote.client.link import Lost


def outage_text(label: str, lost: Lost, since: datetime, *, has_state: bool) -> str:
    """Return why the root ``label`` is not current, since when, and what helps.

    ``has_state`` says whether an earlier state is shown.
    """
    at = f"{since.astimezone():%H:%M:%S}"
    what = f"the root {label} cannot be shown since {at}" if lost.lack else f"no connection to {label} since {at}"
    last = " · the last state is shown" if has_state else ""
    return f"{what}: {lost}{last} · R tries again now"


def lost_connection(connection: Connection, lost: Lost, since: datetime) -> Connection:
    """Return the connection after its loss."""
    return replace(connection, state="lost", reason=str(lost), lack=lost.lack, since=since, round_trip=None)


def as_lost(error: Exception) -> Lost:
    """Return the error as the loss of a connection."""
    return error if isinstance(error, Lost) else Lost(str(error))
