"""The real dashboard in a browser: what is done there is in the audit, and it ends with its server."""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import psutil
import pyte
import pytest

pytest.importorskip("textual_serve", reason="the extra [serve] is not installed")

from tests.cli.processes import PROJECT, environment
from tests.cli.serve.servers import eventually, is_running
from tests.gateway_root import GatewayRoot, iso
from tests.operations.evidence.test_processes import ended_pid
from tests.waiting import wait_until

KEY = "github.com/acme/site"


@asynccontextmanager
async def dashboard(
    root: Path, *options: str, env: Mapping[str, str]
) -> AsyncIterator[tuple[subprocess.Popen[str], aiohttp.ClientWebSocketResponse]]:
    """Yield ``clawtui serve``, and the websocket of a browser that opened the printed address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    command = [sys.executable, "-m", "clawtui", "--root", str(root), "serve", "--port", port, *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=env, cwd=PROJECT, text=True) as server:
        assert server.stdout is not None
        address = (await asyncio.to_thread(server.stdout.readline)).strip()
        try:
            async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as client:
                async with client.get(address) as answer:
                    found = re.search(r'websocket-url="([^"]+)"', await answer.text())
                assert found is not None
                async with client.ws_connect(found[1] + "?width=120&height=40") as opened:
                    yield server, opened
        finally:
            server.terminate()


class Page:
    """The dashboard in a browser: an emulated terminal of 120 by 40 cells."""

    def __init__(self, opened: aiohttp.ClientWebSocketResponse) -> None:
        self._opened = opened
        self._screen = pyte.Screen(120, 40)
        self._stream = pyte.ByteStream(self._screen)

    async def until(self, expected: str) -> None:
        """Read until ``expected`` is on the screen."""
        async with asyncio.timeout(60):
            while expected not in "\n".join(self._screen.display):
                message = await self._opened.receive()
                assert message.type is aiohttp.WSMsgType.BINARY, (message, self._screen.display)
                self._stream.feed(message.data)


@pytest.mark.slow
async def test_the_audit_of_a_release_by_browser_names_the_browser(tmp_path: Path) -> None:
    gateway = GatewayRoot(tmp_path / "root")
    gateway.automation("alpha")
    taken = iso(datetime.now(UTC) - timedelta(hours=5))
    host = os.uname().nodename
    lock = gateway.lock(KEY, "alpha", pid=ended_pid(), hostname=host, acquiredAt=taken)
    env = environment(
        XDG_STATE_HOME=str(tmp_path), XDG_CONFIG_HOME=str(tmp_path), SSH_CONNECTION="192.0.2.9 1 192.0.2.1 22"
    )
    async with dashboard(gateway.root, "--allow-changes", env=env) as (_, opened):
        page = Page(opened)
        await page.until("orphaned")
        await _press(opened, "4X")  # the first keys: until then the dashboard in a browser has no focus
        await page.until("› Cancel ‹")
        await _press(opened, "\x1b[C")
        await page.until("› Release ‹")
        await _press(opened, "\r")
        await eventually(lambda: not lock.exists(), 40)
    (audit,) = tmp_path.rglob("audit.jsonl")
    actors = [record["actor"] for line in audit.read_text().splitlines() if (record := json.loads(line)).get("actor")]
    assert actors
    assert all(actor["browser"] == "127.0.0.1" for actor in actors)
    assert all(actor.get("ssh") is None for actor in actors), "the server's own SSH session is not the browser's"


@pytest.mark.slow
async def test_the_dashboard_ends_with_its_server_however_that_ends(tmp_path: Path) -> None:
    (tmp_path / "automations").mkdir()
    for kill in (False, True):
        async with dashboard(tmp_path, env=environment()) as (server, opened):
            await Page(opened).until("Automations")
            (pid,) = (child.pid for child in psutil.Process(server.pid).children())
            if kill:
                server.kill()
            else:
                server.terminate()
            await eventually(lambda pid=pid: not is_running(pid))  # type: ignore[misc]


async def _press(opened: aiohttp.ClientWebSocketResponse, key: str) -> None:
    await opened.send_str(json.dumps(["stdin", key]))


@pytest.mark.slow
def test_a_dashboard_whose_server_is_gone_ends_although_its_output_is_still_read(tmp_path: Path) -> None:
    (tmp_path / "automations").mkdir()
    env = environment(TEXTUAL_DRIVER="clawtui.tui.terminal.served_driver:ServedDriver")
    shown = tmp_path / "shown"
    command = [sys.executable, "-m", "clawtui", "--root", str(tmp_path)]
    with shown.open("wb") as output:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=output, env=env, cwd=PROJECT)
    with process:
        try:
            wait_until(lambda: b"Automations" in shown.read_bytes(), 60)
            assert process.stdin is not None
            process.stdin.close()
            process.wait(20)
        finally:
            process.kill()
