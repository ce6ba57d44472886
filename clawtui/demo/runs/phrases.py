"""Texts for the log of a run: the comments of the model on a conflict."""

from __future__ import annotations

from random import Random

_LOOKING = (
    "Reading both sides of the hunk",
    "Looking up who changed these lines, and why",
    "Comparing the hunk with its merge base",
    "Upstream renamed a field that the fork still sets",
    "Both sides raised the same limit, to different values",
    "The fork's comment explains why its value differs",
    "Upstream moved the default into the constructor",
    "Searching for other callers of the changed function",
    "The change upstream is a bug fix: it has to survive",
    "The fork's extra field has no counterpart upstream",
)
_DECIDING = (
    "Keeping upstream's structure and the fork's values",
    "Applying the fork's retry limit on top of upstream's defaults",
    "Taking upstream's side; the fork's reason no longer holds",
    "Merging both: the two changes do not touch the same behaviour",
    "Checking that the merged block still parses",
    "Running the neighbouring tests in mind: no contradiction found",
)
_WRONG_PATHS = (
    "The merged block drops the fork's timeout",
    "The resolution calls a function that upstream removed",
    "A test of the fork pins the old default",
)
_DOUBTS = (
    "both sides changed the default on purpose",
    "no test covers this branch",
    "the fork's behaviour here is undocumented",
    "upstream reverted part of this twice",
)


def thoughts(rng: Random) -> tuple[str, str, str]:
    """Return two observations and one decision."""
    first, second = rng.sample(_LOOKING, 2)
    return first, second, rng.choice(_DECIDING)


def wrong_path_reason(rng: Random) -> str:
    """Return why a resolution has to be started again."""
    return rng.choice(_WRONG_PATHS)


def uncertainty_reason(rng: Random) -> str:
    """Return why a resolution is uncertain."""
    return rng.choice(_DOUBTS)
