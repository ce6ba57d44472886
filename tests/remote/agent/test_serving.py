"""An agent that can send no further change ends, so that a dashboard does not take an old state for the newest one."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clawtui.model.fleet import Fleet
from clawtui.remote.agent.fleet_sender import FleetSender
from clawtui.remote.agent.serving import Agent
from clawtui.remote.messages.feed import FromAgent, Ping, encode_message
from clawtui.storage.paths import StatePaths


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_agent_whose_sender_fails_ends_at_the_next_ping(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = threading.Event()

    def messages(self: FleetSender, fleet: Fleet) -> Iterator[FromAgent]:
        failed.set()
        raise ValueError("this cannot be sent")

    monkeypatch.setattr(FleetSender, "messages", messages)
    requests, ask = os.pipe()
    with Path(os.devnull).open("wb") as output:
        agent = Agent(StatePaths(tmp_path), lambda: datetime.now(UTC), "1", output.fileno())
        serving = threading.Thread(target=agent.serve, args=(requests,), daemon=True)
        serving.start()
        assert failed.wait(30)
        for id in range(200):
            os.write(ask, encode_message(Ping(id=id)))
            serving.join(0.1)
            if not serving.is_alive():
                break
        assert not serving.is_alive()
    os.close(ask)
    os.close(requests)
