"""A guard for what is served: only its own page may talk to it, not any page that the browser happens to show."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")


def is_own(host: str | None, origin: str | None, allowed: frozenset[str] | None) -> bool:
    """Whether a request is of our own page.

    ``host`` and ``origin`` are what it says of itself; ``allowed`` the hosts that may be asked for, all where None:
    another name that leads to this machine is how a stranger's page would come past the origin.
    """
    if host is None or (allowed is not None and host not in allowed):
        return False
    # The page talks to the first name of this machine by which it was made, whichever it was asked for by.
    return origin is None or origin.partition("://")[2] in (allowed or {host})


def guard(server: Any, port: int, *, loopback: bool) -> None:
    """Has the server of textual-serve refuse what is not of its own page."""
    from aiohttp import web

    allowed = frozenset(f"{name}:{port}" for name in LOOPBACK_NAMES) if loopback else None
    make_app = server._make_app

    async def own_pages_only(request: Any, handler: Callable[[Any], Awaitable[Any]]) -> Any:
        if not is_own(request.headers.get("Host"), request.headers.get("Origin"), allowed):
            raise web.HTTPForbidden(text="This dashboard is for its own page only.")
        return await handler(request)

    async def guarded_app() -> Any:
        app = await make_app()
        app.middlewares.append(web.middleware(own_pages_only))
        return app

    server._make_app = guarded_app
