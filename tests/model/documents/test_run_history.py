"""The history of runs is the same whether msgspec or pydantic reads it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import Field, TypeAdapter, ValidationError

from clawtui.files.json5.document import read_value
from clawtui.files.json5.serialize import dumped, to_plain
from clawtui.model.checked.judge import judged
from clawtui.model.checked.reading import made
from clawtui.model.checked.usual import read_usual
from clawtui.model.documents.automation import MAX_HISTORY, AutomationConfig, RunResult
from tests.model.samples import RUN, SMALLEST, read

BY_PYDANTIC: TypeAdapter[tuple[RunResult, ...]] = TypeAdapter(
    Annotated[tuple[RunResult, ...], Field(max_length=MAX_HISTORY)]
)

_digits = st.integers(0, 9).map(str)
_zones = st.sampled_from(["Z", "z", "+00:00", "-00:00", "+0530", "+05", "-23:59", "+24:00", " Z", "", "UTC"])
_times = st.builds(
    lambda day, between, seconds, fraction, zone: day + between + seconds + fraction + zone,
    st.sampled_from(["2025-01-26", "0001-01-01", "0001-12-31", "0002-01-01", "9998-12-31", "9999-12-31", "2025-02-29"]),
    st.sampled_from(["T", "t", " ", "_", ""]),
    st.sampled_from(["10:30:00", "23:59:59", "23:59:60", "24:00:00", "10:30", "00:00:00"]),
    st.just("") | st.lists(_digits, max_size=9).map(lambda digits: "." + "".join(digits)) | st.just(",5"),
    _zones,
)
_scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
_numbers = st.sampled_from([2**53, 2**53 + 1, 2**63, 10**308, 10**309, -(2**64), -0.0, 1e308, True]) | _scalars
_usual = st.fixed_dictionaries(
    {
        "timestamp": _times,
        "status": st.sampled_from(["success", "partial", "failed", "cancelled", "Success", ""]),
        "duration": _numbers,
        "summary": st.text(max_size=5),
    }
)
_odd = st.dictionaries(st.sampled_from([*RUN, "more"]), _scalars | _times, max_size=5)
_histories = st.lists(_usual | st.just(RUN) | st.builds(lambda run, odd: {**run, **odd}, _usual, _odd), max_size=4)


def facts(runs: object) -> object:
    """Return all that can be seen of the runs; -0.0 and 0.0, 1 and 1.0 and True differ."""
    assert isinstance(runs, tuple)
    return [(run, run.timestamp.isoformat(), repr(run.duration), run.present, run.unknown, run.took) for run in runs]


@given(_histories | _scalars | st.lists(_scalars, max_size=2))
@example([RUN] * MAX_HISTORY)
@example([RUN] * (MAX_HISTORY + 1))
@example([RUN | {"timestamp": "2025-01-26T10:30:00.9999999Z"}])
@example([RUN | {"timestamp": "0001-01-01T00:00:00Z"}])
@example([RUN | {"timestamp": datetime(2025, 1, 26).astimezone()}])
@example([RUN | {"timestamp": "2025-01-26T10:30:00"}])
@example([RUN | {"duration": 10**309}])
@example([RUN | {"duration": float("nan")}])
def test_both_ways_accept_the_same_and_return_the_same(raw: object) -> None:
    try:
        runs = BY_PYDANTIC.validate_python(raw, by_alias=True, by_name=False)
    except ValidationError:
        assert read_value(AutomationConfig, {**SMALLEST[AutomationConfig], "runHistory": raw})[1]
        return
    config = read(AutomationConfig, runHistory=raw)
    assert facts(config.run_history) == facts(runs)
    assert to_plain(config)["runHistory"] == [dumped(run) for run in runs]


def test_a_history_as_the_gateway_writes_it_is_read_by_msgspec() -> None:
    older = RUN | {"timestamp": "2025-01-25T10:30:00.123Z", "duration": 1.5, "status": "failed"}
    raw = dict(SMALLEST[AutomationConfig]) | {"runHistory": [RUN, older]}
    config = read_usual(AutomationConfig, raw)
    assert config is not None
    assert config.run_history == (made(RunResult, RUN), made(RunResult, older))
    assert config == judged(AutomationConfig, raw)
    assert config.run_history[0]._origin is None  # a hundred of them share nothing and take no place for it


def test_a_history_with_anything_else_is_judged_by_pydantic() -> None:
    raw = dict(SMALLEST[AutomationConfig]) | {"runHistory": [RUN, RUN | {"more": 1}]}
    assert read_usual(AutomationConfig, raw) is None
