"""The web server: the page of textual-serve, and a dashboard process for each browser."""

from __future__ import annotations

import asyncio
import errno
import json
import logging
import signal
import socket
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Final

import jinja2
import textual_serve
from aiohttp import WSCloseCode, WSMsgType, web

from clawtui.cli.framework.output import say
from clawtui.cli.serve.listener import Connection, Connections
from clawtui.cli.serve.origin_guard import NO_TOKEN, OriginGuard
from clawtui.cli.serve.session import Session

MOST_SESSIONS: Final = 8
"""Dashboards at a time; each is a process."""

MOST_MESSAGE: Final = 64 * 1024
"""Bytes of one message from the browser: keys and pasted text."""

MOST_A_SECOND: Final = 500
"""Messages from a browser per second; further ones wait."""

_HEARTBEAT: Final = 10.0
"""Seconds between two pings to the browser, which has half of that to answer."""

_SHUTDOWN: Final = 6.0

_HEADERS: Final = {
    "Content-Security-Policy": "frame-ancestors 'none'; base-uri 'none'; form-action 'none'; object-src 'none'",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}

_SCARCE: Final = (errno.EMFILE, errno.ENFILE)

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class WebServer:
    """The web server, which runs ``command`` with a dashboard for each browser that ``guard`` admits."""

    def __init__(self, command: Sequence[str], guard: OriginGuard, *, most_sessions: int = MOST_SESSIONS) -> None:
        self._command = command
        self._guard = guard
        self._most_sessions = most_sessions
        self._sockets: set[web.WebSocketResponse] = set()
        self._connections = Connections()
        assets = Path(textual_serve.__file__).parent
        self._static = assets / "static"
        # Read at the start: later there may be no descriptor left to read it with.
        self._page = jinja2.Environment(autoescape=True).from_string((assets / "templates/app_index.html").read_text())

    async def serve(self, sockets: Sequence[socket.socket]) -> None:
        """Serve at the listening ``sockets`` until SIGINT or SIGTERM; then end every dashboard."""
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(_say_once())
        stopped = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stopped.set)
        quiet = logging.Logger("clawtui.serve", logging.CRITICAL + 1)
        runner = web.AppRunner(self.application(), access_log=None, logger=quiet, shutdown_timeout=_SHUTDOWN)
        await runner.setup()
        make_handler = runner.server
        assert make_handler is not None
        servers = [
            await loop.create_server(lambda: Connection(make_handler, self._connections), sock=each) for each in sockets
        ]
        try:
            await stopped.wait()
        finally:
            for server in servers:
                server.close()
            await runner.cleanup()

    def application(self) -> web.Application:
        """Return the application that aiohttp serves."""

        async def admit(request: web.Request, handler: _Handler) -> web.StreamResponse:
            return await self._admit(request, handler)

        application = web.Application(middlewares=[web.middleware(admit)], client_max_size=1024)
        application.add_routes([web.get("/", self._index), web.get("/ws", self._websocket)])
        application.router.add_static("/static", self._static)
        application.on_response_prepare.append(_add_headers)
        application.on_shutdown.append(self._close_all)
        return application

    async def _admit(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        """Answer a request that has the cookie; exchange the token for the cookie; refuse all others."""
        connection = request.transport.get_protocol() if request.transport is not None else None
        if isinstance(connection, Connection):
            connection.begin_request()
        try:
            self._require_own_origin(request)
            if request.path == "/" and self._guard.is_token(request.query.get("token")):
                return self._with_cookie()
            if not self._guard.is_cookie(request.cookies.get(self._guard.cookie_name)):
                raise web.HTTPForbidden(text=NO_TOKEN + "\n")
            return await handler(request)
        except OSError as error:
            if error.errno not in _SCARCE:
                raise
            raise web.HTTPServiceUnavailable(text="Too many files are open.\n", headers={"Retry-After": "2"}) from error
        finally:
            if isinstance(connection, Connection):
                connection.end_request()

    def _require_own_origin(self, request: web.Request) -> None:
        name = request.transport.get_extra_info("sockname") if request.transport is not None else None
        headers = request.headers
        refusal = self._guard.refusal(headers.get("Host"), headers.get("Origin"), name[0] if name else None)
        if refusal is not None:
            raise web.HTTPForbidden(text=refusal + "\n")

    def _with_cookie(self) -> web.Response:
        response = web.Response(status=303, headers={"Location": "/", "Cache-Control": "no-store"})
        response.set_cookie(self._guard.cookie_name, self._guard.cookie, path="/", httponly=True, samesite="Strict")
        return response

    async def _index(self, request: web.Request) -> web.Response:
        size = request.query.get("fontsize", "")
        page = self._page.render(
            font_size=int(size) if size.isascii() and size.isdigit() and len(size) < 4 else 16,
            # The name that the browser uses for this server, which is a different one behind `ssh -L`.
            app_websocket_url=f"ws://{request.headers['Host']}/ws",
            config={"static": {"url": "/static/"}},
            application={"name": "clawtui"},
        )
        return web.Response(text=page, content_type="text/html", headers={"Cache-Control": "no-store"})

    async def _websocket(self, request: web.Request) -> web.StreamResponse:
        if len(self._sockets) >= self._most_sessions:
            raise web.HTTPServiceUnavailable(text=f"{self._most_sessions} dashboards are open: close one first.\n")
        browser = web.WebSocketResponse(heartbeat=_HEARTBEAT, max_msg_size=MOST_MESSAGE, timeout=1.0)
        self._sockets.add(browser)
        try:
            await browser.prepare(request)
            session = Session(self._command, request.remote or "unknown", browser.send_bytes)
            try:
                await session.start(_number(request.query.get("width"), 80), _number(request.query.get("height"), 24))
                await _converse(browser, session)
            except OSError as error:
                say(f"no dashboard could be started for {request.remote}: {(error.strerror or str(error)).lower()}")
                await browser.close(code=WSCloseCode.TRY_AGAIN_LATER)
            finally:
                session.kill()
        finally:
            self._sockets.discard(browser)
        return browser

    async def _close_all(self, _: web.Application) -> None:
        closing = [each.close(code=WSCloseCode.GOING_AWAY) for each in self._sockets]
        await asyncio.gather(*closing, return_exceptions=True)


async def _converse(browser: web.WebSocketResponse, session: Session) -> None:
    """Forward messages both ways until one side ends, then end the other side."""
    showing = asyncio.create_task(session.run())
    typing = asyncio.create_task(_forward_input(browser, session))
    try:
        await asyncio.wait((showing, typing), return_when=asyncio.FIRST_COMPLETED)
        if session.failure is not None:
            say(session.failure)
    finally:
        typing.cancel()
        await session.stop()
        showing.cancel()
        results = await asyncio.gather(typing, showing, return_exceptions=True)
        code = WSCloseCode.POLICY_VIOLATION if isinstance(results[0], ValueError) else WSCloseCode.OK
        await browser.close(code=code)


async def _forward_input(browser: web.WebSocketResponse, session: Session) -> None:
    """Forward messages of the browser. Raises ValueError for one that the page does not send; OSError, TimeoutError."""
    async for message in browser:
        if message.type is not WSMsgType.TEXT:
            continue
        await asyncio.sleep(1 / MOST_A_SECOND)
        match json.loads(message.data):
            case ["stdin", str(text)]:
                await session.type(text)
            case ["resize", {"width": int(width), "height": int(height)}]:
                await session.resize(width, height)
            case ["ping", str() | int() | float() as value]:
                await browser.send_json(["pong", value])
            case ["focus" | "blur" as kind, *_]:
                await session.focus(kind == "focus")
            case _:
                raise ValueError("not a message of ours")


async def _add_headers(_: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(_HEADERS)


def _number(text: str | None, default: int) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 6 else default


def _say_once() -> Callable[[asyncio.AbstractEventLoop, dict[str, object]], None]:
    """Return an exception handler that prints each message once, in one line: any client can cause them."""
    printed: set[str] = set()

    def handle(_: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        error = context.get("exception")
        text = (error.strerror or str(error)) if isinstance(error, OSError) else str(error or context.get("message"))
        if text not in printed and len(printed) < 20:
            printed.add(text)
            say(f"the server goes on: {text.lower()}")

    return handle
