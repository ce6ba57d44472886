"""Names that are nearly right: a part of a name is accepted, and a mistyped one is answered with a suggestion."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from clawtui.cli.framework.context import Invocation
from clawtui.cli.main import main
from tests.cli.calls import Caller
from tests.gateway_root import NOON, GatewayRoot, iso, run_entry
from tests.openclaw.gateway_store import GatewayStore

ID, OTHER = "auto-sync-main-123", "auto-sync-docs-456"
KEY = "github.com/user/repo"
OLD = NOON - timedelta(hours=2)


@pytest.fixture
def two(gateway: GatewayRoot) -> GatewayRoot:
    """Write two automations, one of which has everything that a command can show."""
    result = {"timestamp": iso(OLD), "status": "success", "duration": 1000, "summary": "fine"}
    gateway.automation(ID, runHistory=[result], lastRun=result)
    gateway.automation(OTHER)
    gateway.state(ID, status="completed")
    gateway.progress(ID, ("Cloning", 10))
    gateway.append_log(f"logs/smart-sync-fork/{ID}-2025-01-26-10-00-00.jsonl", run_entry(ID, "x", OLD))
    gateway.write(f"artifacts/{ID}/report.md", "# x")
    gateway.lock(KEY, ID, hostname="elsewhere")
    return gateway


READING = [
    ("automation", "show"),
    ("run", "list"),
    ("run", "show"),
    ("run", "report"),
    ("progress",),
    ("logs",),
    ("workspace", "show"),
    ("artifact", "list"),
]


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_reading_commands_accept_a_unique_part_of_an_id(two: GatewayRoot, call: Caller, words: tuple[str, ...]) -> None:
    whole = call(*words, ID)
    assert whole.status == 0
    assert call(*words, "MAIN") == whole
    several = call(*words, "auto-sync")
    assert (several.status, several.out) == (3, "")
    assert several.err.startswith("clawtui: “auto-sync” is a part of several automations: auto-sync-docs-456, auto-")


def test_a_whole_id_is_never_taken_for_a_part_of_another(two: GatewayRoot, call: Caller) -> None:
    two.automation("main")
    assert call("automation", "show", "main", "--json").json["id"] == "main"
    two.append_log("logs/smart-sync-fork/docs-2025-01-26-10-00-00.jsonl", run_entry("docs", "gone", OLD))
    assert "gone" in call("logs", "docs").out, "its configuration is gone, its log is not"


def test_changing_commands_name_the_id_and_refuse_an_ambiguous_part(two: GatewayRoot, call: Caller) -> None:
    answer = call("automation", "disable", "docs")
    assert answer.status == 0
    assert answer.err == f"clawtui: “docs” is taken for {OTHER}\nclawtui: {OTHER} is disabled\n"
    before = call.files()
    assert call("automation", "disable", "auto").status == 3
    refused = call("automation", "delete", "main", "--yes")
    assert (refused.status, refused.err.splitlines()[0]) == (
        3,
        f"clawtui: “main” is only a part of “{ID}”; nothing was done",
    )
    assert call.files() == before


@pytest.mark.parametrize(
    ("words", "question"),
    [
        (("automation", "show", "auto-snyc-main-123"), f"Did you mean “{ID}”?"),
        (("automation", "enable", "auto-snyc-main-123"), f"Did you mean “{ID}”?"),
        (("run", "list", "auto-sync-mian-123"), f"Did you mean “{ID}”?"),
        (("lock", "show", "github.com/user/rpeo"), f"Did you mean “{KEY}”?"),
        (("lock", "release", "github.com/user/rpeo", "--yes"), f"Did you mean “{KEY}”?"),
    ],
)
def test_a_mistyped_name_is_answered_with_a_question(
    two: GatewayRoot, call: Caller, words: tuple[str, ...], question: str
) -> None:
    answer = call(*words)
    assert answer.status == 5
    assert question in answer.err


def test_a_part_of_a_locks_key_is_taken_only_where_it_is_seen_first(two: GatewayRoot, call: Caller) -> None:
    assert call("lock", "show", "user/repo", "--json").json["repoKey"] == KEY
    assert call("lock", "release", "user/repo", "--dry-run").status in (0, 3)
    assert call("lock", "release", "user/repo", "--yes", "--force").status == 5
    two.lock("github.com/user/repo-two", OTHER, hostname="elsewhere")
    assert call("lock", "show", "user/rep").status == 3


def test_a_run_can_be_named_by_a_part_of_its_name(two: GatewayRoot, call: Caller) -> None:
    assert call("run", "show", ID, "2025-01-26-10", "--json").json["run"] == f"{ID}-2025-01-26-10-00-00"
    assert call("run", "show", ID, "1999").status == 5


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("statsu",), "status"),
        (("automation", "lsit"), "list"),
        (("lock", "relaese"), "release"),
    ],
)
def test_a_mistyped_command_is_answered_with_a_question(call: Caller, words: tuple[str, ...], meant: str) -> None:
    answer = call(*words)
    assert answer.status == 2
    _, _, question = answer.err.splitlines()[0].partition("Did you mean ")
    assert question.strip("'“”?") == meant
    assert "Did you mean" not in call("zzzzqqqq").err


def test_it_is_the_same_on_a_stock_gateways_root(tmp_path: Path) -> None:
    store = GatewayStore(tmp_path)
    store.job("3f2a-nightly-digest", definition={"name": "Nightly digest"})
    store.job("77aa-hourly-digest", definition={"name": "Hourly digest"})

    def call(*words: str) -> tuple[int, str, str]:
        done = CliRunner().invoke(main, ["--root", str(tmp_path), *words], obj=Invocation())
        return done.exit_code, done.stdout, done.stderr

    assert json.loads(call("automation", "show", "nightly", "--json")[1])["id"] == "3f2a-nightly-digest"
    assert call("automation", "show", "digest")[0] == 3
    status, _, message = call("automation", "show", "3f2a-nihgtly-digest")
    store.close()
    assert status == 5
    assert "Did you mean “3f2a-nightly-digest”" in message
