"""Commits of a workspace's clone that are in no other repository.

git is run on a clone that others write to, so its configuration must not be able to start a program: git gets a
directory of its own with an empty configuration, and from the clone only its objects and the ids of its references. git
does not fetch, runs no hook, does not write to the clone, and is ended after ``TIMEOUT``.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from clawtui.files.fs.reading import directory_at, list_directory, read_bytes
from clawtui.model.errors import ClawtuiError
from clawtui.model.paths import CLONE_NAME

TIMEOUT = 20.0
"""Seconds after which git is ended."""

_OBJECT_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?", re.ASCII)
_MOST_REFERENCES = 100_000
_CONFIG = "[core]\n\trepositoryformatversion = 1\n\tbare = true\n[extensions]\n\tobjectFormat = {}\n"


class Unpushed(NamedTuple):
    """The number of commits of a clone that no remote is known to have."""

    commits: int | None
    """The number; None if it cannot be determined."""
    why: str = ""
    """Why it cannot be determined; a clause."""


def count_unpushed(base: Path, workspace: str) -> Unpushed:
    """Count the commits of the clone in a workspace that no remote-tracking branch reaches.

    Branches, a detached HEAD and stashes count; tags usually come from elsewhere and do not. ``workspace`` is its path
    relative to ``base``. Without a clone the number is 0. Raises no error: a failure is the reason in the result.
    """
    try:
        git_dir = _git_directory(base, f"{workspace}/{CLONE_NAME}")
        if git_dir is None:
            return Unpushed(0)
        references = dict(_references(base, git_dir))
        with directory_at(base, git_dir) as directory:
            return _count(references, directory, _shallow(base, git_dir))
    except FileNotFoundError:
        return Unpushed(None, "git's own directory is not complete")
    except ClawtuiError as error:
        return Unpushed(None, str(error))


def _git_directory(base: Path, clone: str) -> str | None:
    """Return the directory of git's own files: ``.git``, or the clone itself if it is bare; None if there is none."""
    try:
        names = {entry.name for entry in list_directory(base, clone)}
    except FileNotFoundError:
        return None
    if ".git" in names:
        return f"{clone}/.git"
    return clone if {"HEAD", "objects", "refs"} <= names else None


def _references(base: Path, git_dir: str) -> Iterator[tuple[str, str]]:
    """Yield each reference and its object's id, and a detached HEAD; a loose one replaces a packed one of its name."""
    if any(entry.name == "reftable" for entry in list_directory(base, git_dir)):
        raise ClawtuiError("its references are kept in a format that is not read here")
    try:
        packed = read_bytes(base, f"{git_dir}/packed-refs", 64 << 20)[0].decode(errors="replace")
    except FileNotFoundError:
        packed = ""
    for line in packed.splitlines():
        object_id, _, name = line.partition(" ")
        if _OBJECT_ID.fullmatch(object_id) and name:
            yield name, object_id
    waiting = ["refs"]
    seen = 0
    while waiting:
        folder = waiting.pop()
        for name, kind in list_directory(base, f"{git_dir}/{folder}"):
            seen += 1
            if seen > _MOST_REFERENCES:
                raise ClawtuiError("it has too many references")
            if kind == "directory":
                waiting.append(f"{folder}/{name}")
            elif kind == "file" and (loose := _id_in(base, f"{git_dir}/{folder}/{name}")):
                yield f"{folder}/{name}", loose
    if head := _id_in(base, f"{git_dir}/HEAD"):
        yield "HEAD", head


def _id_in(base: Path, path: str) -> str | None:
    """Return the id that a file contains; None if it contains another text, such as the name of a reference."""
    text = read_bytes(base, path, 4096)[0].decode(errors="replace").strip()
    return text if _OBJECT_ID.fullmatch(text) else None


def _shallow(base: Path, git_dir: str) -> bytes | None:
    try:
        return read_bytes(base, f"{git_dir}/shallow")[0]
    except FileNotFoundError:
        return None


def _count(references: Mapping[str, str], clone_git: int, shallow: bytes | None) -> Unpushed:
    ours = {object_id for name, object_id in references.items() if not name.startswith(("refs/remotes/", "refs/tags/"))}
    theirs = {object_id for name, object_id in references.items() if name.startswith("refs/remotes/")}
    if ours <= theirs:
        return Unpushed(0)
    program = shutil.which("git")
    if program is None:
        return Unpushed(None, "git is not installed")
    with tempfile.TemporaryDirectory(prefix="clawtui-git-") as own:
        place = Path(own)
        (place / "objects").mkdir()
        (place / "refs").mkdir()
        (place / "HEAD").write_text("ref: refs/heads/none\n")
        (place / "config").write_text(_CONFIG.format("sha1" if len(next(iter(ours))) == 40 else "sha256"))
        if shallow is not None:
            (place / "shallow").write_bytes(shallow)
        lines = [*sorted(ours), *(f"^{object_id}" for object_id in sorted(theirs))]
        return _run(program, place, clone_git, "".join(f"{line}\n" for line in lines))


def _run(program: str, git_dir: Path, clone_git: int, references: str) -> Unpushed:
    objects = f"/proc/self/fd/{clone_git}/objects" if Path("/proc/self/fd").is_dir() else f"/dev/fd/{clone_git}/objects"
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "LC_ALL": "C",
        "HOME": str(git_dir),
        "GIT_DIR": str(git_dir),
        "GIT_OBJECT_DIRECTORY": objects,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
    }
    settings = ("-c", "core.fsmonitor=", "-c", f"core.hooksPath={os.devnull}", "-c", "safe.directory=*")
    try:
        ended = subprocess.run(
            [program, "--no-pager", *settings, "rev-list", "--count", "--stdin"],
            input=references,
            env=environment,
            cwd=git_dir,
            pass_fds=(clone_git,),
            capture_output=True,
            text=True,
            errors="replace",
            timeout=TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Unpushed(None, f"git did not answer within {TIMEOUT:.0f} s")
    except OSError as error:
        return Unpushed(None, f"git could not be started: {(error.strerror or str(error)).lower()}")
    if ended.returncode or not ended.stdout.strip().isdecimal():
        reason = next(iter(ended.stderr.splitlines()), f"git ended with status {ended.returncode}")
        return Unpushed(None, reason[:200])
    return Unpushed(int(ended.stdout))
