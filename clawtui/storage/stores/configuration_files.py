"""The files ``config/<type>/<id>.json``: listed, found and read, also if their content is invalid."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from clawtui.files.fs.links import followed_entries, list_followed, read_followed
from clawtui.files.host_zone import gateway_zone
from clawtui.files.json5.document import read_document
from clawtui.model.documents.automation import AutomationConfig
from clawtui.model.errors import ClawtuiError
from clawtui.model.fleet import Automation
from clawtui.storage.paths import CONFIG

SUFFIX = ".json"


def list_files(base: Path) -> Iterator[tuple[str, str]]:
    """Yield the type and the stem of each configuration, sorted; a type's directory that cannot be listed is left out.

    The gateway ignores directories that end in ``.json``; names such as ``..data`` are of a mounted ConfigMap. Raises
    Unreadable if ``config/`` cannot be listed.
    """
    try:
        entries = followed_entries(base, CONFIG)
    except FileNotFoundError:
        return
    for type_, kind in entries:
        if kind == "directory" and not type_.endswith(SUFFIX) and not type_.startswith(".."):
            with suppress(FileNotFoundError, ClawtuiError):
                files = list_followed(base, f"{CONFIG}/{type_}")
                stems = [file.name for file in files if file.name.endswith(SUFFIX) and file.kind != "directory"]
                yield from ((type_, stem.removesuffix(SUFFIX)) for stem in stems)


def read_file(base: Path, type_: str, stem: str) -> Automation | None:
    """Return the automation in one file, or the problem with it; None if there is no file."""
    reading = read_document(base, file_path(type_, stem), AutomationConfig)
    return None if reading is None else Automation(type_, stem, reading, gateway_zone(base))


def file_of_id(base: Path, type_: str, stem: str, automation_id: str) -> Automation | None:
    """Return the automation in one file if the id is the file's name or in its content; else None.

    Only a file that contains the id as text is parsed.
    """
    if stem == automation_id:
        return read_file(base, type_, stem)
    try:
        contains_it = automation_id.encode("utf-8", "surrogateescape") in read_followed(base, file_path(type_, stem))[0]
    except (FileNotFoundError, ClawtuiError):
        return None
    found = read_file(base, type_, stem) if contains_it else None
    return found if found is not None and found.config.value and found.config.value.id == automation_id else None


def file_path(type_: str, stem: str) -> str:
    """Return the path of a configuration, relative to ``automations/``."""
    return f"{CONFIG}/{type_}/{stem}{SUFFIX}"
