"""Reading a log on from where one has come to."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing

import pytest

from clawtui.files.logs.reader import LogStream
from clawtui.model.errors import ClawtuiError
from tests.gateway_root import GatewayRoot

LOG = "logs/smart-sync-fork/a-b-2025-01-26-11-00-00.jsonl"


@pytest.fixture
def stream(gateway: GatewayRoot) -> Iterator[LogStream]:
    with closing(LogStream(gateway.automations, LOG)) as stream:
        yield stream


def append(gateway: GatewayRoot, data: bytes) -> None:
    with (gateway.automations / LOG).open("ab") as log:
        log.write(data)


def test_a_missing_log_has_no_lines_until_it_is_created(gateway: GatewayRoot, stream: LogStream) -> None:
    assert list(stream.read()) == []
    gateway.write(LOG, "one\n")
    assert list(stream.read()) == ["one"]


def test_each_line_is_returned_once_when_it_is_complete(gateway: GatewayRoot, stream: LogStream) -> None:
    gateway.write(LOG, "one\ntwo\nthr")
    assert list(stream.read()) == ["one", "two"]
    assert list(stream.read()) == []
    append(gateway, b"ee\n")
    assert list(stream.read()) == ["three"]


def test_a_log_that_was_replaced_truncated_or_rewritten_is_read_from_its_start(
    gateway: GatewayRoot, stream: LogStream
) -> None:
    path = gateway.write(LOG, "one\ntwo\n")
    assert list(stream.read()) == ["one", "two"]
    gateway.write(LOG, "another log\n")
    assert list(stream.read()) == ["another log"]
    os.truncate(path, 0)
    append(gateway, b"short\n")
    assert list(stream.read()) == ["short"]
    path.write_bytes(b"as long\nor longer\n")
    assert list(stream.read()) == ["as long", "or longer"]
    path.unlink()
    assert list(stream.read()) == []


def test_a_link_is_not_read(gateway: GatewayRoot, stream: LogStream) -> None:
    path = gateway.write(LOG, "")
    path.unlink()
    path.symlink_to("/etc/hostname")
    with pytest.raises(ClawtuiError, match=r"a-b-2025-01-26-11-00-00\.jsonl: is a symbolic link"):
        list(stream.read())
