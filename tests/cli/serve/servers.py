"""A server in this process over a small program that speaks as a dashboard does, and browsers without a window."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

pytest.importorskip("textual_serve", reason="the extra [serve] is not installed")

from clawtui.cli.serve.listener import addresses, expected_hosts, listen
from clawtui.cli.serve.origin_guard import OriginGuard
from clawtui.cli.serve.server import MOST_SESSIONS, WebServer

ECHO = """
import os, signal, struct, sys
def show(data): os.write(1, b"D" + struct.pack(">I", len(data)) + data)
os.write(1, b"__GANGLION__\\n")
show(f"{os.environ['COLUMNS']}x{os.environ['ROWS']} {os.environ['CLAWTUI_BROWSER']} {os.getpid()}".encode())
while head := sys.stdin.buffer.read(5):
    show(head[:1] + sys.stdin.buffer.read(int.from_bytes(head[1:], "big")))
"""
"""Shows its size, its browser and its process, then each packet that it gets."""

STUBBORN = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.write(1, b"__GANGLION__\\nD\\0\\0\\0\\5" + b"%05d" % os.getpid())
while True: time.sleep(60)
"""
"""Reads nothing, and ends by no signal that can be ignored."""


@dataclass(frozen=True)
class Served:
    """The address of a server, and the token that opens it."""

    server: WebServer
    guard: OriginGuard
    port: int
    url: str

    @property
    def cookies(self) -> dict[str, str]:
        return {self.guard.cookie_name: self.guard.cookie}


@asynccontextmanager
async def serving(
    host: str = "127.0.0.1",
    program: str = ECHO,
    allowed_hosts: Sequence[str] = (),
    most_sessions: int = MOST_SESSIONS,
) -> AsyncIterator[Served]:
    """Yield a running server, at a port of its own."""
    sockets = listen(host, 0)
    port = sockets[0].getsockname()[1]
    guard = OriginGuard([*expected_hosts(host), *allowed_hosts])
    server = WebServer([sys.executable, "-c", program], guard, most_sessions=most_sessions)
    task = asyncio.create_task(server.serve(sockets))
    try:
        yield Served(server, guard, port, addresses(host, port)[-1])
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def browser(served: Served) -> AsyncIterator[aiohttp.ClientSession]:
    """Yield a browser that has the cookie."""
    async with aiohttp.ClientSession(cookies=served.cookies, cookie_jar=aiohttp.CookieJar(unsafe=True)) as client:
        yield client


async def shown(socket: aiohttp.ClientWebSocketResponse) -> str:
    """Return the next output for the terminal."""
    message = await asyncio.wait_for(socket.receive(), 20)
    assert message.type is aiohttp.WSMsgType.BINARY, message
    return bytes(message.data).decode()


async def closed(socket: aiohttp.ClientWebSocketResponse) -> int | None:
    """Return the code with which the server closes; ignore what it shows until then."""
    async with asyncio.timeout(20):
        while (await socket.receive()).type in (aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT):
            pass
    code = socket.close_code
    assert code is None or isinstance(code, int)
    return code


async def eventually(condition: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until ``condition`` holds."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.02)


def is_running(pid: int) -> bool:
    """Return whether the process is there and is no zombie."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):  # the second when it ends between the opening and the reading
        return False


def open_descriptors() -> int:
    """Return the number of open descriptors of this process."""
    return len(list(Path("/proc/self/fd").iterdir()))
