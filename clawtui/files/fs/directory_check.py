"""Links, files and closed directories in the place of one such as ``config/<type>`` or ``workspaces/<id>``.

They hide everything that should be in the directory. A section may also contain notes, which people and editors leave
there and which are not in the place of a directory.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from clawtui.files.fs.links import list_followed
from clawtui.model.documents.base import Problem
from clawtui.model.errors import ClawtuiError

_NOTE_ENDINGS = (".bak", ".tmp", ".md", ".txt", "~")


def stands_for_directory(name: str, is_regular: bool) -> bool:
    """Return whether ``name``, which is not a directory, is in the place of one.

    Hidden and temporary files are not, nor is a regular file that may be a note: a README, or by its name a document, a
    copy of one, or text.
    """
    if name.startswith(".") or name.endswith(".tmp"):
        return False
    is_note = ".json" in name or name.startswith("README") or name.endswith(_NOTE_ENDINGS)
    return not (is_regular and is_note)


def closed_directories(base: Path, section: str) -> Iterator[Problem]:
    """Yield a problem for each link, file in a directory's place, or unreadable directory in a section.

    Raises Unreadable if the section itself is one of those.
    """
    try:
        entries = list_followed(base, section)
    except FileNotFoundError:
        return
    for name, kind in entries:
        if name.startswith(".."):  # of a mounted ConfigMap
            continue
        if kind in ("directory", "link") or stands_for_directory(name, kind == "file"):
            path = f"{section}/{name}"
            try:
                list_followed(base, path)
            except FileNotFoundError:
                continue
            except ClawtuiError as error:
                yield Problem(path, error.reason)
