"""The way of a fleet from the live thread to the app while the app is busy."""

from __future__ import annotations

import itertools
import threading
from functools import partial

from msgspec.structs import replace

from clawtui.model.fleet import Fleet
from clawtui.tui.fleet_mailbox import FleetChanged, FleetMailbox
from clawtui.tui.screens.dashboard_view import DashboardView
from tests.gateway_root import GatewayRoot
from tests.tui.dashboard_at_noon import dashboard_at_noon


async def test_many_fleets_are_one_message_until_the_newest_is_taken(gateway: GatewayRoot) -> None:
    async with dashboard_at_noon(gateway) as tester:
        messages: list[FleetChanged] = []
        mailbox = FleetMailbox(tester.app.dashboard.view, messages.append)
        fleets = [Fleet(f"/{number}") for number in range(1000)]
        for fleet in fleets:
            mailbox.put(fleet)
        assert len(messages) == 1
        assert mailbox.take() is fleets[-1]
        assert len(messages) == 1
        mailbox.put(fleets[0])
        assert len(messages) == 2


def _is_replaced(view: DashboardView, fleet: Fleet) -> bool:
    return view.fleet is not fleet


async def test_a_fleet_is_shown_although_newer_ones_follow_without_a_pause(gateway: GatewayRoot) -> None:
    """On a busy machine the next fleet is there before the message about the last one has arrived."""
    gateway.automation("alpha")
    async with dashboard_at_noon(gateway) as tester:
        view, ended = tester.app.dashboard.view, threading.Event()
        first = view.fleet

        def publish() -> None:
            for number in itertools.count():
                if ended.is_set():
                    return
                tester.app._mailbox.put(replace(first, root=f"/{number}"))

        publisher = threading.Thread(target=publish)
        publisher.start()
        try:
            for _ in range(5):
                last = view.fleet
                await tester.wait_for(partial(_is_replaced, view, last), deadline=5.0)
        finally:
            ended.set()
            publisher.join()
