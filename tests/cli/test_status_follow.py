"""``status --follow``: plain lines, one for each thing that happens, and nothing that is painted over."""

from __future__ import annotations

import json
import signal
from datetime import UTC, datetime, timedelta

from tests.cli.processes import started
from tests.gateway_root import GatewayRoot, iso

NOW = datetime.now(UTC)


def failed() -> dict[str, object]:
    return {"timestamp": iso(NOW), "status": "failed", "duration": 1000, "summary": "Push rejected"}


def test_each_change_is_a_line_after_the_totals(gateway: GatewayRoot) -> None:
    gateway.automation("alpha")
    with started("status", "--follow", "--root", str(gateway.root)) as process:
        assert process.stdout is not None
        head = ""
        while "problems" not in head:
            head += process.stdout.readline()
        assert "automations  1, 1 enabled" in head
        gateway.state("alpha", percentage=5, milestone="Cloning")
        lines = [process.stdout.readline() for _ in range(2)]
        gateway.automation("alpha", runHistory=[failed()])
        lines.append(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
        assert process.wait(10) == 130
    assert [line.rstrip().split("  ")[1:] for line in lines] == [
        ["alpha", "started"],
        ["alpha", "5% Cloning"],
        ["alpha", "failed: Push rejected"],
    ]
    assert "\x1b" not in head + "".join(lines) + rest
    assert rest == ""


def test_as_json_each_is_one_line(gateway: GatewayRoot) -> None:
    gateway.automation("alpha")
    with started("status", "--follow", "--json", "--root", str(gateway.root)) as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["automations"]["total"] == 1
        old = NOW - timedelta(hours=1)
        gateway.lock("github.com/user/alpha", "alpha", acquiredAt=iso(old), pid=2**22 - 1)
        news = [json.loads(process.stdout.readline()) for _ in range(2)]
        process.send_signal(signal.SIGINT)
    assert [(one["kind"], one["subject"]) for one in news] == [
        ("lock-taken", "github.com/user/alpha"),
        ("lock-orphaned", "github.com/user/alpha"),
    ]
    assert all(datetime.fromisoformat(one["at"]) >= NOW - timedelta(seconds=1) for one in news)
