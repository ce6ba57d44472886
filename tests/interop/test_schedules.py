"""Cron expressions mean to clawtui what they mean to croner, the library of the gateway."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from clawtui.model.schedules.cron_fields import Refused
from clawtui.model.schedules.cron_parser import parse_cron
from clawtui.model.schedules.grammar import NEVER, NOT_UNDERSTOOD, UNDERSTOOD
from clawtui.model.schedules.outlook import Due, outlook
from tests.gateway_root import NOON
from tests.interop.node import Node, Question, needs_node

pytestmark = needs_node

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata")
CHANGES = tuple(
    datetime.fromisoformat(f"{day}:00+00:00")
    for day in ("2026-03-29T00:00", "2026-10-24T23:00", "2026-03-08T06:00", "2026-11-01T04:00", "2026-04-04T14:00")
)
AROUND_CHANGES = ("30 2 * * *", "*/20 * * * *", "15 */2 * * *", "0 2,3 * * *", "10,40 1-3 * * *", "0 30 2 * * SUN")
MONTHS, WEEKDAYS = ("JAN", "feb", "Dec"), ("SUN", "mon", "Fri", "SAT")


def ours(question: Question) -> list[str] | None:
    try:
        pattern = parse_cron(question.expression)
    except Refused:
        return None
    at, found = datetime.fromisoformat(question.after), []
    for _ in range(question.runs):
        after = pattern.next_instant(at, ZoneInfo(question.zone))
        if after is None:
            break
        found.append(f"{after:%Y-%m-%dT%H:%M:%S}.000Z")
        at = after
    return found


def item(random: Random, low: int, high: int, names: tuple[str, ...] = (), extras: tuple[str, ...] = ()) -> str:
    def one() -> str:
        return random.choice(names) if names and random.random() < 0.3 else str(random.randint(low, high))

    forms = [one(), one(), "*", f"{one()}-{one()}", f"*/{random.randint(1, high)}", f"{one()}-{one()}/2", f"{one()}/5"]
    return random.choice([*forms, *(f"{one()}{extra}" for extra in extras)])


def field(random: Random, low: int, high: int, names: tuple[str, ...] = (), extras: tuple[str, ...] = ()) -> str:
    if random.random() < 0.4:
        return random.choice("**?")
    return ",".join(item(random, low, high, names, extras) for _ in range(random.choice((1, 1, 2))))


def expression(random: Random) -> str:
    day = random.choice(("L", "LW", "L,3")) if random.random() < 0.2 else field(random, 1, 31, extras=("W", "L"))
    weekday = random.choice(("", "", "+")) + field(random, 0, 7, WEEKDAYS, ("#2", "#5", "#L", "L", "#6"))
    fields = [field(random, 0, 59), field(random, 0, 23), day, field(random, 1, 12, MONTHS), weekday]
    if random.random() < 0.3:
        fields.insert(0, field(random, 0, 59))
        if random.random() < 0.4:
            fields.append(random.choice(("*", "2027", "2026-2030", "*/4", "2020", "2028,2040")))
    return " ".join(fields)


def test_expressions_of_every_form_have_the_times_that_croner_gives(node: Node) -> None:
    random = Random(16)
    questions = [
        Question(
            expression(random), random.choice(ZONES), (NOON + timedelta(hours=random.randint(0, 9000))).isoformat(), 3
        )
        for _ in range(300)
    ]
    answers = node.next_runs(questions)
    assert {bool(answer) for answer in answers} == {True, False}
    assert [(question, ours(question)) for question in questions] == list(zip(questions, answers, strict=True))


def test_a_change_of_the_clock_has_the_effect_that_it_has_on_croner(node: Node) -> None:
    random = Random(16)
    questions = [
        Question(each, zone, (change + timedelta(seconds=random.randint(-12_000, 15_000))).isoformat(), 6)
        for each in AROUND_CHANGES
        for zone in ZONES
        for change in CHANGES
        for _ in range(2)
    ]
    answers = node.next_runs(questions)
    assert [(question, ours(question)) for question in questions] == list(zip(questions, answers, strict=True))


def test_each_line_of_the_grammar_is_right_by_croner(node: Node) -> None:
    examples = [each for part in (UNDERSTOOD, NEVER, NOT_UNDERSTOOD) for each in part if each.kind == "cron"]
    answers = node.next_runs([Question(each.value, "Europe/Berlin", NOON.isoformat(), 1) for each in examples])
    for example, answer in zip(examples, answers, strict=True):
        found = outlook("cron", example.value, NOON, ZoneInfo("Europe/Berlin"))
        assert (answer is None) == (example in NOT_UNDERSTOOD), example
        assert (answer == []) == (example in NEVER), example
        if answer:
            assert isinstance(found, Due)
            assert f"{found.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z" == answer[0], example
