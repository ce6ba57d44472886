"""Editing a configuration in the operator's editor, on a draft that is checked before it is saved."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from clawtui.files.fs.atomic import Condition, write_atomic
from clawtui.files.fs.reading import reason_of
from clawtui.files.json5.diff import Put
from clawtui.files.json5.document import Malformed, parse_document, parse_json5, validate_change
from clawtui.files.json5.edit import SourceText
from clawtui.files.json5.merge import revise
from clawtui.model.documents.automation import AutomationConfig
from clawtui.model.documents.base import Stamp
from clawtui.model.errors import Changed, ClawtuiError
from clawtui.model.fleet import Automation, Reading
from clawtui.model.text.cleaning import clean
from clawtui.model.text.units import format_timestamp
from clawtui.operations.state.automations import recorded
from clawtui.operations.state.drafts import DRAFTS, NOTE, draft_name, is_edited, without_note
from clawtui.storage.paths import StatePaths
from clawtui.storage.stores.configuration_files import file_path
from clawtui.storage.stores.configurations import AutomationConfigStore
from clawtui.storage.stores.saving import read_version
from clawtui.storage.user.files import own_state, write_own

_INVITATION: Final = "edit, save and quit. An invalid file is opened again; an unchanged file changes nothing."


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft that is being edited, and what it was made from."""

    paths: StatePaths
    automation: Automation | None
    """None for an automation that does not exist yet."""
    original: bytes
    """What its difference is shown from."""
    expected: Stamp | Condition
    """The version of the file that may be replaced; ``ABSENT`` for a new one."""
    file: Path
    """The draft. Its first line is always a note of clawtui's, so line numbers in messages are those of the editor."""

    @property
    def title(self) -> str:
        """The id of the automation."""
        return self.automation.id if self.automation is not None else "a new automation"


@dataclass(frozen=True, slots=True)
class Review:
    """The result of checking a draft."""

    data: bytes
    """The draft without the note."""
    fault: str | None
    """Why it cannot be saved; None where it can."""
    difference: tuple[str, ...]
    """The lines of a unified diff; empty where nothing changed."""


def begin_draft(paths: StatePaths, automation: Automation, place: Path | None = None) -> Draft:
    """Create a draft that only the user can read. Raises ClawtuiError."""
    version = read_version(paths.automations, automation.config.path)
    if version is None:
        raise ClawtuiError(f"{automation.config.path} is gone")
    file = write_draft(automation.id, version.data, place)
    return Draft(paths, automation, version.data, version.stamp, file)


def write_draft(id: str, data: bytes, place: Path | None = None) -> Path:
    """Create the file of a draft and return its path. Raises ClawtuiError."""
    return write_own(draft_name(id, os.getpid(), data), _annotated(_INVITATION, data), place or own_state())


def review_draft(draft: Draft) -> Review:
    """Check the draft after the editor has ended. Raises ClawtuiError where it cannot be read."""
    try:
        text = draft.file.read_bytes()
    except OSError as error:
        raise ClawtuiError(reason_of(error), draft.file) from error
    data = without_note(text)
    if data == draft.original:
        return Review(data, None, ())
    return Review(data, _fault(draft, text), _difference(draft, data))


def explain_in(draft: Draft, review: Review) -> None:
    """Write the fault into the first line of the draft. Raises ClawtuiError."""
    write_own(
        f"{DRAFTS}/{draft.file.name}", _annotated(review.fault or _INVITATION, review.data), draft.file.parents[1]
    )


def save_draft(paths: StatePaths, draft: Draft, review: Review, now: datetime) -> str:
    """Save the reviewed draft, remove it, and return a message.

    Raises ClawtuiError where the file has changed since or cannot be written; the draft is kept then.
    """
    automation, event = draft.automation, "automation-edit"
    try:
        if automation is None:
            automation, event = new_automation(review.data), "automation-create"
        path = automation.config.path
        dated = _dated(review.data, now, is_new=draft.automation is None)
        write_atomic(paths.automations, path, dated, draft.expected)
    except Changed as error:
        raise ClawtuiError(
            f"{path} was changed meanwhile; nothing was saved", hint=f"What you wrote is in {draft.file}"
        ) from error
    except ClawtuiError as error:
        raise ClawtuiError(error.reason, error.path, hint=f"What you wrote is in {draft.file}") from error
    discard_draft(draft)
    return f"{automation.id} is saved{recorded(paths, event, automation, now)}"


