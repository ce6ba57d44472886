"""An act on an automation is on one file: two of one id are refused, and nothing is done to a file that changed."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from clawtui.model.errors import ClawtuiError, Refused
from clawtui.operations.doctor.examine import examine
from clawtui.operations.state.automations import find_automation, set_enabled
from clawtui.operations.state.follow_fleet import read_fleet
from clawtui.storage.paths import StatePaths
from clawtui.storage.stores.configurations import AutomationConfigStore
from tests.cli.calls import Caller
from tests.gateway_root import NOON, GatewayRoot

COPY = "config/a/x (conflicted copy).json"
ACTS = (("disable",), ("enable",), ("delete", "--yes"), ("edit", "--yes"), ("show",))


@pytest.fixture(params=["two types", "a conflict copy", "a copy of an unreadable one"])
def twice(gateway: GatewayRoot, request: pytest.FixtureRequest) -> tuple[Path, Path]:
    """Write two files that both are the automation ``x``."""
    first = gateway.automation("x", "a")
    if request.param == "two types":
        return first, gateway.automation("x", "b")
    copy = first.with_name(COPY.rpartition("/")[2])
    copy.write_bytes(first.read_bytes())
    if request.param == "a copy of an unreadable one":
        first.write_text("{ torn")
    return first, copy


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act[0])
def test_an_id_of_two_files_is_refused_with_their_paths(
    call: Caller, gateway: GatewayRoot, twice: tuple[Path, Path], act: tuple[str, ...]
) -> None:
    before = call.files()
    answer = call("automation", act[0], "x", *act[1:])
    assert answer.status == 3
    for path in twice:
        assert shlex.quote(path.relative_to(gateway.automations).as_posix()) in answer.err
    assert call.files() == before


def test_one_of_two_files_is_selected_by_its_path(call: Caller, gateway: GatewayRoot) -> None:
    first, second = gateway.automation("x", "a"), gateway.automation("x", "b")
    before = first.read_bytes()
    answer = call("automation", "disable", "config/b/x.json")
    assert answer.status == 0
    assert "config/b/x.json is disabled; the gateway may go on with config/a/x.json" in answer.err
    assert first.read_bytes() == before
    assert "'enabled': false" in second.read_text() or "enabled: false" in second.read_text()
    assert call("automation", "delete", str(second), "--yes").status == 0
    assert first.exists() and not second.exists()
    assert call("automation", "disable", "x").status == 0


@pytest.mark.parametrize(
    "path", ["config/../../x.json", "../outside.json", "config/a/../b/x.json", "/etc/passwd", "config/a"]
)
def test_a_path_that_is_no_configuration_is_refused(call: Caller, gateway: GatewayRoot, path: str) -> None:
    gateway.automation("x", "a")
    (gateway.root / "outside.json").write_text("{}")
    before = call.files()
    assert call("automation", "delete", path, "--yes").status in (3, 5)
    assert call.files() == before


@pytest.mark.parametrize("act", [("enable",), ("disable",), ("delete", "--yes")], ids=lambda act: act[0])
def test_an_act_is_on_the_version_that_was_named(call: Caller, gateway: GatewayRoot, act: tuple[str, ...]) -> None:
    path = gateway.automation("x", "a")
    seen = call("automation", "show", "x", "--json").json["fingerprint"]
    gateway.automation("x", "a", description="another")
    before = path.read_bytes()
    answer = call("automation", act[0], "x", *act[1:], "--if-match", seen)
    assert answer.status == 4
    assert path.read_bytes() == before
    now = call("automation", "show", "x", "--json").json["fingerprint"]
    assert now in call("automation", "show", "x").out
    assert call("automation", act[0], "x", *act[1:], "--if-match", now).status == 0


def test_a_file_that_became_another_automation_s_is_left_alone(gateway: GatewayRoot) -> None:
    paths = StatePaths(gateway.root)
    path = gateway.automation("x", "a")
    seen = find_automation(paths, "x")
    path.write_bytes(gateway.automation("y", "a").read_bytes())
    before = path.read_bytes()
    with pytest.raises(ClawtuiError, match="is the configuration of “y” by now"):
        set_enabled(paths, seen, False, NOON)
    assert path.read_bytes() == before
    path.unlink()
    with pytest.raises(ClawtuiError, match="there is no file config/a/x"):
        set_enabled(paths, seen, False, NOON)


def test_the_library_refuses_an_id_of_two_files(gateway: GatewayRoot) -> None:
    gateway.automation("x", "a")
    gateway.automation("x", "b")
    store = AutomationConfigStore(StatePaths(gateway.root))
    config = store.list_automations()[0].config.value
    assert config is not None
    with pytest.raises(Refused, match="config/b/x"):
        store.get("x")
    with pytest.raises(Refused, match="config/b/x"):
        store.set_enabled("x", False, NOON)
    with pytest.raises(Refused, match="config/b/x"):
        store.delete("x")
    with pytest.raises(Refused, match="config/b/x"):
        store.save(config, NOON)


def findings_of(gateway: GatewayRoot) -> dict[str, tuple[str, str | None]]:
    paths = StatePaths(gateway.root)
    found = examine(read_fleet(paths), paths, NOON)
    return {each.code: (each.subject, each.fix) for each in found if each.code.startswith("automation-")}


def test_doctor_reports_two_files_with_one_id(call: Caller, gateway: GatewayRoot, twice: tuple[Path, Path]) -> None:
    subject, fix = findings_of(gateway)["automation-twice"]
    assert subject == "x"
    if twice[1].name.startswith("x (") and "torn" not in twice[0].read_text():
        assert fix is not None
        words = shlex.split(fix)
        assert words[-3:] == ["automation", "delete", COPY]
        assert call(*words[3:], "--yes").status == 0
        assert findings_of(gateway) == {}
    else:
        assert fix is None
    before = call.files()
    call("doctor", "--fix", "--yes")
    assert {path for path in before if path.startswith("config/")} <= call.files().keys()


def test_doctor_reports_a_file_with_a_wrong_name_or_directory(gateway: GatewayRoot) -> None:
    gateway.automation("x", "a").rename(gateway.automations / "config/a/y.json")
    assert findings_of(gateway) == {"automation-misnamed": ("config/a/y.json", None)}
    (gateway.automations / "config/b").mkdir()
    (gateway.automations / "config/a/y.json").rename(gateway.automations / "config/b/x.json")
    assert findings_of(gateway) == {"automation-misplaced": ("config/b/x.json", None)}
    (gateway.automations / "config/b/x.json").rename(gateway.automations / "config/a/x.json")
    assert findings_of(gateway) == {}
