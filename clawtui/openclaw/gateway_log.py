"""The log file of a stock gateway, which lies outside of its state directory."""

from __future__ import annotations

import re
from pathlib import Path

from clawtui.files.fs.reading import read_bytes
from clawtui.files.json5.document import parse_json5
from clawtui.model.errors import ClawtuiError

CONFIGURATION = "openclaw.json"
LOG_DIRECTORY = Path("/tmp/openclaw")
_NAME = r"openclaw{profile}-\d{{4}}-\d{{2}}-\d{{2}}\.log"


def find_log(root: Path, directory: Path = LOG_DIRECTORY) -> str | None:
    """Return the path of the newest log of the gateway at ``root``; None if there is none.

    That is ``logging.file`` of its configuration, else the file of the newest day for its profile in ``directory``,
    in which the gateways of other state directories may write too.
    """
    configured = _configured(root)
    if configured is not None:
        return configured
    profile = root.name.removeprefix(".openclaw")
    named = re.compile(_NAME.format(profile=re.escape(profile) if profile.startswith("-") else ""))
    try:
        found = sorted(entry.name for entry in directory.iterdir() if named.fullmatch(entry.name))
    except OSError:
        return None
    return str(directory / found[-1]) if found else None


def _configured(root: Path) -> str | None:
    try:
        value = parse_json5(read_bytes(root, CONFIGURATION)[0])
    except (ClawtuiError, OSError, ValueError):
        return None
    logging = value.get("logging") if isinstance(value, dict) else None
    path = logging.get("file") if isinstance(logging, dict) else None
    if not isinstance(path, str) or not path or "\0" in path:
        return None
    try:
        full = Path(path).expanduser()
    except RuntimeError:  # there is no home of that name
        return None
    return str(full) if full.is_absolute() else None