def path_of(draft: Draft, review: Review) -> str:
    """Return the path at which a valid draft is saved, relative to ``automations/``."""
    return (draft.automation or new_automation(review.data)).config.path


def discard_draft(draft: Draft) -> None:
    """Remove the draft; where that fails, it stays in clawtui's own state directory."""
    with suppress(OSError):
        draft.file.unlink()


def leave_draft(draft: Draft) -> str | None:
    """Remove the draft where it is unchanged; otherwise return the line that says where it is."""
    with suppress(ClawtuiError, FileNotFoundError):
        if is_edited(draft.file):
            return f"What you wrote is in {draft.file}"
    discard_draft(draft)
    return None


def editor_command(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Return the command that opens a file for editing. Raises ClawtuiError where the environment has no valid one."""
    return program(environment.get("VISUAL") or environment.get("EDITOR") or "vi", "$EDITOR")


def pager_command(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Return the command that shows its input page by page.

    Raises ClawtuiError where the environment has no valid one.
    """
    return program(environment.get("PAGER") or "less", "$PAGER")


def pager_at(command: Sequence[str], line: int | None) -> list[str]:
    """Return a pager's command that begins at ``line``, from 1, if it is one that is known to take ``+N``."""
    knows = Path(command[0]).name in ("less", "more", "most")
    return [command[0], f"+{line}", *command[1:]] if knows and line is not None else list(command)


def program(text: str, name: str) -> list[str]:
    """Return the words of a command, split as a shell does. Raises ClawtuiError where a shell could not split it."""
    import shlex

    try:
        words = shlex.split(text)
    except ValueError as error:
        raise ClawtuiError(f"{name} is “{clean(text)}”, which is no command: {error}") from error
    if not words:
        raise ClawtuiError(f"{name} names no command")
    return words


def _annotated(note: str, data: bytes) -> bytes:
    return NOTE + f"{clean(note)}\n".encode() + data


def _fault(draft: Draft, text: bytes) -> str | None:
    try:
        config, _ = validate_change(AutomationConfig, parse_json5(text), _before(draft))
    except Malformed as error:
        return str(error)
    if draft.automation is None:
        return fault_of_new(draft.paths, config)
    if config.id != draft.automation.id:
        return f"id must stay “{draft.automation.id}”, which the file is named after"
    if config.type != draft.automation.type:
        return f"type must stay “{draft.automation.type}”, which the directory is named after"
    return None


def _before(draft: Draft) -> object:
    try:
        return None if draft.automation is None else SourceText.from_bytes(draft.original).value
    except Malformed:
        return None


def fault_of_new(paths: StatePaths, config: AutomationConfig) -> str | None:
    """Return why no automation of that id and type can be created; None if it can."""
    store = AutomationConfigStore(paths)
    try:
        store.require_own_names(config)
        taken = store.files_of(config.id)
    except ClawtuiError as error:
        return error.reason
    return f"there is an automation “{config.id}” already, in {taken[0].config.path}" if taken else None


def new_automation(data: bytes) -> Automation:
    """Return the automation of a valid draft, at the path that it will have."""
    config = parse_document(data, AutomationConfig)
    reading = Reading(file_path(config.type, config.id), config, None, None)
    return Automation(config.type, config.id, reading)


def _difference(draft: Draft, data: bytes) -> tuple[str, ...]:
    old, new = (text.decode(errors="replace").splitlines() for text in (draft.original, data))
    return tuple(difflib.unified_diff(old, new, "as it is", "as you wrote it", lineterm="", n=2))


def _dated(data: bytes, now: datetime, *, is_new: bool = False) -> bytes:
    """Return the draft with ``modified``, and ``created`` of a new one, set to ``now``; unchanged where that would
    change anything else."""
    fields = ("created", "modified") if is_new else ("modified",)
    changes = [Put((field,), format_timestamp(now)) for field in fields]
    revision = revise(SourceText(data.decode("utf-8-sig")), changes)
    return data if revision.whole else revision.text.encode()
