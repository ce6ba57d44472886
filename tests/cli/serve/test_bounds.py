"""The limits of what a browser can use of this machine."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import socket
import sys
from pathlib import Path

import aiohttp
import psutil
import pytest

from clawtui.cli.serve import listener
from clawtui.cli.serve.server import MOST_MESSAGE
from clawtui.cli.serve.session import MOST_COLUMNS, MOST_ROWS
from tests.cli.processes import lines_of, started
from tests.cli.serve.servers import STUBBORN, browser, closed, eventually, is_running, open_descriptors, serving, shown
from tests.waiting import wait_until


async def test_no_terminal_is_wider_or_higher_than_a_screen() -> None:
    async with serving() as served, browser(served) as client:
        most = f"{MOST_COLUMNS}x{MOST_ROWS} "
        for wide in ("99999", "1000000000"):
            async with client.ws_connect(f"{served.url}/ws?width={wide}&height={wide}") as dashboard:
                # A number that no screen has at all is none, and the usual size is taken.
                assert (await shown(dashboard)).startswith(most if len(wide) < 6 else "80x24 ")
                await dashboard.send_str(f'["resize", {{"width": {wide}, "height": {wide}}}]')
                assert f'"width": {MOST_COLUMNS}, "height": {MOST_ROWS}' in await shown(dashboard)


async def test_an_oversized_message_ends_the_session_and_its_process() -> None:
    async with serving() as served, browser(served) as client:
        async with client.ws_connect(served.url + "/ws") as dashboard:
            pid = int((await shown(dashboard)).split()[-1])
            await dashboard.send_str('["stdin", "%s"]' % ("x" * 3_000_000))
            assert await closed(dashboard) == aiohttp.WSCloseCode.MESSAGE_TOO_BIG
        await eventually(lambda: not is_running(pid))
        async with client.ws_connect(served.url + "/ws") as dashboard:
            await shown(dashboard)
            pasted = "y" * (MOST_MESSAGE - 100)
            await dashboard.send_str(f'["stdin", "{pasted}"]')
            assert await shown(dashboard) == "D" + pasted


@pytest.mark.parametrize("message", ["{", "7", '["resize", 3]', '["stdin", 7]', "[" * 50_000, '["unknown"]'])
async def test_an_invalid_message_ends_the_session(message: str) -> None:
    async with serving() as served, browser(served) as client, client.ws_connect(served.url + "/ws") as dashboard:
        pid = int((await shown(dashboard)).split()[-1])
        await dashboard.send_str(message)
        await closed(dashboard)
        await eventually(lambda: not is_running(pid))


async def test_there_are_only_so_many_dashboards_at_once() -> None:
    async with serving(most_sessions=2) as served, browser(served) as client, contextlib.AsyncExitStack() as sockets:
        first = await client.ws_connect(served.url + "/ws")
        await sockets.enter_async_context(client.ws_connect(served.url + "/ws"))
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await client.ws_connect(served.url + "/ws")
        assert refused.value.status == 503
        await first.close()
        async with asyncio.timeout(20):
            while True:
                try:
                    third = await sockets.enter_async_context(client.ws_connect(served.url + "/ws"))
                    break
                except aiohttp.WSServerHandshakeError:
                    await asyncio.sleep(0.05)
        assert await shown(third)


@pytest.mark.parametrize("leaving", ["close", "vanish"])
async def test_a_process_that_ignores_signals_is_killed_after_its_browser_has_gone(leaving: str) -> None:
    async with serving(program=STUBBORN) as served, browser(served) as client:
        dashboard = await client.ws_connect(served.url + "/ws")
        pid = int(await shown(dashboard))
        assert is_running(pid)
        if leaving == "close":
            await dashboard.close()
        else:
            await client.close()
        await eventually(lambda: not is_running(pid))
        await dashboard.close()  # what is left of it here


async def test_a_process_that_ends_by_itself_ends_the_session() -> None:
    program = "import os; os.write(1, b'__GANGLION__\\n')"
    async with (
        serving(program=program) as served,
        browser(served) as client,
        client.ws_connect(served.url + "/ws") as dashboard,
    ):
        assert await closed(dashboard) == aiohttp.WSCloseCode.OK


async def test_a_dashboard_that_cannot_start_shows_the_reason(capsys: pytest.CaptureFixture[str]) -> None:
    program = "import sys; sys.exit('clawtui: the root is \\x1b[31m gone')"
    async with serving(program=program) as served, browser(served) as client:
        async with client.ws_connect(served.url + "/ws") as dashboard:
            await closed(dashboard)
        message = capsys.readouterr().err
        assert "the root is" in message
        assert "\x1b" not in message


async def test_connections_that_ask_for_nothing_are_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "FIRST_REQUEST", 0.2)
    monkeypatch.setattr(listener, "NEXT_REQUEST", 0.2)
    async with serving() as served, browser(served) as client:
        reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
        assert await asyncio.wait_for(reader.read(), 20) == b""
        writer.close()
        reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
        writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b"403" in await asyncio.wait_for(reader.readline(), 20)
        await asyncio.wait_for(reader.read(), 20)
        writer.close()
        async with client.ws_connect(served.url + "/ws") as dashboard:
            await shown(dashboard)
            # A later connection without a request is ended: the time that one of them may be idle has passed.
            reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
            assert await asyncio.wait_for(reader.read(), 20) == b""
            writer.close()
            await dashboard.send_str('["stdin", "a"]')
            assert await shown(dashboard) == "Da", "a websocket is in use as long as it lasts"


async def test_idle_connections_do_not_keep_an_operator_out() -> None:
    async with serving() as served, browser(served) as client:
        before = open_descriptors()
        idle = [await asyncio.open_connection("127.0.0.1", served.port) for _ in range(400)]
        try:
            async with client.ws_connect(served.url + "/ws") as dashboard:
                assert await shown(dashboard)
                ours = open_descriptors() - before - len(idle)
                assert ours <= listener.MOST_CONNECTIONS + 10
        finally:
            for _, writer in idle:
                writer.close()


@pytest.mark.skipif(sys.platform != "linux", reason="prlimit is Linux's")
def test_without_descriptors_it_waits_until_there_are_some(tmp_path: Path) -> None:
    (tmp_path / "automations").mkdir()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with started("--root", str(tmp_path), "serve", "--port", str(port)) as server:
        assert server.stdout is not None
        lines_of(server.stdout, 1)
        process = psutil.Process(server.pid)
        wait_until(lambda: _answer(port), 20)
        limits = resource.prlimit(server.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (process.num_fds(), limits[1]))
        with socket.create_connection(("127.0.0.1", port)) as waiting:
            waiting.settimeout(20)
            waiting.sendall(b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")
            assert server.stderr is not None
            wait_until(lambda: "too many open files" in server.stderr.readline(), 20)  # type: ignore[union-attr]
            assert server.poll() is None
            resource.prlimit(server.pid, resource.RLIMIT_NOFILE, limits)
            assert waiting.recv(100).startswith(b"HTTP/1.0 403")


def _answer(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")
            return connection.recv(100).startswith(b"HTTP/1.0 403")
    except OSError:
        return False
