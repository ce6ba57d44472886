"""The fleet of a root on another host, made from the messages of its agent, which are not trusted."""

from __future__ import annotations

from datetime import tzinfo
from typing import Final, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec.structs import replace

from clawtui.files.json5.document import reading_of
from clawtui.live.fleet_builder import FleetBuilder, with_changes
from clawtui.live.route import Kind, Resource, route
from clawtui.model.connection import JudgedThere
from clawtui.model.documents.automation import AutomationConfig
from clawtui.model.documents.base import Document, Problem, Stamp
from clawtui.model.documents.concurrency import ConcurrencyState
from clawtui.model.documents.dispatcher import DispatcherConfig
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.documents.workspace import ProgressState, RuntimeState, WorkspaceInfo
from clawtui.model.fleet import Automation, Fleet, Reading, Workspace
from clawtui.model.paths import is_plain_component
from clawtui.model.text.cleaning import clean
from clawtui.remote.client.files import RemoteFiles
from clawtui.remote.client.gateway import RemoteGateway
from clawtui.remote.messages.feed import (
    DOCUMENTS,
    DocumentMessage,
    FromAgent,
    LogsMessage,
    ProblemMessage,
    StateMessage,
    TailMessage,
    WorkspaceMessage,
)
from clawtui.remote.messages.fields import BadMessage
from clawtui.remote.messages.gateway import GatewayJobs, GatewayOrder, GatewayRuns, GatewayStore, GatewayVerdicts
from clawtui.remote.messages.verdicts import VerdictsMessage, judged_there

MAX_DOCUMENTS: Final = 20_000
"""The most documents, workspaces and problems of one root."""
MAX_CONTENT: Final = 64 * 1024 * 1024
"""The most characters of all documents of one root together."""
MAX_LOG_NAMES: Final = 200_000
"""The most log files of one root."""

D = TypeVar("D", bound=Document)


