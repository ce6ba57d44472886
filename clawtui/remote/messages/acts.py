"""The acts that a dashboard requests from an agent. Each has an id, and is done at most once."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from clawtui.model.checked.field_types import Timestamp
from clawtui.remote.messages.fields import Facts, Message, Path, Stamp, Text
from clawtui.remote.messages.questions import SetAside

ActId = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
"""The digits of a random UUID."""
Fingerprint = Annotated[str, Field(pattern=r"^[0-9a-f]{1,64}$")]

State = Literal[
    "done",
    "overlap",
    "refused",
    "changed",
    "no-such",
    "invalid",
    "unreadable",
    "unwritable",
    "withdrawn",
    "running",
    "unknown",
]
"""``overlap``: another lock was moved, and two runs may overlap. ``withdrawn``: it had not arrived when it was looked
up, and is not done if it still arrives. ``running``: a process is at it. ``unknown``: the process that began it has
ended. Nothing was done in all other states but ``done``."""


class ActRequest(Message):
    """Fields of every act."""

    id: ActId
    asked_by: Annotated[str, Field(max_length=200)]
    """The user and the host of the request: ``alice on laptop``."""


class ReleaseLock(ActRequest):
    """Release one version of a lock."""

    type: Literal["release-lock"] = "release-lock"
    path: Path
    fingerprint: Fingerprint
    consent: Annotated[int, Field(ge=0, le=3)]
    """The `Consent` that the operator gave."""
    said: Facts = ()
    """The facts that the host of another root gave."""


class RestoreLock(ActRequest):
    """Restore a lock that is set aside."""

    type: Literal["restore-lock"] = "restore-lock"
    token: Annotated[str, Field(pattern=r"^[0-9a-f]{8}$")]


class SetEnabled(ActRequest):
    """Enable or disable the automation in one version of a file."""

    type: Literal["set-enabled"] = "set-enabled"
    path: Path
    enabled: bool
    stamp: Stamp


class LookUpAct(Message):
    """The question about the outcome of an act. An act that has not arrived is withdrawn by it."""

    type: Literal["look-up-act"] = "look-up-act"
    id: ActId


class ActOutcome(Message):
    """The outcome of an act. It is on the disk of the agent's host before it is sent."""

    type: Literal["act-outcome"] = "act-outcome"
    id: ActId
    state: State
    at: Timestamp
    message: Text = ""
    """What was done, or why nothing was; it may have several lines."""
    complaints: Facts = ()
    aside: SetAside | None = None
    """Where a released lock is now."""
    stamp: Stamp | None = None
    """The version of a file that was written."""


Act = ReleaseLock | RestoreLock | SetEnabled
