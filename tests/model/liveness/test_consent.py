"""The consent that each verdict requires, and the consequences of a release."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawtui.model.checked.reading import made
from clawtui.model.documents.base import Problem
from clawtui.model.documents.concurrency import ConcurrencyState
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.fleet import Fleet, Reading
from clawtui.model.liveness.consent import (
    Consent,
    consequences,
    holder_of,
    is_typed,
    key_of,
    name_to_type,
    required_consent,
)
from clawtui.model.liveness.process_evidence import LOCK_RUN_ID
from clawtui.model.liveness.verdict import LockJudgement, Verdict
from clawtui.model.text.cleaning import clean
from tests.gateway_root import NOON, iso

PATH = "locks/github.com-user-repo.lock"
UNREADABLE: Reading[RepositoryLock] = Reading(PATH, None, Problem(PATH, "is empty"), None)
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


def reading(**changes: object) -> Reading[RepositoryLock]:
    words: dict[str, object] = {
        "repoUrl": "https://github.com/user/repo.git",
        "repoKey": "github.com/user/repo",
        "automationId": "sync-main",
        "sessionId": "cron:ours",
        "acquiredAt": iso(NOON),
        "pid": 4121,
        "hostname": "gateway-1",
        "lockType": "repository",
    }
    return Reading(PATH, made(RepositoryLock, words | changes), None, None)


def follows(verdict: Verdict, of: Reading[RepositoryLock], fleet: Fleet | None = None, expired: bool = False) -> str:
    return "\n".join(consequences(LockJudgement(verdict, expired, ("a fact",)), of, fleet or Fleet("/root")))


@pytest.mark.parametrize(
    ("verdict", "least"),
    [
        ("orphaned", Consent.CONFIRMED),
        ("quiet", Consent.TYPED),
        ("foreign", Consent.TYPED),
        ("invalid", Consent.TYPED),
        ("live", Consent.LIVE),
    ],
)
def test_each_verdict_requires_the_consent_of_the_contract(verdict: Verdict, least: Consent) -> None:
    assert required_consent(verdict) is least


def test_each_consent_covers_those_before_it_and_none_covers_nothing() -> None:
    assert sorted(Consent) == [Consent.NONE, Consent.CONFIRMED, Consent.TYPED, Consent.LIVE]
    assert all(required_consent(verdict) > Consent.NONE for verdict in VERDICTS)


@pytest.mark.parametrize(
    "typed",
    ["github.com/user/repo", " github.com/user/repo ", "https://github.com/user/repo.git", "git@github.com:User/Repo"],
)
def test_the_repository_is_named_by_its_key_or_by_any_address(typed: str) -> None:
    assert is_typed(typed, reading())


@pytest.mark.parametrize("typed", ["", " ", "y", "yes", "repo", "github.com/user/repository", "github.com/user", "/"])
def test_anything_else_names_it_not(typed: str) -> None:
    assert not is_typed(typed, reading())


@pytest.mark.parametrize(
    "key", ["", "a b", "\x1b[2Jx", "x" * 200, "rücken/repo", "-rf", "$(reboot)", "a;b", "a\u202eb", "a'b"]
)
def test_a_key_that_cannot_be_typed_gives_way_to_the_file_s_name(key: str) -> None:
    odd = reading(repoKey=key)
    assert name_to_type(odd) == "github.com-user-repo"
    assert key_of(odd) == PATH
    assert is_typed("github.com-user-repo", odd)
    assert not is_typed("", odd)


def test_an_invalid_lock_is_named_by_its_file() -> None:
    assert name_to_type(UNREADABLE) == "github.com-user-repo"
    assert key_of(UNREADABLE) == PATH
    assert holder_of(UNREADABLE) == "something that is empty"


def test_the_first_consequence_is_the_deletion_of_a_live_run_s_clone() -> None:
    first, *_ = follows("live", reading()).splitlines()
    assert first == (
        "its run goes on without a lock: the next dispatch of sync-main deletes its clone while it works there"
    )


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        ("quiet", "if its run is only slow, the next dispatch of sync-main deletes its clone"),
        ("foreign", "if its run on gateway-1 is alive, the next dispatch of sync-main deletes its clone"),
        ("orphaned", "github.com/user/repo is free for the next run"),
    ],
)
def test_each_verdict_has_its_own_consequence(verdict: Verdict, expected: str) -> None:
    assert expected in follows(verdict, reading())


def test_the_consequences_name_the_kept_slot_and_the_expiry() -> None:
    slot = {"automationId": "sync-main", "sessionId": "cron:ours", "acquiredAt": iso(NOON), "slotNumber": 2}
    words = {"version": 1, "maxSlots": 3, "activeSlots": [slot], "lastUpdated": iso(NOON)}
    fleet = Fleet("/root", concurrency=Reading("x", made(ConcurrencyState, words), None, None))
    assert "its session keeps slot 2 all the same" in follows("orphaned", reading(), fleet)
    assert "slot" not in follows("orphaned", reading(sessionId="cron:other"), fleet)
    assert "the gateway takes it back by itself" in follows("quiet", reading(), expired=True)


def test_a_command_of_lock_run_has_no_clone() -> None:
    held = reading(automationId=LOCK_RUN_ID)
    assert "clone" not in follows("live", held) + follows("orphaned", held)
    assert "the command that `clawtui lock run` runs goes on" in follows("live", held)


@given(st.sampled_from(VERDICTS), st.text(), st.text(), st.booleans())
def test_every_sentence_is_clean_and_undo_is_always_mentioned(
    verdict: Verdict, key: str, id: str, readable: bool
) -> None:
    of = reading(repoKey=key, automationId=id) if readable else UNREADABLE
    sentences = follows(verdict, of).split("\n")
    assert all(sentence and sentence == clean(sentence) for sentence in sentences)
    assert "restored" in sentences[-1]
    assert holder_of(of) == clean(holder_of(of))
