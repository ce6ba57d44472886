"""The verdict on the process of a lock that is in another root, and names this host."""

from __future__ import annotations

from datetime import datetime

from clawtui.files.json5.document import parse_document
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.errors import ClawtuiError
from clawtui.model.fleet import Fleet, Reading
from clawtui.model.liveness.evidence import Proof
from clawtui.model.liveness.process_evidence import holder_evidence
from clawtui.model.liveness.verdict import LockJudgement, Verdict
from clawtui.model.text.cleaning import clean
from clawtui.operations.evidence.host import ThisHost
from clawtui.operations.evidence.lock_evidence import gather
from clawtui.storage.paths import StatePaths


def judge_holder(paths: StatePaths, text: str, now: datetime) -> LockJudgement | None:
    """Return what this host knows about the process of the lock with the content ``text``; None if that is no lock.

    The verdict is ``orphaned`` if the process is certainly gone, ``live`` if one with that pid may be it, else
    ``foreign``: the files that its run writes are in the other root, and say more. ``paths`` are those of the root
    here.
    """
    try:
        lock = parse_document(text.encode("utf-8", "replace"), RepositoryLock)
    except ClawtuiError:
        return None
    facts = gather(Reading("", lock, None, None), Fleet(str(paths.root)), ThisHost(), now)
    items = sorted(holder_evidence(facts, lock), key=lambda item: item.proof)
    proofs = {item.proof for item in items}
    is_gone = Proof.DEAD in proofs
    verdict: Verdict = "orphaned" if is_gone else "foreign" if Proof.UNREACHABLE in proofs else "live"
    return LockJudgement(verdict, False, tuple(clean(item.text) for item in items), process_gone=is_gone)
