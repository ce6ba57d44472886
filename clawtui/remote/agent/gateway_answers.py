"""The answers of the agent to questions about a stock gateway: what is read of its store at that moment."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from clawtui.files.store_kind import store_kind
from clawtui.model.fleet import Fleet
from clawtui.model.gateway.run import GatewayRun
from clawtui.model.text.cleaning import clean
from clawtui.openclaw.reader import read_gateway
from clawtui.openclaw.transcript_steps import read_transcript
from clawtui.remote.messages.fields import MAX_TEXT_FIELD
from clawtui.remote.messages.gateway import MAX_RUNS, part_of, pieces
from clawtui.remote.messages.gateway_questions import (
    MAX_STEPS,
    GatewayAnswer,
    GatewayQuestion,
    ListRuns,
    RunList,
    Transcript,
    WireStep,
)
from clawtui.remote.messages.gateway_values import WireRun

NO_STORE: Final = "there is no store of a gateway any more"


def answer_about_gateway(question: GatewayQuestion, root: Path, fleet: Fleet) -> GatewayAnswer:
    """Return the answer; ``fleet`` is the newest one of the root. It may take seconds."""
    if isinstance(question, ListRuns):
        return _runs(question, root)
    run = _run(fleet, question.job, question.run)
    state = fleet.gateway
    job = None if state is None or run is None else state.jobs.get(run.job_id)
    steps = () if run is None else read_transcript(root, run, job.agent_id if job is not None else None)
    parts = pieces([part_of(WireStep, step) for step in steps[: -MAX_STEPS - 1 : -1]])
    return Transcript(id=question.id, steps=next(parts, ())[::-1])


def _runs(question: ListRuns, root: Path) -> RunList:
    kind = store_kind(root)
    if kind is None:
        return RunList(id=question.id, why_not=NO_STORE)
    state = read_gateway(root, kind, MAX_RUNS, question.job)
    if not state.is_complete and state.problems:
        return RunList(id=question.id, why_not=clean(state.problems[0].message)[:MAX_TEXT_FIELD])
    runs = (part_of(WireRun, run) for run in state.runs.get(question.job, ())[:MAX_RUNS])
    return RunList(id=question.id, runs=next(pieces(runs), ()))


def _run(fleet: Fleet, job: str, run: str) -> GatewayRun | None:
    """Return the run with these ids, as far as they can be shown; None if the fleet does not have it."""
    runs = fleet.gateway.runs.get(job, ()) if fleet.gateway is not None else ()
    return next((each for each in runs if clean(each.id) == run), None)
