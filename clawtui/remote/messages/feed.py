"""The messages between a dashboard and the agent on the host of a root: one JSON document a line.

Each line has a ``type``. A side ignores types and fields that it does not know, so that a newer one can add some; it
raises `BadMessage` for a known type with an impossible field.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import FailFast, Field, TypeAdapter, ValidationError

from clawtui.live.route import Kind, route
from clawtui.model.documents.validation_text import explain
from clawtui.remote.messages.acts import Act, ActOutcome, LookUpAct
from clawtui.remote.messages.fields import (
    FEED,
    MAX_NAMES,
    BadMessage,
    Count,
    Line,
    Message,
    Names,
    Path,
    Seconds,
    Stamp,
    Text,
)
from clawtui.remote.messages.gateway import GatewayMessage
from clawtui.remote.messages.logs import LogAnswers, LogRequests
from clawtui.remote.messages.questions import Answer, Question
from clawtui.remote.messages.verdicts import VerdictsMessage


class Hello(Message):
    """The first message of the agent."""

    type: Literal["hello"] = "hello"
    feed: Count = FEED
    version: Text
    """The version of clawtui there."""
    host: Text
    root: Text
    """The state directory there."""
    machine: Text = ""
    """The machine-id there; empty where it has none."""
    can_act: bool = False
    """Whether it answers questions about locks and does acts, unless ``why_no_acts`` forbids these."""
    why_no_acts: Text = ""
    """Why nothing may be changed there; empty if it may."""
    sends_logs: bool = False
    """Whether it reads and searches logs on request."""
    merges_logs: bool = False
    """Whether it merges all logs on request."""
    store: Count = 0
    """The version of the messages with the store of a stock gateway; 0 where that is not sent."""


class StateMessage(Message):
    """How the agent notices changes, and whether it has read everything once."""

    type: Literal["state"] = "state"
    watch: Literal["watching", "polling", "waiting", "stuck"]
    loaded: bool
    zone: Annotated[str, Field(max_length=100)] | None = None
    """The name of the time zone of the gateway's host; None if it is unknown."""
    kind: Literal["design", "stock"] = "design"
    """``stock`` for the store of a stock gateway."""


class DocumentMessage(Message):
    """A document that is new or has changed: its text, or else why it has none. Without both it was removed."""

    type: Literal["document"] = "document"
    path: Path
    stamp: Stamp | None = None
    text: Line | None = None
    problem: Text | None = None


class WorkspaceMessage(Message):
    """A workspace that exists now, or does not exist any more."""

    type: Literal["workspace"] = "workspace"
    id: Path
    exists: bool


class LogsMessage(Message):
    """Names of logs of one type that were added and removed; ``gone`` if the directory was removed."""

    type: Literal["logs"] = "logs"
    group: Path
    added: Names = ()
    removed: Names = ()
    gone: bool = False


class ProblemMessage(Message):
    """A problem with a path that is not that of a document; without ``message`` it has gone."""

    type: Literal["problem"] = "problem"
    path: Path
    message: Text | None = None


class TailMessage(Message):
    """Lines that were appended to a followed log; with ``restart`` the lines before are no longer valid."""

    type: Literal["tail"] = "tail"
    path: Path
    lines: Annotated[tuple[Line, ...], FailFast(), Field(max_length=MAX_NAMES)] = ()
    restart: bool = False
    from_start: bool = False
    """With ``restart``: whether the first line is the first one of the file."""
    problem: Text | None = None
    gone: bool = False
    """Whether the log is not followed any more."""


class Pong(Message):
    """The answer to a ping, with the time of the clock there."""

    type: Literal["pong"] = "pong"
    id: Count
    time: Seconds


FromAgent = (
    Hello
    | StateMessage
    | DocumentMessage
    | WorkspaceMessage
    | LogsMessage
    | ProblemMessage
    | TailMessage
    | VerdictsMessage
    | GatewayMessage
    | LogAnswers
    | Pong
    | Answer
    | ActOutcome
)


class Ping(Message):
    """A sign of life of the dashboard, which the agent answers."""

    type: Literal["ping"] = "ping"
    id: Count


class Follow(Message):
    """The log whose end the agent sends from now on."""

    type: Literal["follow"] = "follow"
    path: Path | None = None


class Rescan(Message):
    """Read everything again."""

    type: Literal["rescan"] = "rescan"


ToAgent = Ping | Follow | Rescan | LogRequests | Question | Act | LookUpAct

_FROM_AGENT: Final[TypeAdapter[Any]] = TypeAdapter(Annotated[FromAgent, Field(discriminator="type")])
_TO_AGENT: Final[TypeAdapter[Any]] = TypeAdapter(Annotated[ToAgent, Field(discriminator="type")])


def encode_message(message: FromAgent | ToAgent) -> bytes:
    """Return the message as one line."""
    return message.model_dump_json(exclude_none=True).encode() + b"\n"


def decode_from_agent(line: bytes) -> FromAgent | None:
    """Return the message in a line of the agent; None for a type that is not known. Raises BadMessage."""
    message: FromAgent | None = _decode(_FROM_AGENT, line)
    return message


def decode_to_agent(line: bytes) -> ToAgent | None:
    """Return the message in a line for the agent; None for a type that is not known. Raises BadMessage."""
    message: ToAgent | None = _decode(_TO_AGENT, line)
    return message


def _decode(adapter: TypeAdapter[Any], line: bytes) -> Any:
    try:
        return adapter.validate_json(line)
    except ValidationError as error:
        if error.errors(include_url=False, include_input=False)[0]["type"] == "union_tag_invalid":
            return None
        raise BadMessage(f"it sent no message of clawtui: {explain(error)}") from error


DOCUMENTS: Final = frozenset(
    {Kind.DISPATCHER, Kind.CONCURRENCY, Kind.STATE, Kind.LOCK, Kind.AUTOMATION, Kind.PROGRESS, Kind.INFO}
)
"""The kinds of the files of a root whose text is sent to another host."""


def is_document(path: str) -> bool:
    """Return whether ``path``, relative to ``automations/``, is that of such a file."""
    resource = route(path)
    return resource is not None and resource.kind in DOCUMENTS
