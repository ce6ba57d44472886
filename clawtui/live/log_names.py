"""Which logs there are, kept up to date by name alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from clawtui.model.names import LogName, parse_log_name

LogsOfType = Mapping[str | None, tuple[LogName, ...]]
"""By automation id, None holding the logs of whole days; oldest first."""


def with_changes(logs: LogsOfType, added: Iterable[str] = (), gone: Iterable[str] = ()) -> LogsOfType:
    """``logs`` with some files more and some fewer; the same object where that changes nothing.

    Names that follow none of the three forms (errata 6) are passed over. Only the automations concerned are copied.
    """
    present: dict[str | None, set[LogName]] = {}
    for files, keep in ((added, True), (gone, False)):
        for name in filter(None, map(parse_log_name, files)):
            of_automation = present.setdefault(name.automation_id, set(logs.get(name.automation_id, ())))
            (of_automation.add if keep else of_automation.discard)(name)
    changed = {id: names for id, names in present.items() if names != set(logs.get(id, ()))}
    if not changed:
        return logs
    result = dict(logs)
    for id, names in changed.items():
        if names:
            result[id] = tuple(sorted(names, key=lambda name: (name.started, name.file)))
        else:
            del result[id]
    return result


def files_of(logs: LogsOfType) -> frozenset[str]:
    """The file names of all ``logs``."""
    return frozenset(name.file for names in logs.values() for name in names)
