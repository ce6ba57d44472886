"""The verdicts of this host on a stock gateway as a message: on its runs, its locks and itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from clawtui.model.gateway.owner import OwnerJudgement
from clawtui.model.gateway.report import GatewayReport
from clawtui.model.gateway.state import GatewayState
from clawtui.operations.openclaw.report import judge_gateway
from clawtui.remote.messages.fields import MAX_TEXT
from clawtui.remote.messages.gateway import MAX_JUDGED, GatewayVerdicts, OwnerVerdictOf, pieces

_ROOM: Final = MAX_TEXT // 2
"""The most characters of all verdicts on runs, and of all on locks."""


def gateway_verdicts(state: GatewayState, root: Path, now: datetime, quiet_after: timedelta) -> GatewayVerdicts:
    """Return the verdicts on the gateway at ``root`` as they are sent; ``now`` is the time of this host."""
    return verdicts_of(judge_gateway(state, root, now.astimezone(), quiet_after))


def verdicts_of(report: GatewayReport) -> GatewayVerdicts:
    """Return the verdicts in a report as they are sent. There is room for a bounded number of them."""
    return GatewayVerdicts(
        at=report.now,
        condition=report.condition,
        condition_facts=report.condition_facts,
        owners=_sendable(report.owners),
        locks=_sendable({judged.lock.path: judged.judgement for judged in report.locks}),
        zone=report.host_zone.key if isinstance(report.host_zone, ZoneInfo) else None,
        offset=_offset(report.host_zone, report.now),
        prefix=report.prefix,
    )


def essence(message: GatewayVerdicts) -> object:
    """Return what differs between two messages unless only ages differ."""
    of_each = [[(one.of, one.verdict, one.last_sign) for one in each] for each in (message.owners, message.locks)]
    return of_each, message.condition, message.zone, message.offset, message.prefix


def _sendable(judged: Mapping[str, OwnerJudgement]) -> tuple[OwnerVerdictOf, ...]:
    parts: Iterable[OwnerVerdictOf] = (
        OwnerVerdictOf(of=of, verdict=one.verdict, facts=one.facts, last_sign=one.last_sign, host=one.host)
        for of, one in judged.items()
    )
    return next(pieces(parts, MAX_JUDGED, _ROOM), ())


def _offset(zone: tzinfo | None, now: datetime) -> int | None:
    ahead = now.astimezone(zone).utcoffset() if zone is not None else None
    return None if ahead is None else round(ahead / timedelta(minutes=1))
