from __future__ import annotations

import json

from clawtui.files.json5.diff import Put
from clawtui.files.json5.edit import SourceText
from clawtui.files.json5.merge import merge, revise
from clawtui.model.documents.automation import AutomationConfig
from clawtui.model.documents.concurrency import ConcurrencyState
from clawtui.model.documents.dispatcher import DispatcherConfig
from clawtui.storage.paths import StatePaths
from clawtui.storage.stores.backup import export_automations
from clawtui.storage.stores.dispatcher import ConcurrencyStore, DispatcherStore
from tests.gateway_root import NOON, GatewayRoot
from tests.model.samples import read


def test_documents_with_a_required_version_are_written_with_one(gateway: GatewayRoot) -> None:
    paths = StatePaths(gateway.root)
    DispatcherStore(paths).save(read(DispatcherConfig), NOON)
    ConcurrencyStore(paths).save(read(ConcurrencyState))
    for file in ("dispatcher.json", "concurrency-state.json"):
        document = json.loads((gateway.automations / "config" / file).read_text())
        assert next(iter(document.items())) == ("version", 1)


def test_an_automation_may_have_its_own_version_key() -> None:
    assert "version" not in merge(read(AutomationConfig), {})
    assert merge(read(AutomationConfig, version=3), {})["version"] == 3


def test_an_export_has_no_null_where_the_gateway_knows_none(gateway: GatewayRoot) -> None:
    gateway.automation("a", lastRun=None, owner=None)
    (automation,) = json.loads(export_automations(StatePaths(gateway.root), NOON).data)["automations"]
    assert "lastRun" not in automation
    assert automation["owner"] is None


def test_half_a_character_in_a_file_survives_every_change_beside_it(gateway: GatewayRoot) -> None:
    text = '{\n  "\\ud83d": "cut \\ud83d",\n  "a": 1\n}'
    assert revise(SourceText(text), [Put(("a",), 2)]) == (text.replace("1", "2"), False)
