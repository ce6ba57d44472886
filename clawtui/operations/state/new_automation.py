"""New automations: from a commented template, or as a copy of an existing one."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from clawtui.files.fs.atomic import ABSENT, write_atomic
from clawtui.files.json5.dialect import quote_text
from clawtui.files.json5.diff import Change, Drop, Put
from clawtui.files.json5.document import Malformed
from clawtui.files.json5.edit import SourceText
from clawtui.files.json5.merge import revise
from clawtui.model.errors import ClawtuiError, Invalid, NoSuch
from clawtui.model.fleet import Automation
from clawtui.model.text.cleaning import clean
from clawtui.model.text.units import format_timestamp
from clawtui.operations.state.automations import recorded
from clawtui.operations.state.editing import Draft, fault_of_new, new_automation, write_draft
from clawtui.storage.paths import StatePaths
from clawtui.storage.stores.configuration_files import list_files
from clawtui.storage.stores.saving import Version, read_version

_TEMPLATE = """\
{{
  // Lower-case letters, digits and hyphens; over all types no other automation has it. The file is named after it.
  id: {id},
  // One of the types that the gateway knows{types}. The directory is named after it.
  type: {type},
  name: {name},
  // description: 'What it is for',
  // The dispatcher starts it only where this is true.
  enabled: false,
  // {{ type: 'interval', value: '2h' }}, {{ type: 'cron', value: '0 9 * * 1-5' }} or
  // {{ type: 'at', value: '2030-01-26T10:30:00Z' }}
  schedule: {{ type: 'interval', value: '2h' }},
  // The settings of the type. clawtui does not check them.
  config: {{}},
  runHistory: [],
  created: '{now}',
  modified: '{now}',
}}
"""


def begin_new(paths: StatePaths, now: datetime, type_: str | None = None, place: Path | None = None) -> Draft:
    """Create a draft from the template, of the given type or the first that the root has. Raises ClawtuiError."""
    if type_ is not None and clean(type_) != type_:
        raise Invalid(f"“{clean(type_)}” is no name of a type; nothing was created")
    types = sorted({clean(found) for found, _ in list_files(paths.automations)})
    known = f": {', '.join(types)}" if types else ""
    own = type_ or next(iter(types), "my-type")
    text = _TEMPLATE.format(
        id="'my-automation'",
        type=quote_text(own, "'"),
        name="'My automation'",
        types=known,
        now=format_timestamp(now),
    ).encode()
    return Draft(paths, None, text, ABSENT, write_draft("new", text, place))


def begin_copy(
    paths: StatePaths, automation: Automation, new_id: str, now: datetime, place: Path | None = None
) -> Draft:
    """Create a draft of a copy; its difference is shown from the original. Raises ClawtuiError."""
    version = _version_of(paths, automation)
    text = _copied(automation, version, new_id, now)
    return Draft(paths, None, version.data, ABSENT, write_draft(new_id, text, place))


def duplicate(paths: StatePaths, automation: Automation, new_id: str, now: datetime) -> tuple[Automation, str]:
    """Create a copy under ``new_id``, which is disabled and has not run; return it and a message.

    Comments and unknown keys are kept. Raises Invalid where the original or the new id is not valid, or the id is
    taken; Changed, Refused, Unwritable.
    """
    data = _copied(automation, _version_of(paths, automation), new_id, now)
    try:
        copy = new_automation(data)
    except Malformed as error:
        raise Invalid(str(error), automation.config.path) from error
    assert copy.config.value is not None
    if (fault := fault_of_new(paths, copy.config.value)) is not None:
        raise Invalid(f"{fault}; nothing was created")
    write_atomic(paths.automations, copy.config.path, data, ABSENT)
    message = f"{copy.id} is a copy of {automation.id}, and disabled"
    return copy, f"{message}{recorded(paths, 'automation-create', copy, now)}"


def free_id(paths: StatePaths, id: str) -> str:
    """Return an id for a copy that no automation has: ``sync-main-copy``, ``sync-main-copy-2``."""
    taken = {stem for _, stem in list_files(paths.automations)}
    names = (f"{id}-copy" if number == 1 else f"{id}-copy-{number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def _version_of(paths: StatePaths, automation: Automation) -> Version:
    version = read_version(paths.automations, automation.config.path)
    if version is None:
        raise NoSuch(f"{automation.config.path} is gone")
    return version


def _copied(automation: Automation, version: Version, new_id: str, now: datetime) -> bytes:
    """Return the text of a configuration as that of a new one, which has not run."""
    config = automation.config.value
    if config is None:
        raise ClawtuiError("cannot be read, so it cannot be copied", automation.config.path)
    known: dict[str, object] = {
        "id": new_id,
        "name": _copied_name(config.name),
        "enabled": False,
        "runHistory": [],
        "created": format_timestamp(now),
        "modified": format_timestamp(now),
    }
    changes: list[Change] = [Put((key,), value) for key, value in known.items()]
    try:
        value = version.source.value
        present = value if isinstance(value, dict) else {}
        changes += [Drop((key,)) for key in ("lastRun", "nextRun") if key in present]
        return revise(SourceText(version.source.text), changes).text.encode()
    except Malformed as error:
        raise Invalid(str(error), automation.config.path) from error


def _copied_name(name: str) -> str:
    """Return the name of a copy, within the 100 UTF-16 units that a name may have."""
    return f"{name} (copy)" if len(name.encode("utf-16-le")) // 2 <= 93 else name
