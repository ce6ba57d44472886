"""Links, wrapped lines, and the title of the log."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len

from clawtui.model.search.log_query import LogQuery
from clawtui.model.search.log_results import Hits, Totals, Work
from clawtui.model.search.pattern import Pattern
from clawtui.tui.panes.log.header import ending_line
from clawtui.tui.panes.log.lines import highlighted
from clawtui.tui.panes.log.status import LogStatus, counts_line, filter_line, state_line
from clawtui.tui.panes.log.view_model import LogViewModel, between
from clawtui.tui.panes.log.window import Between
from clawtui.tui.widgets.line import Line, Span, line, linked, wrap_line
from tests.gateway_root import NOON

IDLE = Work("", 1.0)


def text_of(spans: Line) -> str:
    return "".join(span.text for span in spans)


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("see https://github.com/user/repo/pull/7.", ["https://github.com/user/repo/pull/7"]),
        ("(http://example.org/a?b=c#d)", ["http://example.org/a?b=c#d"]),
        ("file:///etc/passwd javascript:alert(1) ssh://x data:,x", []),
        ("https://", []),
        ("https://good.org\x1b]8;;https://evil.org\x07", ["https://good.org", "https://evil.org"]),
        ("https://good.org/\u202egpj.exe", ["https://good.org/"]),
    ],
)
def test_links_lead_to_the_shown_address(text: str, links: list[str]) -> None:
    spans = tuple(linked(text, "plain"))
    assert [span.link for span in spans if span.link] == links
    assert all(span.link in ("", span.text) for span in spans)
    assert text_of(spans) == text_of((Span(text),))


@given(
    texts=st.lists(st.text("ab cé世界x", max_size=40), min_size=1, max_size=4),
    width=st.integers(8, 30),
    indent=st.integers(0, 6),
)
def test_a_wrapped_line_fits_and_loses_nothing(texts: list[str], width: int, indent: int) -> None:
    rows = wrap_line(line(*texts), width, indent)
    assert all(cell_len(text_of(row)) <= width for row in rows)
    joined = "".join(text_of(row) if not at else text_of(row)[indent:] for at, row in enumerate(rows))
    assert joined.replace(" ", "") == text_of(line(*texts)).replace(" ", "")


def test_matches_are_marked_wherever_they_are_and_empty_ones_nowhere() -> None:
    shown = highlighted(line(Span("Conflict in a", "bad"), Span(" and b")), Pattern.parse("a|x*"))
    assert [(span.text, span.role) for span in shown if span.role == "match"] == [("a", "match"), ("a", "match")]
    assert text_of(shown) == "Conflict in a and b"


def status(
    *,
    following: bool = False,
    new: int | None = 0,
    work: Work = IDLE,
    query: LogQuery = LogQuery(),  # noqa: B008  it is frozen
    pattern: str | None = None,
    hits: Hits = Hits(0, known=True),  # noqa: B008  it is frozen
    rank: int | None = None,
    number: int | None = None,
    totals: Totals | None = None,
    ending: Line = (),
) -> LogStatus:
    compiled = None if pattern is None else Pattern.parse(pattern)
    return LogStatus(following, new, work, query, compiled, hits, rank, number, totals, ending)


def test_a_run_that_has_ended_is_not_followed() -> None:
    run = LogViewModel("logs/a/b.jsonl", state="failed", ended=NOON)
    ending = ending_line(run, NOON + timedelta(hours=1), UTC)
    assert text_of(ending) == "failed 12:00:00"
    assert text_of(state_line(status(following=True, ending=ending))) == "failed 12:00:00"
    at_36 = status(number=36, totals=Totals(412, 2, 1), ending=ending)
    assert text_of(state_line(at_36)) == "36/412 8 % · failed 12:00:00"
    assert text_of(state_line(replace(at_36, new=2))) == "36/412 8 % · 2 new · failed 12:00:00"
    assert text_of(ending_line(run, NOON + timedelta(days=1), UTC)) == "failed Jan 26 12:00"
    assert text_of(ending_line(replace(run, state="success", ended=None), NOON, UTC)) == "success"
    assert not ending_line(replace(run, state="running"), NOON, UTC)
    assert not ending_line(replace(run, state=None), NOON, UTC)


def test_the_title_counts_errors_and_warnings() -> None:
    assert text_of(counts_line(Totals(412, 2, 1))) == "2 errors · 1 warning  "
    assert text_of(counts_line(Totals(412, 0, 12_000))) == "12,000 warnings  "
    assert not counts_line(Totals(412, 0, 0))
    assert not counts_line(None)


def test_the_title_shows_following_and_progress() -> None:
    assert text_of(state_line(status(following=True))) == "following"
    assert text_of(state_line(status(number=1234))) == "line 1,234 · paused · G follows"
    assert text_of(state_line(status(number=36, totals=Totals(412, 0, 0)))) == "36/412 8 % · paused · G follows"
    assert text_of(state_line(status(new=3))) == "paused · 3 new · G follows"
    assert text_of(state_line(status(new=None))) == "paused · much new · G follows"
    assert text_of(state_line(status(work=Work("searching", 0.42)))) == "searching 42% · Esc stops"


def test_the_search_and_the_filters_are_shown_below_the_title() -> None:
    assert filter_line(status()) == ()
    assert text_of(filter_line(status(pattern="x"))) == "/x not found"
    assert text_of(filter_line(status(pattern="x", hits=Hits(1, known=True)))) == "/x 1 match"
    assert text_of(filter_line(status(pattern="x", hits=Hits(1200, known=True), rank=7))) == "/x 7 of 1,200"
    assert text_of(filter_line(status(pattern="x", hits=Hits(5, known=False)))) == "/x 5 matches so far"
    query = LogQuery(level="warn", phase="git", pattern=Pattern.parse("y"), automation_id="a")
    assert text_of(filter_line(status(query=query))) == "only /y · warn and above · phase git · of a"


@pytest.mark.parametrize(
    ("before", "at", "note", "late"),
    [
        ("2025-01-26T10:00:00Z", "2025-01-26T10:00:05Z", "", False),
        ("2025-01-26T10:00:05Z", "2025-01-26T10:00:00Z", "", True),
        ("2025-01-26T22:59:59Z", "2025-01-26T23:00:01Z", "Mon 2025-01-27 UTC+01:00", False),
        ("2025-03-30T00:59:59Z", "2025-03-30T01:00:01Z", "UTC+02:00 from here on", False),
        ("2025-01-26T13:00:00Z", "2025-01-26T09:30:00Z", "2025-01-26, 3h30m earlier than the line above", True),
    ],
)
def test_a_new_day_another_offset_and_a_step_back_of_the_clock_are_marked(
    before: str, at: str, note: str, late: bool
) -> None:
    found = between(datetime.fromisoformat(before), datetime.fromisoformat(at), ZoneInfo("Europe/Berlin"))
    assert found == Between(note, late)
    assert between(NOON, NOON + timedelta(days=1), UTC).note == "Mon 2025-01-27 UTC"
