"""Lines of a stock gateway's log: nested JSON as a message with fields, and filters by level and by job."""

from __future__ import annotations

import json

import pytest

from clawtui.model.gateway.log_entry import gateway_job_filter, gateway_level_filter, parse_gateway_line
from clawtui.model.search.log_query import LogQuery


def line(*texts: object, level: str = "INFO", time: object = "2026-11-28T13:54:01.881+00:00") -> str:
    numbered = {str(number): text for number, text in enumerate(texts)}
    return json.dumps({**numbered, "_meta": {"logLevelName": level, "date": "2026-11-28T13:54:01.881Z"}, "time": time})


def test_nested_json_is_a_message_with_fields() -> None:
    entry = parse_gateway_line(line('{"module":"cron","storeKey":"k"}', {"jobId": "j", "n": 2}, "cron: backoff"))
    assert entry is not None and entry.at is not None
    assert (entry.source, entry.message, dict(entry.fields)) == ("cron", "cron: backoff", {"jobId": "j", "n": 2})
    assert entry.at.isoformat() == "2026-11-28T13:54:01.881000+00:00"


@pytest.mark.parametrize(
    ("texts", "source", "message"),
    [
        (('{"subsystem":"gateway"}', "ready"), "gateway", "ready"),
        (("{broken", "ready"), "", "{broken ready"),
        (("plain words",), "", "plain words"),
        ((7, ["a"]), "", ""),
    ],
)
def test_unknown_fields_are_kept(texts: tuple[object, ...], source: str, message: str) -> None:
    entry = parse_gateway_line(line(*texts))
    assert entry is not None and (entry.source, entry.message) == (source, message)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"level":"info"}', '{"_meta": 3}', "a _meta word", '"_meta"'])
def test_invalid_lines_are_not_entries(text: str) -> None:
    assert parse_gateway_line(text) is None


def test_a_time_that_cannot_be_read_is_that_of_the_meta_data() -> None:
    entry = parse_gateway_line(line("x", time="yesterday"))
    assert entry is not None and entry.at is not None and entry.at.hour == 13


def test_levels_and_jobs_are_filtered() -> None:
    info, warn, error = (
        line("x", {"jobId": f"j-{level}"}, level=level).encode() for level in ("INFO", "WARN", "FATAL")
    )
    data = b"\n".join([info, warn, error])

    def found(query: LogQuery) -> list[bytes]:
        test = query.line_filter()
        assert test is not None
        return [data[start:end] for start, end in test.lines(data, 0, len(data))]

    assert found(LogQuery(level="warn", of_gateway=True)) == [warn, error]
    assert found(LogQuery(automation_id="j-WARN", of_gateway=True)) == [warn]
    assert found(LogQuery(level="error", automation_id="j-WARN", of_gateway=True)) == []
    assert gateway_job_filter("j-INFO").admits(info) and not gateway_level_filter("error").admits(info)
