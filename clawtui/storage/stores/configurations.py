"""The automations' configurations, ``config/<type>/<id>.json`` (design: Configuration Store)."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from clawtui.files.fs.atomic import ANY, Expected, remove
from clawtui.files.fs.directory_check import closed_directories
from clawtui.files.fs.reading import EntryKind, list_directory, read_bytes
from clawtui.files.json5.dialect import JSON5
from clawtui.files.json5.document import read_document
from clawtui.model.documents.automation import MAX_HISTORY, AutomationConfig, RunResult
from clawtui.model.documents.base import Problem
from clawtui.model.errors import ClawtuiError, NoSuch, Refused, Replaced
from clawtui.model.fleet import Automation
from clawtui.model.paths import is_plain_component
from clawtui.model.text.cleaning import clean
from clawtui.storage.paths import CONFIG, StatePaths
from clawtui.storage.stores.saving import change_document, save_document

SUFFIX = ".json"


class AutomationConfigStore:
    """Lists, reads and changes the automations; each file stands alone, a bad one hides no other (errata 11)."""

    def __init__(self, paths: StatePaths) -> None:
        self._paths = paths

    @property
    def _base(self) -> Path:
        return self._paths.automations

    def list_automations(self) -> tuple[Automation, ...]:
        """All automations by type and id; those that cannot be read come with their problem.

        Raises Unreadable where not even ``config/`` can be looked into.
        """
        found = (self._find(type_, id_) for type_ in self._types() for id_ in self._ids(type_))
        return tuple(automation for automation in found if automation is not None)

    def problems(self) -> tuple[Problem, ...]:
        """Everything that keeps an automation from being read: files, and directories that cannot be listed."""
        files = [automation.config.problem for automation in self.list_automations()]
        return (*filter(None, files), *self.closed_directories())

    def closed_directories(self) -> Iterator[Problem]:
        """What stands in a type's place and hides its automations. Raises Unreadable as ``list_automations`` does."""
        return (closed for closed in closed_directories(self._base, CONFIG) if not closed.path.endswith(SUFFIX))

    def get(self, automation_id: str) -> Automation | None:
        """Return the automation of that id, by its file's name or by what its file says; None where there is none.

        Raises Refused for a path as an id, and where more than one file is the automation: an act on one of them
        would leave the other to the gateway. ``at`` takes a path.
        """
        if not is_plain_component(automation_id):
            raise Refused(f"“{automation_id}” cannot be an id: it is no plain name")
        found = self.files_of(automation_id)
        if len(found) > 1:
            files = ", ".join(shlex.quote(automation.config.path) for automation in found)
            raise Refused(
                f"{len(found)} files are the automation “{automation_id}”: {files}; nothing was done\n"
                "Name one by its path."
            )
        return found[0] if found else None

    def files_of(self, automation_id: str) -> tuple[Automation, ...]:
        """Return the automations whose file bears the name ``id`` or says that its id is that, by path."""
        found = (self._of_id(type_, stem, automation_id) for type_ in self._types() for stem in self._ids(type_))
        return tuple(automation for automation in found if automation is not None)

    def at(self, path: str) -> Automation | None:
        """Return the automation at ``path``, relative to ``automations/``; None where nothing is there.

        Raises Refused for a path that is none of a configuration.
        """
        section, _, rest = path.partition("/")
        type_, _, file = rest.partition("/")
        plain = is_plain_component(type_) and is_plain_component(file)
        if section != CONFIG or not plain or not file.endswith(SUFFIX):
            raise Refused(f"“{path}” is no path of a configuration, which is config/TYPE/FILE.json")
        return self._find(type_, file.removesuffix(SUFFIX))

    def save(self, config: AutomationConfig, now: datetime, expected: Expected = ANY) -> Automation:
        """Creates the automation or changes its file, ``modified`` being ``now``.

        What the file says beyond the design survives, keys and comments. Raises Refused for names that are no plain
        ones or an id that another type has, Invalid where the schema forbids it, Changed where ``expected`` is not
        what is there.
        """
        self.require_own_names(config)
        path = _path_of(config.type, config.id)
        changed = config.model_copy(update={"modified": now})
        reading = save_document(self._base, path, changed, now, expected=expected, fresh=JSON5)
        return Automation(config.type, config.id, reading)

    def delete(self, target: str | Automation, expected: Expected = ANY) -> None:
        """Remove the automation's file; ``target`` is its id, or the automation as it was read, which names the file.

        Raises NoSuch, Refused, and Changed where it is not the ``expected`` version.
        """
        remove(self._base, self._existing(target).config.path, expected)

    def update_last_run(
        self, target: str | Automation, result: RunResult, now: datetime, next_run: datetime | None = None
    ) -> Automation:
        """Record how a run ended: as the last one, and first in the history of 100; ``next_run`` where it is known.

        ``target`` is as in ``delete``. Raises NoSuch, Invalid where the configuration cannot be read, Refused, and
        Changed where the file is another automation's by now.
        """

        def record(config: AutomationConfig) -> AutomationConfig:
            history = (result, *config.run_history)[:MAX_HISTORY]
            update: dict[str, object] = {"last_run": result, "run_history": history, "modified": now}
            return config.model_copy(update=update | ({"next_run": next_run} if next_run else {}))

        return self._change(target, record, now, ANY)

    def set_enabled(
        self, target: str | Automation, enabled: bool, now: datetime, expected: Expected = ANY
    ) -> Automation:
        """Enable or disable it; one that is so already is left untouched.

        What others write meanwhile is kept, unless ``expected`` is a version: then Changed is raised. Raises as
        ``update_last_run`` does.
        """

        def switch(config: AutomationConfig) -> AutomationConfig | None:
            return (
                None if config.enabled == enabled else config.model_copy(update={"enabled": enabled, "modified": now})
            )

        return self._change(target, switch, now, expected)

    def require_own_names(self, config: AutomationConfig) -> None:
        """Raises Refused for a type that is no plain directory's name (errata 21), or an id that another type has.

        The gateway passes over directories that end in ``.json``. A name that a terminal cannot show as it is, with a
        newline in it or what turns the line around, is one that nobody could name again.
        """
        shown = clean(config.type)
        if not is_plain_component(config.type) or config.type.endswith(SUFFIX) or shown != config.type:
            raise Refused(f"“{shown}” cannot be a type: it is no plain name of a directory")
        if not is_plain_component(config.id):
            raise Refused(f"“{config.id}” cannot be an id: it is no plain name")
        own = _path_of(config.type, config.id)
        others = [automation for automation in self.files_of(config.id) if automation.config.path != own]
        if others:
            files = ", ".join(shlex.quote(automation.config.path) for automation in others)
            raise Refused(f"“{config.id}” is an automation already, in {files}; ids are used once over all types")

    def _change(
        self,
        target: str | Automation,
        change: Callable[[AutomationConfig], AutomationConfig | None],
        now: datetime,
        expected: Expected,
    ) -> Automation:
        found = self._existing(target)
        meant = found.config.value if isinstance(target, str) else target.config.value

        def pinned(config: AutomationConfig) -> AutomationConfig | None:
            if meant is not None and (config.id, config.type) != (meant.id, meant.type):
                raise Replaced(f"{found.config.path} is the configuration of “{config.id}” by now; nothing was done")
            return change(config)

        path = found.config.path
        reading = change_document(self._base, path, AutomationConfig, pinned, now, expected=expected)
        return Automation(found.type, found.id, reading)

    def _existing(self, target: str | Automation) -> Automation:
        if isinstance(target, str):
            automation, name = self.get(target), f"automation “{target}”"
        else:
            automation, name = self.at(target.config.path), f"file {target.config.path} any more"
        if automation is None:
            raise NoSuch(f"there is no {name}")
        return automation

    def _types(self) -> Iterator[str]:
        return (name for name, kind in self._entries() if kind == "directory" and not name.endswith(SUFFIX))

    def _entries(self) -> tuple[tuple[str, EntryKind], ...]:
        try:
            return list_directory(self._base, CONFIG)
        except FileNotFoundError:
            return ()

    def _ids(self, type_: str) -> Iterator[str]:
        try:
            entries = list_directory(self._base, f"{CONFIG}/{type_}")
        except (FileNotFoundError, ClawtuiError):
            return iter(())
        return (name.removesuffix(SUFFIX) for name, kind in entries if name.endswith(SUFFIX) and kind != "directory")

    def _of_id(self, type_: str, stem: str, automation_id: str) -> Automation | None:
        """The automation where its file bears the name ``id`` or says it. Only a file with that text is parsed."""
        if stem == automation_id:
            return self._find(type_, stem)
        try:
            says_it = automation_id.encode() in read_bytes(self._base, _path_of(type_, stem))[0]
        except (FileNotFoundError, ClawtuiError):
            return None
        found = self._find(type_, stem) if says_it else None
        return (
            found
            if found is not None and found.config.value is not None and found.config.value.id == automation_id
            else None
        )

    def _find(self, type_: str, id_: str) -> Automation | None:
        reading = read_document(self._base, _path_of(type_, id_), AutomationConfig)
        return None if reading is None else Automation(type_, id_, reading)


def _path_of(type_: str, id_: str) -> str:
    return f"{CONFIG}/{type_}/{id_}{SUFFIX}"
