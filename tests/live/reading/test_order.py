"""Of many automations those that the table has on top are read first, and shown in their final order."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from msgspec.structs import replace

from clawtui.live.reading.order import LAST, Guess, guess, guess_all
from clawtui.live.route import Resource, route
from clawtui.model.fleet import Fleet
from clawtui.model.run_state import status_of, urgency
from clawtui.tui.panes.automations.row_values import SORTS, make_row
from tests.gateway_root import NOON, GatewayRoot, iso
from tests.live.conftest import Watch
from tests.live.watched import EVENTS_ALONE

FAILED = {"timestamp": iso(NOON), "status": "failed", "duration": 1, "summary": "nextRun: no"}
DUE = iso(NOON).encode()
CONFIG = "config/smart-sync-fork"


def resources(base: Path) -> list[Resource]:
    paths = (str(path.relative_to(base)) for path in base.glob("config/*/*.json"))
    return [resource for path in paths if (resource := route(path))]


@pytest.mark.parametrize(
    ("changes", "guessed"),
    [
        ({}, Guess(2)),
        ({"nextRun": iso(NOON)}, Guess(2, DUE)),
        ({"nextRun": iso(NOON), "lastRun": FAILED | {"summary": ""}}, Guess(1, DUE)),
        ({"runHistory": [FAILED | {"status": "timed-out"}], "config": {"enabled": False}}, Guess(1)),
        ({"runHistory": [FAILED], "lastRun": FAILED | {"status": "success"}}, Guess(2)),
        ({"runHistory": [FAILED], "enabled": False}, Guess(3)),
    ],
)
def test_the_place_is_guessed_from_both_forms_of_a_configuration(
    gateway: GatewayRoot, changes: Mapping[str, Any], guessed: Guess
) -> None:
    text = gateway.automation("a", **changes).read_bytes()
    strict = json.dumps({"enabled": True, "config": {}, "runHistory": [], **changes}).encode()
    for form in (text, strict):
        assert guess(form)[: 2 if guessed.value else 1] == guessed[: 2 if guessed.value else 1]
        assert guess(form, running=True) == Guess(0)


def test_what_cannot_be_read_is_last(gateway: GatewayRoot) -> None:
    gateway.automation("a")
    (gateway.automations / CONFIG / "link.json").symlink_to("a.json")
    (gateway.automations / CONFIG / "directory.json").mkdir()
    gateway.write(f"{CONFIG}/empty.json", "")
    found = resources(gateway.automations)
    gone = Resource(found[0].kind, "config/gone/b.json", "gone", "b")
    guesses = guess_all(gateway.automations, [*found, gone], set(), lambda: False)
    assert {resource.name: made for resource, made in guesses.items()} == {
        "a": Guess(2),
        "directory": LAST,
        "empty": Guess(2),
        "link": LAST,
    }


def test_it_ends_when_the_time_has_expired(gateway: GatewayRoot) -> None:
    for n in range(5):
        gateway.automation(f"a-{n}")
    left = iter((False, False, True))
    guesses = guess_all(gateway.automations, resources(gateway.automations), {"a-1"}, lambda: next(left))
    assert [(resource.name, made.rank) for resource, made in guesses.items()] == [("a-0", 2), ("a-1", 0)]


def in_order(fleet: Fleet) -> Sequence[str]:
    """Return the ids of the automations in the order of the table."""

    def key(path: str) -> object:
        automation = fleet.automations[path]
        status = status_of(automation, fleet.workspaces.get(automation.id))
        return urgency(status, automation.due, automation.id)

    return [fleet.automations[path].id for path in sorted(fleet.automations, key=key)]  # type: ignore[arg-type]


class SavedOrder(NamedTuple):
    by: str
    reverse: bool = False


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("by", SORTS)
def test_the_first_page_is_the_top_of_the_table_in_a_saved_order(
    gateway: GatewayRoot, watch: Watch, by: str, reverse: bool
) -> None:
    ran = FAILED | {"summary": "no"}
    for n in range(200):
        changes: dict[str, object] = {"name": f"{('Zoo', 'sync #', 'sync', 'Sync-')[n % 4]}{n // 4}"}
        has_due = n % 5 or by == "urgency"
        changes |= {"nextRun": iso(NOON + timedelta(minutes=37 * n % 1000))} if has_due else {"schedule": {"type": "x"}}
        changes |= {"lastRun": ran | {"timestamp": iso(NOON - timedelta(minutes=41 * n % 997))}} if n % 3 else {}
        gateway.automation(f"a-{n}", f"type-{n % 3}", enabled=n % 7 != 0, **changes)
    watched = watch(timing=replace(EVENTS_ALONE, first_slice=3600), order=SavedOrder(by, reverse))

    def rows(fleet: Fleet) -> list[str]:
        sort = SORTS.index(by)
        keys = {path: make_row(each, None).orders[sort] for path, each in fleet.automations.items()}
        return sorted(keys, key=lambda path: (keys[path], path), reverse=reverse)

    final = rows(watched.loaded())
    assert rows(watched.fleets[0]) == final[:60]


def test_the_first_page_is_in_its_final_order(gateway: GatewayRoot, watch: Watch) -> None:
    for n in range(200):
        due = iso(NOON + timedelta(minutes=37 * n % 1000))
        failed = {"lastRun": FAILED, "runHistory": [FAILED]} if n % 10 == 7 else {}
        gateway.automation(f"a-{n}", f"type-{n % 3}", nextRun=due, enabled=n % 4 != 0, **failed)
    for n in (120, 180, 199):
        gateway.state(f"a-{n}")
    watched = watch(timing=replace(EVENTS_ALONE, first_slice=3600))
    order = in_order(watched.loaded())
    assert in_order(watched.fleets[0]) == order[:60]
    assert order[:3] == ["a-120", "a-180", "a-199"]
