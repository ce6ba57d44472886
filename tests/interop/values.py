"""Everything that a caller may ask storage to write, beside what ``tests.storage.documents`` has."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from hypothesis import strategies as st

from clawtui.files.json5.diff import same
from clawtui.files.json5.merge import merge
from clawtui.model.documents.base import Document
from clawtui.model.documents.lock import RepositoryLock
from tests.storage.documents import Fields, document, numbers, timestamps
from tests.storage.json5_texts import keys, texts, values
from tests.test_design_examples import KINDS

levels = st.sampled_from(["debug", "info", "warn", "error"])
_details = st.dictionaries(keys, values, max_size=3)

workspace_infos = document(
    {
        "automationType": texts,
        "sessionId": texts,
        "created": timestamps,
        "lastUpdated": timestamps,
        "status": st.sampled_from(["active", "complete", "failed", "abandoned"]),
        "repository": document({"forkUrl": texts, "upstreamUrl": texts, "branch": texts, "commit": texts}, {}),
        "size": document({"bytes": numbers, "humanReadable": texts}, {}),
        "preserve": st.booleans(),
    },
    {},
)
runtime_states = document(
    {"automationId": texts, "sessionId": texts, "status": st.just("running") | texts},
    {
        "startTime": timestamps,
        "lastUpdate": timestamps,
        "currentPhase": texts,
        "progress": document({}, {"percentage": numbers, "milestone": texts, "details": document({}, {})}),
        "git": document({}, {"forkCloned": st.booleans(), "currentCommit": texts}),
        "merge": document({}, {"conflictsSkipped": numbers, "uncertainResolutions": st.lists(values, max_size=2)}),
        "resolution": document({}, {"totalConflicts": numbers}),
        "artifacts": document({}, {"branchUrl": texts, "prNumber": numbers}),
    },
)
milestones = document({"timestamp": timestamps, "milestone": texts, "percentage": numbers}, {"details": _details})
_beyond_json = document({}, {"ratio": st.sampled_from([math.nan, math.inf, -math.inf])})
"""Numbers that only JSON5 has a word for."""
dispatcher_entries = document(
    {"timestamp": timestamps, "level": levels, "event": texts},
    {"automationId": texts, "reason": texts, "dueCount": numbers, "numbers": _beyond_json},
)
run_entries = document(
    {
        "timestamp": timestamps,
        "level": levels,
        "phase": st.sampled_from(["init", "git", "merge", "pr", "cleanup"]),
        "message": texts,
        "automationId": texts,
    },
    {
        "sessionId": texts,
        "status": st.sampled_from(["success", "cancelled"]),
        "hunks": numbers,
        "numbers": _beyond_json,
    },
)

_hosts = st.from_regex(r"[a-z][a-z0-9]{0,6}(-[a-z0-9]{1,4})?\.[a-z]{2,6}", fullmatch=True)
_repositories = st.from_regex(r"~?[A-Za-z0-9_][A-Za-z0-9_.-]{0,8}/[A-Za-z0-9_][A-Za-z0-9_-]{0,8}", fullmatch=True)
plain_addresses = st.builds(
    "{}{}{}".format,
    st.builds("{}{}/".format, st.sampled_from(["https://", "http://"]), _hosts) | _hosts.map("git@{}:".format),
    _repositories,
    st.sampled_from(["", ".git"]),
)
"""Forms that the design's own code can bring to a key: ``https://host/user/repo`` and ``git@host:user/repo``."""
addresses = plain_addresses | st.builds(
    "{}{}{}/{}{}".format,
    st.sampled_from(["HTTPS://", "ssh://", "ssh://git@", "git+ssh://sam:secret@", "git://"]),
    _hosts,
    st.sampled_from(["", ":22", ":65535"]),
    _repositories,
    st.sampled_from(["", ".git", ".GIT/", "/"]),
)
"""Those and the others of errata 4."""


def unversioned(fields: Mapping[str, object]) -> Fields:
    """Return ``fields`` without a version, which means 1 (errata 17)."""
    return {key: value for key, value in fields.items() if key != "version"}


def kind_of(path: str) -> type[Document]:
    """Return the kind of the document at ``path``; a lock in directories is one too (errata 3)."""
    return next((kind for pattern, kind in KINDS.items() if re.fullmatch(pattern, path)), RepositoryLock)


def as_written(document: Document) -> Mapping[str, object]:
    """Return the content of ``document`` as it would be written."""
    return merge(document, {})


def same_to_javascript(one: object, other: object) -> bool:
    """Return whether both are one value once every number is a double."""
    return same(_with_doubles(one), _with_doubles(other))


def _with_doubles(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _with_doubles(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_with_doubles(part) for part in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
