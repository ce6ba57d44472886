"""The hierarchy of errors: what an operator reads, and what a caller can ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

from clawtui.cli.framework.errors import exit_status
from clawtui.model.errors import (
    Changed,
    ClawtuiError,
    Invalid,
    NoSuch,
    Refused,
    Replaced,
    Unreadable,
    Unwritable,
)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ClawtuiError("permission denied"), "permission denied"),
        (ClawtuiError("permission denied", "config/a.json"), "config/a.json: permission denied"),
        (ClawtuiError("permission denied", Path("/x/y")), "/x/y: permission denied"),
        (ClawtuiError("it is locked", hint="Release it."), "it is locked\nRelease it."),
        (ClawtuiError("it is locked", "locks/a", "Release it."), "locks/a: it is locked\nRelease it."),
        (ClawtuiError("it is locked", hint=""), "it is locked"),
    ],
)
def test_the_text_is_the_path_the_reason_and_the_hint(error: ClawtuiError, text: str) -> None:
    assert str(error) == text


def test_a_path_is_added_once_and_the_reason_is_kept() -> None:
    error = Unreadable("is a directory")
    error.set_path("config/a.json")
    error.set_path("somewhere/else")
    assert (str(error), error.reason, error.path) == (
        "config/a.json: is a directory",
        "is a directory",
        "config/a.json",
    )


def test_each_kind_has_its_exit_status_and_a_plain_error_has_that_of_its_cause() -> None:
    kinds = (ClawtuiError, Unreadable, Unwritable, Invalid, Refused, Changed, Replaced, NoSuch)
    assert [exit_status(kind("why")) for kind in kinds] == [1, 1, 1, 1, 3, 4, 4, 5]
    wrapped = ClawtuiError("nothing was saved")
    wrapped.__cause__ = Changed("it changed")
    assert exit_status(wrapped) == 4
    unreadable = Unreadable("is too long")
    unreadable.__cause__ = Refused("why")
    assert exit_status(unreadable) == 1
