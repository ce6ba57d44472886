"""The messages with the differences between the last fleet that the other end has and the newest one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from clawtui.files.fs.links import read_followed
from clawtui.files.json5.document import decode_text
from clawtui.live.fleet_builder import files_of
from clawtui.model.documents.base import Document
from clawtui.model.errors import ClawtuiError
from clawtui.model.fleet import Automation, Fleet, Reading, Workspace
from clawtui.remote.agent.gateway_sender import GatewaySender
from clawtui.remote.messages.feed import (
    DocumentMessage,
    FromAgent,
    LogsMessage,
    ProblemMessage,
    StateMessage,
    WorkspaceMessage,
    is_document,
)
from clawtui.remote.messages.fields import MAX_NAMES, MAX_TEXT, MAX_TEXT_FIELD

_TOO_LARGE = f"has more than {MAX_TEXT // 1024} KiB, and is not sent from another host"


class FleetSender:
    """The part of a fleet that the other end has, and the messages that complete it."""

    def __init__(self, base: Path, root: str) -> None:
        """Read documents below ``base``, which is ``automations/``; the other end has nothing yet."""
        self._base = base
        self._sent = Fleet(root)
        self._gateway = GatewaySender()
        self._state: StateMessage | None = None

    def messages(self, fleet: Fleet) -> Iterator[FromAgent]:
        """Yield the messages for everything in ``fleet`` that differs from the last one, except tails."""
        last, self._sent = self._sent, fleet
        yield from self._workspaces(last.workspaces, fleet.workspaces)
        yield from self._document("config/dispatcher.json", last.dispatcher, fleet.dispatcher)
        yield from self._document("config/concurrency-state.json", last.concurrency, fleet.concurrency)
        yield from self._documents(last.locks, fleet.locks)
        if last.automations is not fleet.automations:
            yield from self._documents(_configurations(last.automations), _configurations(fleet.automations))
        if last.logs is not fleet.logs:
            yield from _logs(last, fleet)
        if last.problems is not fleet.problems:
            yield from _problems(last, fleet)
        yield from self._gateway.messages(fleet)
        state = StateMessage(
            watch=fleet.watch,
            loaded=fleet.loaded,
            zone=_zone_name(fleet),
            kind="stock" if fleet.gateway is not None else "design",
        )
        if state != self._state:
            self._state = state
            yield state

    def _documents(
        self, last: Mapping[str, Reading[Document]], new: Mapping[str, Reading[Document]]
    ) -> Iterator[FromAgent]:
        if last is new:
            return
        for path in [*(path for path in last if path not in new), *new]:
            yield from self._document(path, last.get(path), new.get(path))

    def _document(
        self, path: str, last: Reading[Document] | None, new: Reading[Document] | None
    ) -> Iterator[FromAgent]:
        if new is not last:
            yield DocumentMessage(path=path) if new is None else self._read(path)

    def _workspaces(self, last: Mapping[str, Workspace], new: Mapping[str, Workspace]) -> Iterator[FromAgent]:
        if last is new:
            return
        for id in last.keys() - new.keys():
            yield WorkspaceMessage(id=id, exists=False)
        for id, workspace in new.items():
            before = last.get(id)
            if before is workspace:
                continue
            if before is None:
                yield WorkspaceMessage(id=id, exists=True)
            old = before or Workspace(id)
            for name, was, now in (
                ("workspace-info.json", old.info, workspace.info),
                ("state.json", old.state, workspace.state),
                ("progress.json", old.progress, workspace.progress),
            ):
                yield from self._document(f"workspaces/{id}/{name}", was, now)

    def _read(self, path: str) -> DocumentMessage:
        """Return the message with the document as it is now, which may be newer than the fleet."""
        try:
            data, stamp = read_followed(self._base, path)
            if len(data) > MAX_TEXT:
                return DocumentMessage(path=path, problem=_TOO_LARGE)
            return DocumentMessage(path=path, stamp=tuple(stamp), text=decode_text(data))
        except FileNotFoundError:
            return DocumentMessage(path=path)
        except ClawtuiError as error:
            return DocumentMessage(path=path, problem=error.reason[:MAX_TEXT_FIELD])


def _configurations(automations: Mapping[str, Automation]) -> Mapping[str, Reading[Document]]:
    return {path: automation.config for path, automation in automations.items()}


def _logs(last: Fleet, fleet: Fleet) -> Iterator[FromAgent]:
    for group in last.logs.keys() - fleet.logs.keys():
        yield LogsMessage(group=group, gone=True)
    for group, logs in fleet.logs.items():
        before = last.logs.get(group)
        if before is logs:
            continue
        old, new = files_of(before or {}), files_of(logs)
        if before is None:
            yield LogsMessage(group=group)
        yield from (LogsMessage(group=group, removed=names) for names in _pieces(old - new))
        yield from (LogsMessage(group=group, added=names) for names in _pieces(new - old))


def _problems(last: Fleet, fleet: Fleet) -> Iterator[FromAgent]:
    for path in last.problems.keys() - fleet.problems.keys():
        if not is_document(path):
            yield ProblemMessage(path=path)
    for path, problem in fleet.problems.items():
        if last.problems.get(path) != problem and not is_document(path) and len(path) <= MAX_TEXT_FIELD:
            yield ProblemMessage(path=path, message=problem.message[:MAX_TEXT_FIELD])


def _pieces(names: Iterable[str]) -> Iterator[tuple[str, ...]]:
    ordered: Sequence[str] = sorted(names)
    for start in range(0, len(ordered), MAX_NAMES):
        yield tuple(ordered[start : start + MAX_NAMES])


def _zone_name(fleet: Fleet) -> str | None:
    zone = next((automation.zone for automation in fleet.automations.values()), None)
    return zone.key if isinstance(zone, ZoneInfo) else None
