"""Any document that the design's schemas allow, unknown keys and all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from tests.storage.json5_texts import keys, texts, values

Fields = dict[str, object]

_zones = st.sampled_from([UTC, timezone(timedelta(hours=2)), timezone(timedelta(hours=-5, minutes=-30))])
_instants = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=_zones)
timestamps = _instants.map(lambda at: at.isoformat()) | _instants.map(
    lambda at: at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
)
numbers = st.integers(0, 10**9) | st.floats(0, 10**9)

_unknown_keys = keys | st.sampled_from(["last_run", "max_concurrent", "owner", "modifiedBy", "model_config"])


def document(required: Fields, optional: Fields) -> st.SearchStrategy[Fields]:
    """Generate an object with keys of the schema, in any order, and others."""
    known = set(required) | set(optional)
    unknown = st.dictionaries(_unknown_keys.filter(lambda key: key not in known), values, max_size=2)
    fixed: st.SearchStrategy[Fields] = st.fixed_dictionaries(required, optional=optional)  # type: ignore[arg-type]
    merged = st.tuples(fixed, unknown).map(lambda pair: list({**pair[0], **pair[1]}.items()))
    return merged.flatmap(st.permutations).map(lambda items: dict(items))


runs = document(
    {
        "timestamp": timestamps,
        "status": st.sampled_from(["success", "partial", "failed", "cancelled"]),
        "duration": numbers,
        "summary": texts,
    },
    {},
)
automations = document(
    {
        "id": st.from_regex(r"[a-z0-9-]{1,12}", fullmatch=True),
        "type": st.from_regex(r"[a-zA-Z][\w-]{0,8}", fullmatch=True),
        "name": st.text(min_size=1, max_size=100),
        "schedule": document({"type": st.sampled_from(["cron", "interval", "at"]), "value": texts}, {}),
        "config": st.dictionaries(keys, values, max_size=3),
        "runHistory": st.lists(runs, max_size=3),
        "created": timestamps,
        "modified": timestamps,
    },
    {"description": texts, "enabled": st.booleans(), "lastRun": runs, "nextRun": timestamps},
)
dispatchers = document(
    {
        "version": st.just(1),
        "notifications": document(
            {},
            {
                "onStart": st.booleans(),
                "onComplete": st.booleans(),
                "onError": st.booleans(),
                "channels": st.lists(texts, max_size=2),
            },
        ),
        "lastModified": timestamps,
    },
    {
        "maxConcurrent": st.integers(1, 10) | st.floats(1, 10),
        "lockTimeoutHours": st.integers(1, 24) | st.floats(1, 24),
        "enabled": st.booleans(),
        "logLevel": st.sampled_from(["debug", "info", "warn", "error"]),
        "lastModifiedBy": st.just("user@example.com"),
    },
)
slots = document(
    {"automationId": texts, "sessionId": texts, "acquiredAt": timestamps, "slotNumber": st.integers(1, 99)}, {}
)
concurrency_states = document(
    {
        "version": st.just(1),
        "maxSlots": st.integers(1, 10),
        "activeSlots": st.lists(slots, max_size=3),
        "lastUpdated": timestamps,
    },
    {},
)
