"""The state of the machine while figures were taken."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_PACKAGES = ("textual", "pydantic", "watchfiles", "pyjson5", "click", "psutil")


def describe() -> dict[str, object]:
    """Return the number of cores, the load and the versions at present, and the day."""
    today = datetime.now(UTC)
    return {
        "date": f"{today.day} {today:%B %Y}",
        "cores": os.cpu_count(),
        "load": [round(load, 2) for load in os.getloadavg()],
        "cpu": _processor(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in _PACKAGES},
    }


def as_line(machine: dict[str, object]) -> str:
    """Return the description as one line."""
    packages = machine["packages"]
    versions = ", ".join(f"{name} {number}" for name, number in packages.items()) if isinstance(packages, dict) else ""
    cores = f"{machine['cores']} × {machine['cpu']}, load {machine['load']}"
    return f"{cores}, {machine['system']}, Python {machine['python']}, {versions}"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "-"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())
