"""Each field of the design is in the text of a command."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.cli.calls import Caller
from tests.gateway_root import GatewayRoot
from tests.test_design_examples import ID, file_examples

DOCUMENTS = ("workspace-info", "state", "progress")


def leaves(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        for below in value.values():
            yield from leaves(below)
    elif isinstance(value, list):
        for below in value:
            yield from leaves(below)
    else:
        yield value


def shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and len(value) == 20 and value.endswith("Z"):
        return value[:16].replace("T", " ")
    return str(value)


@pytest.mark.parametrize(
    ("command", "names"),
    [
        (("dispatcher", "show"), ("config/dispatcher.json", "config/concurrency-state.json")),
        (
            ("workspace", "show", ID),
            tuple(f"workspaces/{ID}/{name}" for name in ("workspace-info.json", "state.json", "progress.json")),
        ),
    ],
)
def test_each_value_of_the_designs_documents_is_in_the_text(
    command: tuple[str, ...],
    names: tuple[str, ...],
    gateway: GatewayRoot,
    call: Caller,
) -> None:
    examples = file_examples()
    for name in names:
        gateway.write(name, examples[name].content)
    text = "".join(call(*command).out.split())  # a long value is on several lines
    for name in names:
        content = "\n".join(line for line in examples[name].content.splitlines() if not line.startswith("//"))
        missing = [value for value in leaves(json.loads(content)) if "".join(shown(value).split()) not in text]
        assert not missing, name


def test_an_unreadable_document_is_named_and_json_has_both(gateway: GatewayRoot, call: Caller) -> None:
    gateway.dispatcher(maxConcurrent=5)
    gateway.write("config/concurrency-state.json", "{ broken")
    answer = call("dispatcher", "show", "--json")
    found = answer.json
    assert answer.status == 1 and "clawtui: config/concurrency-state.json: is not JSON5" in answer.err
    assert found["configuration"]["maxConcurrent"] == 5
    assert found["slots"] is None
    assert found["problems"][0]["path"] == "config/concurrency-state.json"
    answer = call("dispatcher", "show")
    assert answer.status == 1 and "config/concurrency-state.json: is not JSON5" in answer.out
    (gateway.automations / "config/concurrency-state.json").unlink()
    assert call("dispatcher", "show").status == 0


def test_a_document_of_a_workspace_that_is_unreadable_is_named(gateway: GatewayRoot, call: Caller) -> None:
    gateway.state("a-1")
    assert call("workspace", "show", "a-1").status == 0
    gateway.write("workspaces/a-1/progress.json", "{ broken")
    answer = call("workspace", "show", "a-1", "--json")
    assert answer.status == 1 and answer.json["problems"][0]["path"] == "workspaces/a-1/progress.json"
    assert "clawtui: workspaces/a-1/progress.json: is not JSON5" in answer.err