class RemoteFleet:
    """The fleet that the agent of one connection describes. A new connection begins with an empty one.

    Args:
        root: The address of the root, which the fleet names.
        files: The files that are kept here.
    """

    def __init__(self, root: str, files: RemoteFiles) -> None:
        self._builder = FleetBuilder(Fleet(root))
        self._files = files
        self._sizes: dict[str, int] = {}
        """The number of characters of each document."""
        self._content = 0
        self._log_names = 0
        self._zone: tzinfo | None = None
        self._verdicts: VerdictsMessage | None = None
        self._judged: JudgedThere | None = None
        self.host = ""
        """The name of the other host, cleaned."""
        self.has_store = False
        """Whether the agent sends the store of a stock gateway; an older one does not."""
        self._is_stock = False
        self._gateway = RemoteGateway()

    @property
    def loaded(self) -> bool:
        """Whether the agent has sent everything once."""
        return self._builder.loaded

    @property
    def is_unserved(self) -> bool:
        """Whether the root is of a stock gateway, whose store is not sent."""
        return self._is_stock and not self.has_store

    def build(self) -> Fleet:
        """Return the fleet as it is now, without the connection; what did not change is shared with the last one."""
        fleet = self._builder.build()
        if self._is_stock:
            return self._gateway.add_to(fleet, self.host)
        if self._verdicts is not None:
            verdicts, self._verdicts = self._verdicts, None
            self._judged = judged_there(verdicts, fleet, self.host)
        return replace(fleet, judged=self._judged)

    def apply(self, message: FromAgent) -> None:
        """Apply a message. Raises BadMessage for one that cannot be right, or is too much."""
        match message:
            case DocumentMessage():
                self._apply_document(message)
            case WorkspaceMessage():
                self._apply_workspace(message)
            case LogsMessage():
                self._apply_logs(message)
            case ProblemMessage():
                text = clean(message.message) if message.message is not None else None
                self._builder.set_problem(clean(message.path), text)
                self._require(len(self._builder.problems.build()) <= MAX_DOCUMENTS, "problems")
            case TailMessage():
                self._files.apply(message, self._builder)
            case VerdictsMessage():
                self._verdicts = message
            case GatewayJobs() | GatewayRuns() | GatewayOrder() | GatewayStore() | GatewayVerdicts():
                self._gateway.apply(message)
            case StateMessage():
                if message.loaded and not self._builder.loaded:
                    self._files.keep_only(self._sizes.keys())
                self._builder.watch, self._builder.loaded = message.watch, message.loaded
                self._is_stock = message.kind == "stock"
                if not self._is_stock:
                    self._gateway = RemoteGateway()
                self._apply_zone(message.zone)

    def _require(self, is_allowed: bool, what: str) -> None:
        if not is_allowed:
            raise BadMessage(f"it sent more {what} than one root can have")

    def _apply_document(self, message: DocumentMessage) -> None:
        resource = route(message.path)
        if resource is None or resource.kind not in DOCUMENTS:
            raise BadMessage("it sent a document with an impossible path")
        self._content -= self._sizes.pop(message.path, 0)
        if message.text is not None or message.problem is not None:
            self._sizes[message.path] = len(message.text or "")
            self._content += self._sizes[message.path]
        self._require(len(self._sizes) <= MAX_DOCUMENTS, "documents")
        self._require(self._content <= MAX_CONTENT, "text in documents")
        self._files.put_document(message.path, message.text)
        self._put(resource, message)

    def _put(self, resource: Resource, message: DocumentMessage) -> None:
        builder = self._builder
        match resource.kind:
            case Kind.DISPATCHER:
                builder.dispatcher = self._read(message, DispatcherConfig)
            case Kind.CONCURRENCY:
                builder.concurrency = self._read(message, ConcurrencyState)
            case Kind.LOCK:
                builder.locks.put(resource.path, self._read(message, RepositoryLock))
            case Kind.AUTOMATION:
                config = self._read(message, AutomationConfig)
                made = None if config is None else Automation(resource.group, resource.name, config, self._zone)
                builder.automations.put(resource.path, made)
            case _:
                workspace = builder.workspaces.get(resource.group)
                if workspace is None and message.text is None and message.problem is None:
                    return
                workspace = workspace or Workspace(resource.group)
                if resource.kind is Kind.STATE:
                    workspace = replace(workspace, state=self._read(message, RuntimeState))
                elif resource.kind is Kind.PROGRESS:
                    workspace = replace(workspace, progress=self._read(message, ProgressState))
                else:
                    workspace = replace(workspace, info=self._read(message, WorkspaceInfo))
                builder.workspaces.put(resource.group, workspace)

    def _read(self, message: DocumentMessage, kind: type[D]) -> Reading[D] | None:
        """Return the document as if it had been read from a file with that text."""
        reading: Reading[D] | None = None
        if message.problem is not None:
            reading = Reading(message.path, None, Problem(message.path, clean(message.problem)), None)
        elif message.text is not None:
            stamp = Stamp(*message.stamp) if message.stamp is not None else Stamp(0, 0, len(message.text), 0)
            reading = reading_of(message.path, message.text.encode(), stamp, kind)
        trouble = reading.trouble if reading is not None else None
        self._builder.set_problem(message.path, trouble and trouble.message, trouble is not None and trouble.partial)
        return reading

    def _apply_workspace(self, message: WorkspaceMessage) -> None:
        if not is_plain_component(message.id):
            raise BadMessage("it sent a workspace with an impossible name")
        workspaces = self._builder.workspaces
        if not message.exists:
            workspaces.put(message.id, None)
        elif workspaces.get(message.id) is None:
            workspaces.put(message.id, Workspace(message.id))
        self._require(len(workspaces.build()) <= MAX_DOCUMENTS, "workspaces")

    def _apply_logs(self, message: LogsMessage) -> None:
        logs = self._builder.logs
        if not is_plain_component(message.group):
            raise BadMessage("it sent logs with an impossible name")
        before = logs.get(message.group) or {}
        after = None if message.gone else with_changes(before, message.added, message.removed)
        logs.put(message.group, after)
        self._log_names += _count(after or {}) - _count(before)
        self._require(self._log_names <= MAX_LOG_NAMES and len(logs.build()) <= MAX_DOCUMENTS, "logs")

    def _apply_zone(self, name: str | None) -> None:
        zone = _zone(name)
        if zone == self._zone:
            return
        self._zone = zone
        automations = self._builder.automations
        for path, automation in tuple(automations.build().items()):
            automations.put(path, replace(automation, zone=zone))


def _count(logs: object) -> int:
    return sum(map(len, logs.values())) if isinstance(logs, dict) else 0


def _zone(name: str | None) -> tzinfo | None:
    try:
        return None if name is None else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
