"""Remove one workspace, while a gateway may make another one of the same name at any instant.

The directory is opened first, so that no other one can get its inode. It is then renamed into a new directory, which
has no other entries; there its inode and the evidence are compared once more. Only the workspace that was judged is
removed, and only under that name. Any other one is given its name back.

A killed removal leaves ``workspaces/.clawtui-aside.<pid>.<token>/<id>`` if the workspace was not yet verified, and
``.clawtui-removing.…`` if it was.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from clawtui.files.fs.atomic import plain_errors
from clawtui.files.fs.directories import DIRECTORY_MODE
from clawtui.files.fs.reading import LIST, directory_at, enter, list_directory, reason_of
from clawtui.files.fs.renameat2 import rename_noreplace
from clawtui.files.fs.tree_removal import remove_tree, require_removable_tree
from clawtui.model.errors import Changed, ClawtuiError, NoSuch, Refused, Unwritable
from clawtui.storage.paths import WORKSPACES

_UNVERIFIED = ".clawtui-aside"
_VERIFIED = ".clawtui-removing"
_NAME = re.compile(
    rf"(?P<state>{re.escape(_UNVERIFIED)}|{re.escape(_VERIFIED)})\.(?P<pid>\d{{1,10}})\.[0-9a-f]{{8}}", re.ASCII
)


class WorkspaceAside(Struct, frozen=True):
    """A workspace whose removal was interrupted."""

    path: str
    """Its path, relative to ``automations/``."""
    automation_id: str
    """The automation whose workspace it is; empty if no files of it are left."""
    pid: int
    """The process that moved it."""
    at: datetime
    """When it was moved, by the file system."""
    verified: bool
    """Whether it was found to be the workspace that was to be removed; if not, it must be given its name back."""


def remove_workspace(base: Path, automation_id: str, judge: Callable[[str], None]) -> None:
    """Remove the current workspace of an automation, and no other.

    ``judge`` is called with the current path of the workspace, relative to ``base``, and raises if it must not be
    removed: Changed if a run has written to it. It is called before anything is changed and once more after the rename.
    If it raises only then, the workspace gets its name back; if a run has made another one in the meantime, a workspace
    that was not written to is removed anyway, as that run would have done.

    Raises what ``judge`` raises; NoSuch; Changed if another directory has the name by now; Refused if there is a
    mount in it, which is named, or it may not be changed: nothing was removed then. Unwritable if the system failed
    on the way; the rest has been moved and can be removed later.
    """
    path = f"{WORKSPACES}/{automation_id}"
    with plain_errors(path), directory_at(base, WORKSPACES) as workspaces:
        pinned = enter(workspaces, automation_id, LIST)
        try:
            judge(path)
            require_removable_tree(workspaces, automation_id, path)
            with _holding(workspaces) as holding:
                _take(base, workspaces, automation_id, pinned, holding, judge)
        finally:
            os.close(pinned)


def list_workspaces_aside(base: Path) -> tuple[WorkspaceAside, ...]:
    """Return what interrupted removals have left; empty if the workspaces cannot be listed."""
    found = []
    with suppress(FileNotFoundError, ClawtuiError), directory_at(base, WORKSPACES) as workspaces:
        for name, kind in list_directory(base, WORKSPACES, lambda entry: entry.name.startswith(".")):
            match = _NAME.fullmatch(name)
            if match is None or kind != "directory":
                continue
            with suppress(OSError, ClawtuiError):
                at = datetime.fromtimestamp(os.stat(name, dir_fd=workspaces, follow_symlinks=False).st_ctime, UTC)
                inside = [entry.name for entry in list_directory(base, f"{WORKSPACES}/{name}")]
                verified = match["state"] == _VERIFIED
                automation_id = inside[0] if len(inside) == 1 else ""
                path = "/".join(filter(None, [WORKSPACES, name, automation_id]))
                found.append(WorkspaceAside(path, automation_id, int(match["pid"]), at, verified))
    return tuple(found)


def is_aside_name(name: str) -> bool:
    """Return whether a directory in ``workspaces/`` is one that a removal made."""
    return _NAME.fullmatch(name) is not None


def finish_removal(base: Path, aside: WorkspaceAside) -> bool:
    """Remove a verified workspace, or give an unverified one its name back; return whether it was removed.

    Raises Changed if the name was taken since, Refused, Unwritable.
    """
    holding = aside.path.split("/")[1]
    with plain_errors(aside.path), directory_at(base, WORKSPACES) as workspaces:
        if aside.verified:
            require_removable_tree(workspaces, holding, f"{WORKSPACES}/{holding}")
            remove_tree(workspaces, holding, f"{WORKSPACES}/{holding}")
            return True
        if aside.automation_id:
            _put_back(workspaces, aside.automation_id, holding)
        os.rmdir(holding, dir_fd=workspaces)
        return not aside.automation_id


@contextmanager
def _holding(workspaces: int) -> Iterator[str]:
    """Make a new, empty directory in ``workspaces/`` and yield its name; remove it afterwards if it is empty."""
    name = f"{_UNVERIFIED}.{os.getpid()}.{secrets.token_hex(4)}"
    os.mkdir(name, DIRECTORY_MODE, dir_fd=workspaces)
    try:
        yield name
    finally:
        with suppress(OSError):
            os.rmdir(name, dir_fd=workspaces)


def _take(
    base: Path, workspaces: int, automation_id: str, pinned: int, holding: str, judge: Callable[[str], None]
) -> None:
    inside = enter(workspaces, holding, LIST)
    try:
        judge(f"{WORKSPACES}/{automation_id}")
        _require_same(pinned, workspaces, automation_id)
        os.rename(automation_id, automation_id, src_dir_fd=workspaces, dst_dir_fd=inside)
        try:
            _require_same(pinned, inside, automation_id)
            try:
                judge(f"{WORKSPACES}/{holding}/{automation_id}")
            except (Refused, NoSuch):
                if _could_go_back(workspaces, automation_id, holding):
                    raise
                # A run has made a workspace of its own: the judged one no longer belongs to a run.
            removing = holding.replace(_UNVERIFIED, _VERIFIED, 1)
            os.rename(holding, removing, src_dir_fd=workspaces, dst_dir_fd=workspaces)
        except BaseException:
            if _is_named(inside, automation_id):
                _put_back(workspaces, automation_id, holding)
            raise
    finally:
        os.close(inside)
    try:
        remove_tree(workspaces, removing, f"{WORKSPACES}/{removing}")
    except OSError as error:
        raise Unwritable(f"{WORKSPACES}/{removing}: {reason_of(error)}; what is left of it is still there") from error


def _require_same(pinned: int, directory: int, automation_id: str) -> None:
    try:
        there = os.stat(automation_id, dir_fd=directory, follow_symlinks=False)
    except FileNotFoundError:
        raise NoSuch(f"{WORKSPACES}/{automation_id} is gone by now; nothing was done") from None
    if not os.path.samestat(there, os.fstat(pinned)):
        raise Changed(f"{WORKSPACES}/{automation_id} is another run's by now; nothing was removed")


def _is_named(directory: int, name: str) -> bool:
    try:
        os.stat(name, dir_fd=directory, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def _could_go_back(workspaces: int, automation_id: str, holding: str) -> bool:
    """Give the workspace its name back; return False if another one has it by now."""
    try:
        rename_noreplace(workspaces, f"{holding}/{automation_id}", automation_id)
    except FileExistsError:
        return False
    return True


def _put_back(workspaces: int, automation_id: str, holding: str) -> None:
    """Give the workspace its name back without replacing another one. Raises Changed, Refused."""
    try:
        if _could_go_back(workspaces, automation_id, holding):
            return
        raise Changed(
            f"{WORKSPACES}/{automation_id}: another workspace was made while this one was moved; it stands, and what "
            f"was moved is {WORKSPACES}/{holding}/{automation_id}"
        )
    except OSError as error:
        raise Refused(
            f"{WORKSPACES}/{automation_id}: was moved and cannot go back: {reason_of(error)}; "
            f"it is {WORKSPACES}/{holding}/{automation_id}"
        ) from error
