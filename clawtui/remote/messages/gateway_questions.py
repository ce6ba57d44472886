"""The questions of a dashboard about a stock gateway: for more than the state that it is sent anyway."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import FailFast, Field

from clawtui.remote.messages.fields import Count, Message, Text
from clawtui.remote.messages.gateway import Runs
from clawtui.remote.messages.gateway_values import GatewayPart, Instant, Shown

MAX_STEPS: Final = 3000
"""The most steps of one transcript: the last ones."""


class ListRuns(Message):
    """The question for the newest runs of a job."""

    type: Literal["list-runs"] = "list-runs"
    id: Count
    job: Shown


class RunList(Message):
    """The newest runs of a job, newest first; or why they cannot be read."""

    type: Literal["run-list"] = "run-list"
    id: Count
    runs: Runs = ()
    why_not: Text | None = None


class ReadTranscript(Message):
    """Request for the steps of a run's transcript."""

    type: Literal["read-transcript"] = "read-transcript"
    id: Count
    job: Shown
    run: Shown


class WireStep(GatewayPart):
    """A `Step` of a transcript."""

    at: Instant
    title: Shown
    failed: bool = False


class Transcript(Message):
    """The tool calls and messages of a run, oldest first."""

    type: Literal["transcript"] = "transcript"
    id: Count
    steps: Annotated[tuple[WireStep, ...], FailFast(), Field(max_length=MAX_STEPS)] = ()


GatewayQuestion = ListRuns | ReadTranscript
GatewayAnswer = RunList | Transcript
