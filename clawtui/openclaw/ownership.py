"""The lease and the starts of a stock gateway, from the rows of its database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from clawtui.files.store_kind import DATABASE
from clawtui.model.documents.base import Problem
from clawtui.model.gateway.ownership import Boot, Lease
from clawtui.openclaw.fields import Fields


def lease_of(rows: Iterable[Mapping[str, object]], problems: list[Problem]) -> Lease | None:
    """Return the gateway's lease, or the newest if there are several; None if there is none."""
    found = []
    for row in rows:
        fields = Fields(row, f"{DATABASE}#state_leases", problems)
        payload = fields.json_object("payload_json")
        owner = payload.mapping("owner")
        found.append(
            Lease(
                pid=owner.whole("pid"),
                host=owner.text("host"),
                start_ticks=owner.whole("startedAt"),
                created=fields.instant("created_at"),
                heartbeat=fields.instant("heartbeat_at"),
                expires=fields.instant("expires_at"),
                port=payload.whole("port"),
            )
        )
    dated = [lease for lease in found if lease.heartbeat is not None]
    return max(dated, key=lambda lease: str(lease.heartbeat)) if dated else (found[0] if found else None)


def boots_of(rows: Iterable[Mapping[str, object]], problems: list[Problem]) -> tuple[Boot, ...]:
    """Return the gateway's starts, newest first."""
    found = []
    for row in rows:
        fields = Fields(row, f"{DATABASE}#gateway_boot_lifecycle", problems)
        if (started := fields.instant("started_at_ms")) is not None:
            outcome, reason = fields.text("outcome"), fields.text("reason")
            found.append(Boot(fields.whole("pid"), started, fields.instant("completed_at_ms"), outcome, reason))
    return tuple(found)
