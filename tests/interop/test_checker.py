"""The checker itself: it has the design's schemas, and refuses what they refuse."""

from __future__ import annotations

import os
import re
from pathlib import Path

from hypothesis import given

from clawtui.model.documents.lock import normalize_repo_key
from tests.gateway_root import NOON, GatewayRoot, iso, run_entry
from tests.interop.node import HERE, Node, needs_node
from tests.interop.values import plain_addresses
from tests.test_design_examples import EXAMPLES, blocks

pytestmark = needs_node

_SCHEMA = re.compile(r"^export const (\w+)Schema = (z\.object\(\{\n.*?^\}\));$", re.MULTILINE | re.DOTALL)


def test_the_schemas_are_those_of_the_document_but_for_scp_style_addresses() -> None:
    design = dict(_SCHEMA.findall("".join(blocks("typescript"))))
    ours = dict(_SCHEMA.findall((HERE / "schemas.mjs").read_text()))
    assert len(design) == 6
    design["RepositoryLock"] = design["RepositoryLock"].replace(".url()", ".url().or(ScpAddressSchema)")
    assert ours == design


def test_the_keys_are_made_by_the_code_of_the_document() -> None:
    (design,) = re.findall(
        r"^function normalizeRepoKey.*?^\}$", "".join(blocks("typescript")), re.MULTILINE | re.DOTALL
    )
    assert design.replace("(repoUrl: string): string", "(repoUrl)") in (HERE / "repo_key.mjs").read_text()


def test_our_keys_are_the_same_where_errata_4_does_not_differ(node: Node) -> None:
    addresses = []

    @given(plain_addresses)
    def collect(address: str) -> None:
        addresses.append(address)

    collect()
    assert [normalize_repo_key(address) for address in addresses] == node.repo_keys(addresses)


def test_every_example_of_the_document_is_taken(node: Node, gateway: GatewayRoot) -> None:
    for path, content in EXAMPLES.values():
        gateway.write(path, content)
    report = node.check(gateway.root)
    assert report.failures == []
    assert report.checked == len(EXAMPLES)


def test_the_gateway_accepts_the_documents_of_the_tests(node: Node, gateway: GatewayRoot) -> None:
    write_one_of_each(gateway)
    report = node.check(gateway.root)
    assert report.failures == []
    assert report.checked == 9


def write_one_of_each(gateway: GatewayRoot) -> None:
    gateway.dispatcher()
    gateway.slots({"automationId": "a", "sessionId": "s", "acquiredAt": iso(NOON), "slotNumber": 1})
    gateway.automation("a")
    gateway.state("a")
    gateway.progress("a", ("Cloning", 10))
    gateway.lock("github.com/user/repo", "a")
    gateway.lock("github.com/user/other", "a", "locks/github.com/user/other.lock")
    gateway.append_log("logs/dispatcher/2025-01-26.jsonl", {"timestamp": iso(NOON), "level": "info", "event": "e"})
    gateway.append_log("logs/smart-sync-fork/2025-01-26.jsonl", run_entry("a", "Cloning"))


def test_one_fault_in_each_document_is_found(node: Node, gateway: GatewayRoot) -> None:
    write_one_of_each(gateway)
    bad = {"timestamp": "2025-01-26T12:00:00+00:00", "level": "info", "event": "e"}
    gateway.dispatcher(lastModifiedBy="nobody")
    gateway.slots({"automationId": "a", "sessionId": "s", "acquiredAt": iso(NOON), "slotNumber": 0})
    gateway.automation("a", name="n" * 101)
    gateway.automation("b", runHistory=None)
    gateway.write("config/smart-sync-fork/c.json", "{id: 'c',")
    gateway.state("a", currentPhase=None)
    gateway.progress("a", ("Cloning", "10"))  # type: ignore[arg-type]
    gateway.lock("github.com/user/repo", "a", repoUrl="no address")
    gateway.lock("github.com/user/other", "a", "locks/github.com/user/other.lock", pid="1")
    gateway.write_json("workspaces/a/workspace-info.json", {"automationId": "a"})
    gateway.append_log("logs/dispatcher/2025-01-26.jsonl", bad)
    gateway.write("logs/smart-sync-fork/2025-01-26.jsonl", '{"timestamp"')
    export = gateway.root / "export.json"
    export.write_text('{"version": 2, "automations": []}')
    report = node.check(gateway.root, export)
    assert report.checked == 13
    assert {_name(failure.path, gateway): failure.reason.partition(": ")[0] for failure in report.failures} == {
        "config/dispatcher.json": "lastModifiedBy",
        "config/concurrency-state.json": "activeSlots.0.slotNumber",
        "config/smart-sync-fork/a.json": "name",
        "config/smart-sync-fork/b.json": "runHistory",
        "config/smart-sync-fork/c.json": "unreadable",
        "workspaces/a/state.json": "currentPhase",
        "workspaces/a/progress.json": "timeline.0.percentage",
        "workspaces/a/workspace-info.json": "automationType",
        "locks/github.com-user-repo.lock": "repoUrl",
        "locks/github.com/user/other.lock": "pid",
        "logs/dispatcher/2025-01-26.jsonl": "line 2",
        "logs/smart-sync-fork/2025-01-26.jsonl": "unreadable",
        "../export.json": "version",
    }


def _name(path: Path, gateway: GatewayRoot) -> str:
    return os.path.relpath(path, gateway.automations)
