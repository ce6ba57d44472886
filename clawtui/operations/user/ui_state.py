"""The state of the dashboard that is restored at the next start, in clawtui's own state directory."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from clawtui.model.documents.ui_state import UiState
from clawtui.model.errors import ClawtuiError
from clawtui.storage.user.files import find_own_state

FILE_NAME: Final = "arrangement.json"


def load_arrangement(place: Path | None = None) -> UiState:
    """Return the saved state, or the default where there is none. Raises ClawtuiError where it cannot be read."""
    place = place or find_own_state()
    if place is None or not os.path.exists(place / FILE_NAME):  # noqa: PTH110  `Path.exists` raises where it may not look
        return UiState()
    # Imported here: a first start does not need the modules that read and validate documents.
    from clawtui.files.json5.document import load_document

    try:
        return load_document(place, FILE_NAME, UiState)[0]
    except FileNotFoundError:
        return UiState()
    except ClawtuiError as error:
        raise ClawtuiError(
            error.reason,
            place / FILE_NAME,
            hint="The default arrangement is shown; it is replaced with your next change.",
        ) from error


def save_arrangement(arrangement: UiState, place: Path | None = None) -> None:
    """Save the state in a file that only its owner can read. Raises ClawtuiError."""
    from clawtui.files.json5.serialize import to_json, to_plain
    from clawtui.storage.user.files import write_own

    place = place or find_own_state()
    if place is None:  # reported when the settings were read
        return
    try:
        write_own(FILE_NAME, to_json(to_plain(arrangement), indent=2), place)
    except ClawtuiError as error:
        raise ClawtuiError(f"the arrangement could not be saved: {error}") from error
