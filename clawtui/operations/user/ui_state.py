"""Remembering how the dashboard was arranged, in clawtui's own place."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from clawtui.model.documents.ui_state import UiState
from clawtui.model.errors import ClawtuiError
from clawtui.storage.user.files import find_own_state

FILE_NAME: Final = "arrangement.json"


def load_arrangement(place: Path | None = None) -> UiState:
    """What was remembered, or nothing where nothing was. Raises ClawtuiError where that cannot be read."""
    place = place or find_own_state()
    if place is None or not os.path.exists(place / FILE_NAME):  # noqa: PTH110  `Path.exists` raises where it may not look
        return UiState()
    # Only now: a first start does without what reads and judges documents.
    from clawtui.files.json5.document import load_document

    try:
        return load_document(place, FILE_NAME, UiState)[0]
    except FileNotFoundError:
        return UiState()
    except ClawtuiError as error:
        raise ClawtuiError(
            error.reason,
            place / FILE_NAME,
            hint="The usual arrangement is shown; it is replaced with your next change.",
        ) from error


def save_arrangement(arrangement: UiState, place: Path | None = None) -> None:
    """Remembers it, for its owner only. Raises ClawtuiError."""
    from clawtui.files.json5.serialize import to_json, to_plain
    from clawtui.storage.user.files import write_own

    place = place or find_own_state()
    if place is None:  # which was said when the settings were looked for
        return
    try:
        write_own(FILE_NAME, to_json(to_plain(arrangement), indent=2), place)
    except ClawtuiError as error:
        raise ClawtuiError(f"the arrangement could not be remembered: {error}") from error
