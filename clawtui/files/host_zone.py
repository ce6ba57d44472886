"""The time zone of the gateway's host, as far as this host can determine it."""

from __future__ import annotations

import os
from datetime import tzinfo
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from clawtui.files.fs.mount_points import network_file_system

_LOCAL_TIME = Path("/etc/localtime")
_DATABASE = "zoneinfo/"


def local_zone() -> tzinfo | None:
    """Return this host's time zone with its changes of daylight-saving time; None if it cannot be read.

    ``TZ`` comes first, as in every program of the host, then ``/etc/localtime``.
    """
    named = os.environ.get("TZ")
    if named is not None:
        return _zone(named.removeprefix(":") or "UTC")
    try:
        target = os.path.realpath(_LOCAL_TIME)
        if _DATABASE in target and (zone := _zone(target.rpartition(_DATABASE)[2])) is not None:
            return zone
        with _LOCAL_TIME.open("rb") as file:
            return ZoneInfo.from_file(file, key="local time")
    except FileNotFoundError:
        return ZoneInfo("UTC")  # a host without a zone is in UTC
    except (OSError, ValueError):
        return None


def gateway_zone(base: Path) -> tzinfo | None:
    """Return the zone of the host whose gateway uses ``base``; None if that may be another host than this one."""
    return None if _is_shared(base) else local_zone()


@lru_cache(maxsize=16)
def _is_shared(base: Path) -> bool:
    return network_file_system(base) is not None


def _zone(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
