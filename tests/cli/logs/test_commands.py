"""``clawtui logs``."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.cli.calls import Caller
from tests.cli.processes import lines_of, started
from tests.gateway_root import NOON, GatewayRoot, iso, run_entry

ID = "auto-sync-main-123"
FOLDER = "logs/smart-sync-fork"
OLD = f"{FOLDER}/{ID}-2025-01-26-09-00-00.jsonl"
NEW = f"{FOLDER}/{ID}-20250126-110000.jsonl"
HOUR = timedelta(hours=1)


def entries() -> list[dict[str, object]]:
    return [
        run_entry(ID, "Starting", NOON - HOUR, phase="init"),
        run_entry(ID, "Cloning fork repository", NOON - HOUR, depth=1),
        run_entry(ID, "Thinking", NOON - HOUR, phase="resolution", level="debug"),
        run_entry(ID, "Low confidence", NOON, phase="resolution", level="warn", confidence=40),
        run_entry(ID, "Push rejected", NOON, level="error", error="too large"),
    ]


@pytest.fixture
def filled(gateway: GatewayRoot) -> GatewayRoot:
    gateway.automation(ID)
    gateway.append_log(OLD, run_entry(ID, "Of the run before", NOON - 3 * HOUR))
    gateway.append_log(NEW, *entries())
    return gateway


def messages(call: Caller, *arguments: str) -> list[str]:
    answer = call("logs", *arguments, "--json")
    assert answer.status == 0, answer.err
    return [entry["message"] for entry in answer.json]


def test_an_automations_log_is_that_of_its_newest_run(filled: GatewayRoot, call: Caller) -> None:
    assert call("logs", ID, "--json").json == entries()


def test_lines_are_printed_as_they_are_in_the_file(gateway: GatewayRoot, call: Caller) -> None:
    gateway.automation(ID)
    odd = '{ "timestamp" : "2025-01-26T12:00:00+00:00", "level":"info","phase":"git","message":"é","automationId":"x" }'
    gateway.write(NEW, odd + "\n")
    assert odd in call("logs", ID, "--json").out
    not_a_number = odd.replace('"x" }', '"x", "confidence2": NaN }')
    gateway.write(NEW, not_a_number + "\n")
    assert call("logs", ID, "--json").json[0]["line"] == not_a_number
    gateway.write(NEW, '{"any": "object"}\nnot json\n{"nan": NaN}\n\n   \n\xff\n'.encode("latin-1"))
    shown = call("logs", ID, "--json").json
    assert shown[0] == {"any": "object"}
    assert [one["line"] for one in shown[1:]] == ["not json", '{"nan": NaN}', "\udcff"]
    assert all(one["fault"] for one in shown[1:])


def test_the_dispatchers_log_is_shown_without_an_id(gateway: GatewayRoot, call: Caller) -> None:
    for day, event in (("25", "yesterdays"), ("26", "dispatch-started")):
        entry = {"timestamp": f"2025-01-{day}T12:00:00.000Z", "level": "info", "event": event, "automationId": ID}
        gateway.append_log(f"logs/dispatcher/2025-01-{day}.jsonl", entry)
    assert [entry["event"] for entry in call("logs", "--json").json] == ["dispatch-started"]
    (line,) = call("logs").lines
    assert line.split()[2:] == ["info", "dispatch-started", ID]


def test_one_run_is_shown_by_its_name(filled: GatewayRoot, call: Caller) -> None:
    assert messages(call, ID, "--run", f"{ID}-2025-01-26-09-00-00") == ["Of the run before"]
    assert call("logs", ID, "--run", "nope").status == 5


def test_a_run_without_a_log_is_reported(gateway: GatewayRoot, call: Caller) -> None:
    gateway.automation(ID, lastRun={"timestamp": iso(NOON), "status": "success", "duration": 1, "summary": ""})
    answer = call("logs", ID, "--run", iso(NOON))
    assert answer.status == 5
    assert "no log" in answer.err


def test_level_phase_and_pattern_choose_lines(filled: GatewayRoot, call: Caller) -> None:
    assert messages(call, ID, "--level", "warn") == ["Low confidence", "Push rejected"]
    assert len(messages(call, ID, "--level", "debug")) == 5
    assert messages(call, ID, "--phase", "resolution") == ["Thinking", "Low confidence"]
    assert messages(call, ID, "--phase", "resolution", "--level", "info") == ["Low confidence"]
    assert messages(call, ID, "--grep", "fork|too large") == ["Cloning fork repository", "Push rejected"]
    assert messages(call, ID, "--grep", "nothing like it") == []


def test_an_invalid_line_is_filtered_by_its_text(gateway: GatewayRoot, call: Caller) -> None:
    gateway.automation(ID)
    gateway.append_log(NEW, {"level": "error", "phase": "deploy", "message": "a phase of tomorrow"})
    gateway.append_log(NEW, {"level": "info", "phase": "git", "message": "another"})
    assert messages(call, ID, "--level", "warn") == ["a phase of tomorrow"]
    assert messages(call, ID, "--phase", "deploy") == ["a phase of tomorrow"]
    assert len(call("logs", ID, "--json").json) == 2


def test_the_last_lines_of_a_crash_pass_every_filter(gateway: GatewayRoot, call: Caller) -> None:
    gateway.automation(ID)
    crash = [
        "TypeError: x is undefined",
        "    at merge (lease.ts:9)",
        '{"timestamp":"2025-01-26T11:00:00Z","level":"in',
    ]
    for level in ("ERROR", "fatal", 60, "50", "audit", None):
        gateway.append_log(NEW, run_entry(ID, f"of level {level}", level=level))
    gateway.append_log(NEW, {"message": "of no level"}, run_entry(ID, "quiet"), run_entry(ID, "low", level=30))
    with (gateway.automations / NEW).open("a") as log:
        log.write("\n".join(["", "  ", *crash]))
    shown = call("logs", ID, "--level", "error", "--json").json
    levels = ["ERROR", "fatal", "60", "50", "audit", "None"]
    assert [entry.get("message", entry.get("line")) for entry in shown] == [
        *(f"of level {level}" for level in levels),
        "of no level",
        *crash,
    ]
    assert [one["line"] for one in call("logs", ID, "--phase", "pr", "--json").json if "line" in one] == crash
    assert "error git" in call("logs", ID, "--grep", "of level 60").out


def test_since_reaches_back_over_all_logs(filled: GatewayRoot, call: Caller) -> None:
    assert len(messages(call, ID, "--since", "30m")) == 2
    assert messages(call, ID, "--since", "1d12h")[0] == "Of the run before"
    assert messages(call, ID, "--since", "2025-01-26T11:30:00Z") == ["Low confidence", "Push rejected"]
    assert messages(call, ID, "--since", "99999999w")[0] == "Of the run before"


def test_limit_keeps_the_last_of_the_matching_lines(filled: GatewayRoot, call: Caller) -> None:
    assert messages(call, ID, "--limit", "2") == ["Low confidence", "Push rejected"]
    assert messages(call, ID, "--phase", "resolution", "--limit", "1") == ["Low confidence"]
    assert messages(call, ID, "--since", "1d", "--limit", "6")[0] == "Of the run before"
    assert len(messages(call, ID, "--limit", "1000")) == 5


def test_logs_of_whole_days_are_filtered_by_automation(gateway: GatewayRoot, call: Caller) -> None:
    gateway.automation(ID)
    gateway.append_log(f"{FOLDER}/2025-01-26.jsonl", run_entry("other", "not ours"), run_entry(ID, "ours"))
    assert messages(call, ID) == ["ours"]
    assert messages(call, ID, "--limit", "5") == ["ours"]


def test_an_invalid_option_is_a_usage_error(filled: GatewayRoot, call: Caller) -> None:
    for wrong in (["--grep", "("], ["--since", "never"], ["--level", "loud"], ["--limit", "0"]):
        answer = call("logs", ID, *wrong)
        assert (answer.status, answer.out) == (2, "")
        assert len(answer.err.splitlines()) == 2
    assert call("logs", "--phase", "git").status == 2
    assert call("logs", "--run", "x").status == 2


def test_missing_logs_are_reported(gateway: GatewayRoot, call: Caller) -> None:
    gateway.automation(ID)
    assert (call("logs", ID).status, call("logs").status, call("logs", "nope").status) == (5, 5, 5)
    assert call("logs", ID, "--since", "1h", "--json").json == []


def test_a_log_that_is_a_link_is_not_read(gateway: GatewayRoot, call: Caller) -> None:
    gateway.automation(ID)
    path = gateway.write(NEW, "")
    path.unlink()
    path.symlink_to("/etc/hostname")
    answer = call("logs", ID)
    assert (answer.status, answer.out) == (1, "")
    assert f"{NEW}: is a symbolic link" in answer.err


def test_as_text_every_line_fits_and_nothing_is_left_out(filled: GatewayRoot, call: Caller) -> None:
    long = "word " * 30 + "https://example.com/" + "x" * 200
    filled.append_log(NEW, run_entry(ID, long, url="https://github.com/user/repo"))
    lines = call("logs", ID).lines
    assert all(len(line) <= 80 for line in lines)
    assert lines[1].split()[2:] == ["info", "git", "Cloning", "fork", "repository", "depth=1"]
    together = "".join("".join(lines).split())
    assert "".join(long.split()) in together
    assert "url=https://github.com/user/repo" in together


def test_follow_prints_each_new_line_and_the_next_run(filled: GatewayRoot) -> None:
    arguments = ("logs", ID, "--follow", "--json", "--limit", "1", "--level", "info", "--root", str(filled.root))
    with started(*arguments) as process:
        assert process.stdout is not None
        assert json.loads(lines_of(process.stdout, 1)[0])["message"] == "Push rejected"
        filled.append_log(NEW, run_entry(ID, "quiet", level="debug"), run_entry(ID, "one more"))
        assert json.loads(lines_of(process.stdout, 1)[0])["message"] == "one more"
        filled.append_log(f"{FOLDER}/{ID}-2025-01-26-12-00-00.jsonl", run_entry(ID, "of the next run"))
        assert json.loads(lines_of(process.stdout, 1)[0])["message"] == "of the next run"


def test_an_entry_behind_nuls_is_one(filled: GatewayRoot, call: Caller) -> None:
    (filled.automations / NEW).write_bytes(b"\0" * 70_000 + json.dumps(run_entry(ID, "the first")).encode() + b"\0\0")
    assert messages(call, ID) == ["the first"]
    assert messages(call, ID, "--limit", "5", "--level", "info") == ["the first"]


@pytest.mark.parametrize("command", [("logs", ID), ("progress", ID), ("status",)])
def test_a_command_that_follows_ends_when_its_reader_does(filled: GatewayRoot, command: tuple[str, ...]) -> None:
    filled.state(ID, startTime=iso(NOON - HOUR))
    filled.progress(ID, ("Cloning", 0))
    with started(*command, "--follow", "--root", str(filled.root)) as process:
        assert process.stdout is not None
        assert lines_of(process.stdout, 1) != [""]
        process.stdout.close()
        assert process.wait(timeout=30) == 0


def test_an_incomplete_line_is_printed_once_at_the_end_of_the_run(filled: GatewayRoot) -> None:
    filled.state(ID, startTime=iso(NOON - HOUR))
    with (filled.automations / NEW).open("a") as log:
        log.write("Segmentation fau")
    arguments = ("logs", ID, "--run", NEW, "--follow", "--json", "--limit", "1", "--root", str(filled.root))
    with started(*arguments) as process:
        assert process.stdout is not None
        assert json.loads(lines_of(process.stdout, 1)[0])["message"] == "Push rejected"
        filled.state(ID, startTime=iso(NOON - HOUR), status="failed")
        assert [json.loads(line)["line"] for line in process.stdout.read().splitlines()] == ["Segmentation fau"]
        assert process.wait(timeout=30) == 0


def test_following_one_run_ends_when_that_run_ends(filled: GatewayRoot) -> None:
    filled.state(ID, startTime=iso(NOON - HOUR))
    with started("logs", ID, "--run", NEW, "--follow", "--root", str(filled.root)) as process:
        assert process.stdout is not None
        lines_of(process.stdout, 5)
        filled.append_log(NEW, run_entry(ID, "the last line"))
        filled.state(ID, startTime=iso(NOON - HOUR), status="failed")
        assert process.stdout.read().rstrip().endswith("the last line")
        assert process.wait(20) == 0


def test_follow_of_a_run_that_is_over_prints_it_and_ends(filled: GatewayRoot, call: Caller) -> None:
    answer = call("logs", ID, "--run", NEW, "--follow", "--json")
    assert [json.loads(line)["message"] for line in answer.lines][-1] == "Push rejected"


@pytest.mark.parametrize("pattern", ["(a|aa)+$", "(a+)+$", "(x+x+)+y", "(a*)*b", "(.*,){20}x"])
@pytest.mark.timeout(60)
def test_no_expression_hangs(filled: GatewayRoot, call: Caller, pattern: str) -> None:
    pytest.importorskip("re2")
    filled.append_log(NEW, run_entry(ID, "a" * 60 + "!", NOON))
    for more in ((), ("--limit", "3"), ("--json",)):
        answer = call("logs", ID, "--grep", pattern, *more)
        assert (answer.status, answer.err) == (0, "")


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        ("(?=P)ush", "“(?=P)ush” uses look-around, which this search does not know."),
        (r"(P)\1", r"“(P)\1” uses a back-reference, which this search does not know."),
        ("(", "“(” is no regular expression this search knows (missing ): ()."),
    ],
)
def test_an_unsupported_pattern_is_an_error_of_one_line(
    filled: GatewayRoot, call: Caller, pattern: str, line: str
) -> None:
    pytest.importorskip("re2")
    answer = call("logs", ID, "--grep", pattern)
    assert answer.status == 2
    assert [shown for shown in answer.err.splitlines() if "“" in shown] == [
        f"clawtui: Invalid value for '--grep': {line}"
    ]


def test_case_counts_where_the_pattern_has_an_upper_case_letter_or_it_is_asked_for(
    filled: GatewayRoot, call: Caller
) -> None:
    assert messages(call, ID, "--grep", "push") == ["Push rejected"]
    assert messages(call, ID, "--grep", r"push\Srejected|push\Wrejected") == ["Push rejected"]
    assert messages(call, ID, "--grep", "PUSH") == []
    assert messages(call, ID, "--grep", "push", "--case-sensitive") == []


def test_more_lines_than_there_can_be_are_all_lines(filled: GatewayRoot, call: Caller) -> None:
    for more in ((), ("--grep", "e")):
        assert len(messages(call, ID, "--limit", "9" * 23, *more)) == len(messages(call, ID, *more))


def test_more_lines_than_there_can_be_are_all_lines_that_are_followed(filled: GatewayRoot, call: Caller) -> None:
    name = f"{ID}-2025-01-26-09-00-00"
    answer = call("logs", ID, "--run", name, "--follow", "--json", "--limit", "9" * 23)
    assert answer.status == 0, answer.err
    assert "Of the run before" in answer.out


def test_a_run_over_midnight_is_one_stretch_of_two_days(gateway: GatewayRoot, call: Caller) -> None:
    began = NOON.replace(hour=23, minute=50)
    result = {"timestamp": iso(began), "status": "failed", "duration": 20 * 60_000}
    gateway.automation(ID, lastRun=result, runHistory=[result])
    first, second = f"{FOLDER}/2025-01-26.jsonl", f"{FOLDER}/2025-01-27.jsonl"
    gateway.append_log(first, run_entry(ID, "of the run before", NOON), run_entry(ID, "begins", began))
    with (gateway.automations / first).open("a") as log:
        log.write("a stack trace\n")
    gateway.append_log(first, run_entry("another", "not this", began + timedelta(minutes=2)))
    with (gateway.automations / first).open("a") as log:
        log.write("a stack trace of another\n")
    gateway.append_log(second, run_entry(ID, "after midnight", began + timedelta(minutes=15), level="error"))
    expected = ["begins", "a stack trace", "after midnight"]
    for arguments in (("logs", ID), ("logs", ID, "--run", iso(began)), ("logs", ID, "--limit", "9")):
        assert [line.get("message", line.get("line")) for line in call(*arguments, "--json").json] == expected
    assert "after midnight" in call("run", "show", ID).out


def test_the_dispatchers_last_day_reaches_over_midnight(gateway: GatewayRoot, call: Caller) -> None:
    for hours in (30, 13, 1, 0):
        at = NOON.replace(hour=0, minute=30) - timedelta(hours=hours)
        entry = {"timestamp": iso(at), "level": "info", "event": f"before-{hours}"}
        gateway.append_log(f"logs/dispatcher/{at:%Y-%m-%d}.jsonl", entry)
    assert [entry["event"] for entry in call("logs", "--json").json] == ["before-13", "before-1", "before-0"]
