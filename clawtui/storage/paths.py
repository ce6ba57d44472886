"""The state directory, and ``automations/`` in it (design: Directory Structure; contract: The root)."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

from msgspec import Struct

from clawtui.files.fs.reading import list_directory, read_bytes
from clawtui.files.store_kind import store_kind
from clawtui.model.errors import ClawtuiError, NoSuch

AUTOMATIONS = "automations"
CONFIG = "config"
WORKSPACES = "workspaces"
LOGS = "logs"
LOCKS = "locks"
ARTIFACTS = "artifacts"
SECTIONS = (CONFIG, WORKSPACES, LOGS, LOCKS, ARTIFACTS)
"""The directories directly below ``automations/``."""

DISPATCHER_FILE = f"{CONFIG}/dispatcher.json"
CONCURRENCY_FILE = f"{CONFIG}/concurrency-state.json"

STATE_DIR_VARIABLES = ("OPENCLAW_STATE_DIR", "CLAWDBOT_STATE_DIR")
"""The environment variables that name a state directory, in order of precedence."""
DEFAULT_STATE_DIRS = ("~/.openclaw", "~/.clawdbot")
"""The state directories that are tried if none is named; the first with automations is used."""

PROFILE_ROOT = "~/.openclaw-"
"""The beginning of the state directory of a gateway's profile; the profile's name follows."""

_FILE_SYSTEM_ENTRIES = frozenset({"lost+found"})
"""The names that an empty directory may contain, besides hidden files."""
_MOST_CONFIGURATIONS = 16
"""How many files are read to determine whether a directory contains an automation's configuration."""
_CONFIGURATION_KEYS = frozenset({"id", "type", "schedule"})


class StatePaths(Struct, frozen=True):
    """A state directory as the operator named it. Nothing here needs to exist."""

    root: Path

    @property
    def automations(self) -> Path:
        """The directory that everything is relative to. It may be missing, or not be a gateway's: see ``find``.

        It is looked up at each access, because it may appear, or a link may change.
        """
        try:
            return self.find() or self.place
        except OSError:
            return self.place

    def find(self) -> Path | None:
        """Return ``automations/`` if it exists and is a gateway's; else None.

        It is in ``root``, or is ``root`` itself. Raises OSError if it cannot be accessed.
        """
        return next((place for place in (self.root / AUTOMATIONS, self.root) if _is_automations(place)), None)

    @property
    def place(self) -> Path:
        """The path where ``automations/`` is expected; it need not exist or be a gateway's."""
        nested = self.root / AUTOMATIONS
        return self.root if self.root.name == AUTOMATIONS and not _is_directory(nested) else nested


def foreign_reason(paths: StatePaths) -> str:
    """Return why the directory at ``paths.place`` is not a gateway's, as a clause after the root's name."""
    of_ours = "it has no config/, workspaces/, logs/, locks/ or artifacts/"
    if paths.place == paths.root:
        return f"is not a gateway's automations/: {of_ours}"
    return f"has an automations/ that is not a gateway's: {of_ours}"


def find_state_dir(given: str | None, environment: Mapping[str, str] = os.environ) -> StatePaths:
    """Return, in order: ``given``, ``$OPENCLAW_STATE_DIR``, ``$CLAWDBOT_STATE_DIR``, ``default_state_dir()``.

    Args:
        given: The path from the caller, or None.
        environment: The environment variables.

    Raises:
        NoSuch: The path begins with ``~`` and there is no such home directory.
    """
    named = given or variable_state_dir(environment)
    return StatePaths(expanded(named)) if named else default_state_dir()


def expanded(path: str) -> Path:
    """Return ``path`` as an absolute one, with ``~`` as the home directory. Raises NoSuch if there is none."""
    try:
        return Path(path).expanduser().absolute()
    except RuntimeError as error:
        whose = path.partition("/")[0].removeprefix("~")
        missing = f"there is no user “{whose}”" if whose else "there is no home directory"
        raise NoSuch(missing, path, hint="Name the state directory with --root DIR, as a whole path.") from error


def variable_state_dir(environment: Mapping[str, str]) -> str | None:
    """Return the state directory that an environment variable names; None if none does."""
    return next((value for name in STATE_DIR_VARIABLES if (value := environment.get(name))), None)


def default_state_dir() -> StatePaths:
    """Return the first of ``DEFAULT_STATE_DIRS`` that has automations, else the first that exists, else the first."""
    places = [StatePaths(expanded(name)) for name in DEFAULT_STATE_DIRS]
    existing = [paths for paths in places if _is_directory(paths.root)]
    return next((paths for paths in existing if _has_automations(paths)), [*existing, *places][0])


def _has_automations(paths: StatePaths) -> bool:
    try:
        return paths.find() is not None or store_kind(paths.root) is not None
    except OSError:
        return False


def _is_automations(place: Path) -> bool:
    """Return whether ``place`` is a gateway's ``automations/``, by its name and its content (contract: The root).

    A directory of that name is one if it has a section of the design or is empty. A directory of another name is one
    only if it has the dispatcher's or an automation's configuration.
    """
    try:
        if not stat.S_ISDIR(place.stat().st_mode):
            return False
    except (FileNotFoundError, NotADirectoryError):
        return False
    if AUTOMATIONS in (place.name, place.resolve().name):
        return _has_section(place) or is_empty(place)
    return _has_configuration(place)


def _is_directory(place: Path) -> bool:
    try:
        return place.is_dir()
    except PermissionError:
        return False


def _has_section(place: Path) -> bool:
    return any(os.path.lexists(place / section) for section in SECTIONS)


def is_empty(place: Path) -> bool:
    """Return whether the directory contains only hidden files. True also if it may not be listed."""
    try:
        names = [path.name for path in place.iterdir()]
    except PermissionError:
        return True
    return all(name.startswith(".") or name in _FILE_SYSTEM_ENTRIES for name in names)


def _has_configuration(place: Path) -> bool:
    try:
        if stat.S_ISREG((place / DISPATCHER_FILE).lstat().st_mode):
            return True
    except OSError:
        pass
    return any(_is_configuration(place, path) for path in islice(_documents(place), _MOST_CONFIGURATIONS))


def _documents(place: Path) -> Iterator[str]:
    """Yield the files ``config/<type>/<id>.json`` below ``place``; none if they cannot be listed."""
    try:
        types = [entry.name for entry in list_directory(place, CONFIG) if entry.kind == "directory"]
        for type_ in types:
            for entry in list_directory(place, f"{CONFIG}/{type_}"):
                if entry.kind == "file" and entry.name.endswith(".json"):
                    yield f"{CONFIG}/{type_}/{entry.name}"
    except (OSError, ClawtuiError):
        return


def _is_configuration(place: Path, relative: str) -> bool:
    """Return whether the file is an automation's configuration, judged by its keys."""
    from clawtui.files.json5.document import parse_json5

    try:
        document = parse_json5(read_bytes(place, relative)[0])
    except (OSError, ClawtuiError):
        return False
    return isinstance(document, dict) and document.keys() >= _CONFIGURATION_KEYS
