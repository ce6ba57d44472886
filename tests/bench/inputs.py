"""Names and log lines as ugly as real ones: long, some in CJK, an error in every fourth line, ordinary words."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Final

from tests.gateway_root import run_entry

_TAILS: Final = (
    "keeps the fork of the payment gateway in step with its upstream, every night",
    "上流の変更を取り込み、競合を解決してから送り返す",
    "nightly",
    "führt die Übersetzungen aus dem Hauptzweig zusammen und prüft sie",
    "同步上游仓库并运行全部测试",
    "backports security fixes to release/2024.10-lts, release/2024.04-lts and release/2023.10",
)

_SUBJECTS: Final = ("rescue branch", "mirror", "quarter report", "lease file", "embarked job", "remote", "worktree")
_VERBS: Final = ("was refused by", "waits for", "timed out at", "was merged into", "conflicts with", "was fetched from")
_OBJECTS: Final = ("origin/main", "the mirror", "src/payments/lease.ts", "the quarter's tag", "a stale lease", "上流")
_LEVELS: Final = ("error", "info", "warn", "info")

LONG_LINE: Final = 10_000
"""Bytes of a line with a stack or a diff in it."""
_LONG_EVERY: Final = 1_499
_TORN_EVERY: Final = 9_973

TORN_END: Final = b'{"timestamp":"2025-01-26T19:00:00.000Z","level":"err'
"""What a writer has written of a line that is not yet whole."""


def display_name(id: str, number: int) -> str:
    """Return the name of the automation ``id``: its id, and what people add to it."""
    return f"{id} {_TAILS[number % len(_TAILS)]}"


def log_line(id: str, number: int, began: datetime) -> str:
    """Return a line of a run's log, its end included: each fourth an error, some of 10 KB, some torn."""
    message = " ".join(
        (
            _SUBJECTS[number % len(_SUBJECTS)],
            _VERBS[number // 3 % len(_VERBS)],
            _OBJECTS[number // 5 % len(_OBJECTS)],
            f"in step {number}",
        )
    )
    if number % _LONG_EVERY == 7:
        message += ": " + "    at merge (src/payments/lease.ts:214:9)\\n" * (LONG_LINE // 44)
    at = began + timedelta(milliseconds=300 * number)
    fields = {"level": _LEVELS[number % len(_LEVELS)], "file": f"src/module{number % 977}.ts", "hunks": number % 9}
    line = json.dumps(run_entry(id, message, at, **fields), separators=(",", ":"), ensure_ascii=False)
    return (line[: len(line) // 2] if number % _TORN_EVERY == 11 else line) + "\n"
