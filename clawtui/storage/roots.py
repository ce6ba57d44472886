"""Find the state directory that is meant: by its path, or by a name from the settings (contract: The root)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from clawtui.model.documents.settings import RootSettings, Settings
from clawtui.model.errors import NoSuch
from clawtui.model.text.command_line import ANYWHERE, CommandLine
from clawtui.storage.paths import StatePaths, expanded, find_state_dir, variable_state_dir
from clawtui.storage.user.settings_file import load_settings


class ChosenRoot(Struct, frozen=True):
    """A state directory, with its name and options in the settings."""

    paths: StatePaths
    name: str | None = None
    """Its name in the settings; None if it is not in them."""
    known: RootSettings | None = None
    is_default: bool = False
    """Whether it is that of ``default_state_dir()``, because nothing names a root."""

    @property
    def label(self) -> str:
        """The label that the dashboard and the commands show beside it; empty if the settings have none."""
        return self.known.label if self.known is not None else ""


def choose_root(given: str | None, settings: Settings, environment: Mapping[str, str] = os.environ) -> ChosenRoot:
    """Return the first of: ``given``, that of ``STATE_DIR_VARIABLES``, the settings' ``root``, ``default_state_dir()``.

    ``given`` and the settings' ``root`` may be names; a word with a ``/`` in it is never one. Raises NoSuch if the
    settings name a root that they do not have.
    """
    if given is not None and given in settings.roots:
        return _named(given, settings)
    if given is not None and given.startswith("ssh://"):
        raise NoSuch(f"{given} is on another host: this is possible only for a root on this host")
    if given is None and variable_state_dir(environment) is None and settings.root is not None:
        if settings.root in settings.roots:
            return _named(settings.root, settings)
        if not settings.root.startswith(("/", "~")):
            raise NoSuch(
                f"the settings' root is “{settings.root}”, which is neither a root that they name nor a whole path\n"
                f"{ANYWHERE.hint('config', 'path')} shows which file that is; --root DIR overrides it."
            )
        given = settings.root
    is_default = given is None and variable_state_dir(environment) is None
    return replace(_recognized(find_state_dir(given, environment), settings), is_default=is_default)


_called: Final[dict[Path, str]] = {}


@contextmanager
def called_by_caller(root: Path, name: str | None) -> Iterator[None]:
    """Within the ``with``, name the state directory ``root`` as a caller on another host does, in each printed command.

    The operator copies these commands there. None changes nothing, for a caller that has not sent its name.
    """
    if name is not None:
        _called[root] = name
    try:
        yield
    finally:
        _called.pop(root, None)


def name_of_caller(root: Path) -> str | None:
    """Return what ``--root`` takes on the host of the caller; None if the caller is on this host."""
    return _called.get(root)


def command_line_for(root: Path) -> CommandLine:
    """Return the command line of clawtui for the state directory ``root``.

    It names the directory unless ``clawtui`` finds it by the settings or in its default place. The environment is
    ignored, because the command may be pasted into another shell. Within ``called_by_caller`` it is the command line
    on the host of the caller.
    """
    if (name := name_of_caller(root)) is not None:
        return CommandLine(name)
    try:
        is_default = choose_root(None, load_settings().settings, {}).paths.root == root
    except NoSuch:
        is_default = False
    return CommandLine(None if is_default else str(root))


def _is_at(path: str, root: Path) -> bool:
    try:
        return expanded(path) == root
    except NoSuch:  # below a home directory that does not exist
        return False


def _named(name: str, settings: Settings) -> ChosenRoot:
    root = settings.roots[name]
    if root.host is not None or root.path is None:
        raise NoSuch(f"the root “{name}” is on another host, {root.host}: this is possible only for one on this host")
    return ChosenRoot(find_state_dir(root.path, {}), name, root)


def _recognized(paths: StatePaths, settings: Settings) -> ChosenRoot:
    """Return a root that was given by its path, with its name and label if the settings have it."""
    for name, root in settings.roots.items():
        if root.host is None and root.path is not None and _is_at(root.path, paths.root):
            return ChosenRoot(paths, name, root)
    return ChosenRoot(paths)
