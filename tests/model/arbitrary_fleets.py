"""Any fleet at all, with any surroundings: what is on disk may be anything that its schema takes."""

from __future__ import annotations

from datetime import UTC, timedelta

from hypothesis import strategies as st

from clawtui.model.documents.automation import AutomationConfig
from clawtui.model.documents.base import Problem, Stamp
from clawtui.model.documents.concurrency import ConcurrencyState
from clawtui.model.documents.dispatcher import DispatcherConfig
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.documents.workspace import RuntimeState, WorkspaceInfo
from clawtui.model.findings.context import DiskSpace, FindingContext, InterruptedAct, OddVersion, WrongMode
from clawtui.model.fleet import Automation, Fleet, Reading, Workspace
from clawtui.model.liveness.slot_verdict import SlotJudgement
from clawtui.model.liveness.verdict import LockJudgement
from clawtui.model.run_state import Skip
from clawtui.model.text.command_line import ANYWHERE
from clawtui.model.text.units import EARLIEST, LATEST, format_timestamp
from tests.gateway_root import NOON
from tests.model.samples import DocumentT, read

NAMES = st.sampled_from(["sync-a", "sync-b", "-rf", "it's", "a b", "\x1b[31m", "ü", "--force=live"])
"""Ids and sessions; the strange ones are names of directories that anybody may make."""
TEXTS = st.text(max_size=12)
INSTANTS = st.one_of(
    st.timedeltas(timedelta(days=-2), timedelta(days=2)).map(lambda span: NOON + span),
    st.datetimes(EARLIEST.replace(tzinfo=None), LATEST.replace(tzinfo=None)).map(lambda at: at.replace(tzinfo=UTC)),
)
STAMPS = INSTANTS.map(format_timestamp)


def readings(path: str, kind: type[DocumentT], **changes: object) -> st.SearchStrategy[Reading[DocumentT]]:
    """Generate a file that can be read, with any of the changes, or one that cannot be."""
    values = {
        name: value if isinstance(value, st.SearchStrategy) else st.just(value) for name, value in changes.items()
    }
    good = st.fixed_dictionaries(values).map(
        lambda fields: Reading(path, read(kind, **fields), None, Stamp(1, 2, 3, 4))
    )
    bad: Reading[DocumentT] = Reading(path, None, Problem(path, "is empty"), None)
    return st.one_of(good, good, st.just(bad))


def slots() -> st.SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries(
        {"automationId": NAMES, "sessionId": NAMES, "acquiredAt": STAMPS, "slotNumber": st.integers(1, 3)}
    )


@st.composite
def workspaces(draw: st.DrawFn, id: str) -> Workspace:
    fields = {"automationId": id, "sessionId": draw(NAMES)}
    status = st.sampled_from(["running", "completed", "failed", "paused"])
    state = readings(
        f"workspaces/{id}/state.json", RuntimeState, **fields, status=status, startTime=STAMPS, lastUpdate=STAMPS
    )
    info = readings(
        f"workspaces/{id}/workspace-info.json",
        WorkspaceInfo,
        **fields,
        status=st.sampled_from(["active", "complete"]),
        created=STAMPS,
        lastUpdated=STAMPS,
        preserve=st.booleans(),
    )
    return Workspace(id, draw(st.none() | info), draw(st.none() | state))


@st.composite
def automations(draw: st.DrawFn, id: str) -> Automation:
    path = f"config/smart-sync-fork/{id}.json"
    config = readings(
        path,
        AutomationConfig,
        enabled=st.booleans(),
        nextRun=STAMPS,
        version=st.sampled_from([1, 2, "one", None]),
        config=st.fixed_dictionaries({"forkRepoUrl": TEXTS | st.just(7)}),
    )
    return Automation("smart-sync-fork", id, draw(config))


@st.composite
def fleets(draw: st.DrawFn) -> Fleet:
    """Generate any loaded fleet."""
    ids = draw(st.sets(NAMES, max_size=3))
    paths = draw(st.sets(NAMES.map(lambda name: f"locks/{name}.lock"), max_size=3))
    locks = {
        path: draw(
            readings(path, RepositoryLock, repoKey=TEXTS, automationId=NAMES, sessionId=NAMES, acquiredAt=STAMPS)
        )
        for path in paths
    }
    known = [draw(automations(id)) for id in draw(st.sets(NAMES, max_size=3))]
    concurrency = readings(
        "config/concurrency-state.json",
        ConcurrencyState,
        activeSlots=st.lists(slots(), max_size=4),
        maxSlots=st.integers(1, 3),
    )
    dispatcher = readings("config/dispatcher.json", DispatcherConfig, enabled=st.booleans())
    return Fleet(
        "root",
        loaded=True,
        dispatcher=draw(st.none() | dispatcher),
        concurrency=draw(st.none() | concurrency),
        automations={automation.config.path: automation for automation in known},
        workspaces={id: draw(workspaces(id)) for id in ids},
        locks=locks,
        problems={path: Problem(path, "is empty") for path in draw(st.sets(_PROBLEMS, max_size=3))},
    )


_PROBLEMS = st.sampled_from(["", "config", "config/x/y.json", "workspaces/it's/state.json", "locks/a.lock", "logs/\n"])


@st.composite
def surroundings(draw: st.DrawFn, fleet: Fleet) -> FindingContext:
    """Generate any surroundings of a fleet."""
    counts = st.integers(0, 2**40)
    return FindingContext(
        locks={path: draw(_judged()) for path in fleet.locks},
        slots=tuple(draw(st.builds(SlotJudgement, st.just(slot), _SLOT_VERDICTS, _FACTS)) for slot in fleet.slots),
        last_signs={id: draw(INSTANTS) for id in fleet.workspaces if draw(st.booleans())},
        wrong_modes=draw(_modes()),
        exposed=draw(st.booleans()),
        leftovers=tuple(draw(st.lists(TEXTS, max_size=2))),
        cut_short=tuple(draw(st.lists(_cut_short(), max_size=2))),
        versions={
            path: OddVersion("has version 0", draw(st.booleans())) for path in draw(st.sets(_PROBLEMS, max_size=1))
        },
        disk=draw(st.none() | st.builds(DiskSpace, counts, counts, counts, counts)),
        dispatches=tuple(sorted(draw(st.lists(INSTANTS, max_size=4)))),
        skips={automation.id: Skip(draw(INSTANTS), draw(TEXTS)) for automation in fleet.automations.values()},
    )


_FACTS = st.lists(TEXTS, max_size=2).map(tuple)
_SLOT_VERDICTS = st.sampled_from(["orphaned", "quiet", "live"])


def _judged() -> st.SearchStrategy[LockJudgement]:
    verdicts = st.sampled_from(["orphaned", "live", "quiet", "foreign", "invalid"])
    return st.builds(LockJudgement, verdicts, st.booleans(), _FACTS)


def _cut_short() -> st.SearchStrategy[InterruptedAct]:
    mends = st.one_of(st.none(), NAMES.map(lambda key: ANYWHERE.command("lock", "restore", key)))
    return st.builds(InterruptedAct, TEXTS, TEXTS, mends)


def _modes() -> st.SearchStrategy[tuple[WrongMode, ...]]:
    wrong = st.builds(WrongMode, TEXTS, st.integers(0, 0o777), st.sampled_from([0o600, 0o700]))
    return st.lists(wrong, max_size=3).map(tuple)
