from __future__ import annotations

import pytest

from clawtui.files.json5.document import (
    Malformed,
    load_document,
    parse_json5,
    read_document,
    read_value,
    validate,
)
from clawtui.model.documents.dispatcher import DispatcherConfig
from tests.gateway_root import GatewayRoot

FILE = "config/dispatcher.json"


def test_a_document_is_read_as_json5_with_its_version(gateway: GatewayRoot) -> None:
    path = gateway.dispatcher(maxConcurrent=2)
    path.write_text("\ufeff// mine\n" + path.read_text().replace('"enabled"', "enabled"))
    reading = read_document(gateway.automations, FILE, DispatcherConfig)
    assert reading is not None
    assert reading.problem is None
    assert reading.value is not None
    assert reading.value.max_concurrent == 2
    assert reading.stamp is not None
    assert reading.stamp.size == path.stat().st_size
    assert load_document(gateway.automations, FILE, DispatcherConfig) == (reading.value, reading.stamp)


def test_a_missing_file_has_no_reading(gateway: GatewayRoot) -> None:
    assert read_document(gateway.automations, FILE, DispatcherConfig) is None
    assert read_document(gateway.automations / "none", FILE, DispatcherConfig) is None


def test_an_unreadable_document_is_a_problem_with_path_and_reason(gateway: GatewayRoot) -> None:
    path = gateway.dispatcher(version=2)

    def problem(limit: int = 1000) -> str:
        reading = read_document(gateway.automations, FILE, DispatcherConfig, limit)
        assert reading is not None
        assert reading.value is None
        assert reading.problem is not None
        assert reading.problem.path == reading.path == FILE
        return reading.problem.message

    assert problem() == "version must be 1, not 2"
    assert problem(limit=10).endswith("more than the 10 that are read")
    path.write_text("{")
    assert problem() == "is not JSON5: the object that begins at line 1, column 1 is not complete"
    path.unlink()
    path.symlink_to("elsewhere.json")
    assert problem() == "is a symbolic link to elsewhere.json, which does not exist"


def test_only_the_names_on_disk_count() -> None:
    text = '{"version": 1, "notifications": {}, "last_modified": "2025-01-26T10:30:00Z"}'
    with pytest.raises(Malformed, match="lastModified is missing"):
        validate(DispatcherConfig, parse_json5(text.encode()))
    config, faults = read_value(DispatcherConfig, parse_json5(text.encode()))
    assert (config.last_modified, [fault.message for fault in faults]) == (None, ["lastModified is missing"])
