"""Editing a configuration in the operator's editor, on a draft that is checked before it is saved."""

from __future__ import annotations

import difflib
import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from msgspec import Struct

from clawtui.files.fs.atomic import Condition, write_atomic
from clawtui.files.fs.reading import reason_of
from clawtui.files.json5.diff import Put
from clawtui.files.json5.document import Malformed, parse_document, parse_json5, validate_change
from clawtui.files.json5.edit import SourceText
from clawtui.files.json5.merge import revise
from clawtui.model.documents.automation import AutomationConfig
from clawtui.model.documents.base import Stamp
from clawtui.model.documents.dispatcher import DispatcherConfig
from clawtui.model.errors import Changed, ClawtuiError, NoSuch
from clawtui.model.fleet import Automation, Reading
from clawtui.model.text.cleaning import clean
from clawtui.model.text.units import format_timestamp
from clawtui.operations.state.automations import recorded
from clawtui.operations.state.drafts import DRAFTS, NOTE, draft_name, is_edited, without_note
from clawtui.operations.user.audit_history import record_act
from clawtui.storage.paths import DISPATCHER_FILE, StatePaths
from clawtui.storage.stores.configuration_files import file_path
from clawtui.storage.stores.configurations import AutomationConfigStore
from clawtui.storage.stores.saving import read_version
from clawtui.storage.user.files import own_state, write_own

_INVITATION: Final = "edit, save and quit. An invalid file is opened again; an unchanged file changes nothing."


class Draft(Struct, frozen=True):
    """A draft that is being edited, and its original."""

    paths: StatePaths
    automation: Automation | None
    """None for an automation that does not exist yet."""
    original: bytes
    """The text against which its difference is shown."""
    expected: Stamp | Condition
    """The version of the file that may be replaced; ``ABSENT`` for a new one."""
    file: Path
    """The draft. Its first line is always a note of clawtui's, so line numbers in messages are those of the editor."""
    of_dispatcher: bool = False
    """Whether it is of the dispatcher's configuration."""

    @property
    def title(self) -> str:
        """The id of the automation, or ``dispatcher``."""
        if self.of_dispatcher:
            return "the dispatcher"
        return self.automation.id if self.automation is not None else "a new automation"


class Review(Struct, frozen=True):
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


def begin_dispatcher_draft(paths: StatePaths, place: Path | None = None) -> Draft:
    """Create a draft of the dispatcher's configuration. Raises ClawtuiError; NoSuch where there is no file."""
    version = read_version(paths.automations, DISPATCHER_FILE)
    if version is None:
        raise NoSuch("the dispatcher has no configuration: the defaults are in force", hint="The gateway creates it.")
    file = write_draft("dispatcher", version.data, place)
    return Draft(paths, None, version.data, version.stamp, file, of_dispatcher=True)


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
    path = path_of(draft, review)
    try:
        dated = _dated(draft, review.data, now)
        write_atomic(paths.automations, path, dated, draft.expected)
    except Changed as error:
        raise ClawtuiError(
            f"{path} was changed meanwhile; nothing was saved", hint=f"What you wrote is in {draft.file}"
        ) from error
    except ClawtuiError as error:
        raise ClawtuiError(error.reason, error.path, hint=f"What you wrote is in {draft.file}") from error
    discard_draft(draft)
    if draft.of_dispatcher:
        why = record_act(paths, "dispatcher-edit", path, "dispatcher", now)
        return "The dispatcher's configuration is saved" + ("" if why is None else f"; {why}")
    automation = draft.automation or new_automation(review.data)
    event = "automation-create" if draft.automation is None else "automation-edit"
    return f"{automation.id} is saved{recorded(paths, event, automation, now)}"


def path_of(draft: Draft, review: Review) -> str:
    """Return the path at which a valid draft is saved, relative to ``automations/``."""
    if draft.of_dispatcher:
        return DISPATCHER_FILE
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


def _annotated(note: str, data: bytes) -> bytes:
    return NOTE + f"{clean(note)}\n".encode() + data


def _fault(draft: Draft, text: bytes) -> str | None:
    try:
        if draft.of_dispatcher:
            validate_change(DispatcherConfig, parse_json5(text), _before(draft))
            return None
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
        is_new = draft.automation is None and not draft.of_dispatcher
        return None if is_new else SourceText.from_bytes(draft.original).value
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


def _dated(draft: Draft, data: bytes, now: datetime) -> bytes:
    """Return the draft with the times of its change, and of its creation, set to ``now``; unchanged where that would
    change anything else."""
    fields = (
        ("lastModified",) if draft.of_dispatcher else ("modified",) if draft.automation else ("created", "modified")
    )
    revision = revise(SourceText(data.decode("utf-8-sig")), [Put((field,), format_timestamp(now)) for field in fields])
    return data if revision.whole else revision.text.encode()
