"""The acts on the root of a dashboard, created at their first use so that their modules load late."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from clawtui.storage.paths import StatePaths

if TYPE_CHECKING:
    from clawtui.operations.acts.protocol import RootActs
    from clawtui.roots.foreign_locks import JudgedElsewhere


def local_acts(
    paths: StatePaths, clock: Callable[[], datetime], quiet_after: timedelta, foreign: JudgedElsewhere | None = None
) -> Callable[[], RootActs]:
    """Return a function that makes the acts on a state directory of this host at its first call.

    `clock` returns the time in the operator's zone; `quiet_after` is the time after which a run without a sign of life
    counts as quiet. `foreign` judges locks that name the hosts of other roots.
    """

    @cache
    def make() -> RootActs:
        from clawtui.operations.acts.local import LocalActs

        return LocalActs(paths, clock, quiet_after, foreign.judge if foreign is not None else None)

    return make
