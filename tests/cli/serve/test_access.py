"""Who gets a dashboard in the browser, and under which names the server is reached."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import aiohttp
import psutil
import pytest

from clawtui.cli.framework.context import Invocation
from clawtui.model.errors import Refused
from clawtui.operations.user.actor import BROWSER, this_actor
from tests.cli.calls import Caller
from tests.cli.processes import lines_of, run, started
from tests.cli.serve.servers import browser, serving, shown


async def test_without_the_token_nothing_is_served_and_no_process_starts() -> None:
    before = psutil.Process().children(recursive=True)
    async with serving() as served, aiohttp.ClientSession() as stranger:
        for path in ("/", "/?token=guess", "/static/js/textual.js", "/ws", "/nothing"):
            async with stranger.get(served.url + path, allow_redirects=False) as answer:
                assert answer.status == 403, path
                assert "clawtui serve" in await answer.text()
        for cookies in ({}, {served.guard.cookie_name: served.guard.token}):
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await stranger.ws_connect(served.url + "/ws", headers=_cookie(cookies))
            assert refused.value.status == 403
        assert set(psutil.Process().children(recursive=True)) <= {*before}


async def test_the_token_gives_a_cookie_and_the_cookie_the_dashboard() -> None:
    async with serving() as served, aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as client:
        async with client.get(f"{served.url}/?token={served.guard.token}", allow_redirects=False) as answer:
            assert (answer.status, answer.headers["Location"]) == (303, "/")
            cookie = answer.headers["Set-Cookie"]
            assert "HttpOnly" in cookie
            assert "SameSite=Strict" in cookie
            assert served.guard.token not in cookie
        async with client.get(served.url) as answer:
            assert answer.status == 200
            address = _socket_address(await answer.text())
        async with client.ws_connect(address + "?width=100&height=30", origin=served.url) as dashboard:
            assert (await shown(dashboard)).startswith("100x30 127.0.0.1 ")
            await dashboard.send_str('["stdin", "é"]')
            assert await shown(dashboard) == "Dé"


async def test_no_page_may_have_it_in_a_frame() -> None:
    async with serving() as served, browser(served) as client, aiohttp.ClientSession() as stranger:
        for asking in (client, stranger):
            async with asking.get(served.url) as answer:
                assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
                assert answer.headers["X-Frame-Options"] == "DENY"
                assert answer.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
async def test_another_site_s_name_for_this_machine_opens_nothing(host: str) -> None:
    async with serving(host) as served, browser(served) as client:
        rebound = {"Host": "evil.example", "Origin": "http://evil.example"} | _cookie(served.cookies)
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await client.ws_connect(served.url + "/ws", headers=rebound)
        assert refused.value.status == 403
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await client.ws_connect(served.url + "/ws", origin="https://evil.example")


async def test_a_name_that_was_allowed_opens_it() -> None:
    async with serving("0.0.0.0", allowed_hosts=["gateway.example"]) as served, browser(served) as client:
        headers = {"Host": "gateway.example", "Origin": "http://gateway.example"} | _cookie(served.cookies)
        async with client.ws_connect(served.url + "/ws", headers=headers) as dashboard:
            assert await shown(dashboard)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost", "0.0.0.0"])
async def test_each_address_that_it_may_listen_at_works(host: str) -> None:
    if host == "::1" and not _has_ipv6():
        pytest.skip("there is no IPv6 here")
    async with serving(host) as served, browser(served) as client:
        async with client.get(served.url, headers=_cookie(served.cookies)) as answer:
            assert answer.status == 200, await answer.text()
            address = _socket_address(await answer.text())
        assert address == served.url.replace("http:", "ws:") + "/ws"
        async with client.ws_connect(address, origin=served.url, headers=_cookie(served.cookies)) as dashboard:
            assert await shown(dashboard)


async def test_behind_a_tunnel_with_another_port_the_page_talks_to_that_port() -> None:
    async with serving() as served, browser(served) as client:
        here = {"Host": "localhost:9999"} | _cookie(served.cookies)
        async with client.get(served.url, headers=here) as answer:
            assert _socket_address(await answer.text()) == "ws://localhost:9999/ws"
        here["Origin"] = "http://localhost:9999"
        async with client.ws_connect(served.url + "/ws", headers=here) as dashboard:
            assert await shown(dashboard)


def test_another_account_of_this_machine_sees_nothing(tmp_path: Path) -> None:
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("curl is not installed")
    (tmp_path / "automations").mkdir()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with started("--root", str(tmp_path), "serve", "--port", str(port)) as server:
        assert server.stdout is not None
        (address,) = lines_of(server.stdout, 1)
        assert re.fullmatch(rf"http://127\.0\.0\.1:{port}/\?token=[\w-]{{43}}", address)
        asking = [curl, "-sS", "-o", "/dev/null", "-w", "%{http_code}"]
        for path, status in (("", "403"), ("/ws", "403")):
            other = [*asking, f"http://127.0.0.1:{port}{path}"]
            seen = subprocess.run(other, user=12345 if not _is_user() else None, capture_output=True, check=True)
            assert seen.stdout == status.encode()
        assert subprocess.run([*asking, address], capture_output=True, check=True).stdout == b"303"
        arguments = " ".join(psutil.Process(server.pid).cmdline())
        assert address.partition("token=")[2] not in arguments, "every account sees a process's arguments"


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    (tmp_path / "automations").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = run("--root", str(tmp_path), "serve", "--port", str(port))
    assert (answer.returncode, answer.stdout) == (1, "")
    assert f"port {port} of 127.0.0.1 is taken by another program" in answer.stderr
    assert "--port" in answer.stderr


@pytest.mark.parametrize(
    ("host", "expected"), [("192.0.2.1", "not an address of this machine"), ("no.invalid", "no host")]
)
def test_a_host_that_is_not_here_is_named(call: Caller, host: str, expected: str) -> None:
    answer = call("serve", "--host", host, "--port", "18999")
    assert answer.status == 1
    assert expected in answer.err
    assert host in answer.err


def test_the_dashboard_is_read_only_by_default(tmp_path: Path) -> None:
    from clawtui.cli.serve.command import served_command

    invocation = Invocation(root=str(tmp_path / "a b"))
    assert served_command(invocation, False)[1:] == ["-m", "clawtui", "--read-only", "--root", str(tmp_path / "a b")]
    assert "--read-write" in served_command(invocation, True)


def test_serve_allows_no_changes_where_none_are_allowed(call: Caller) -> None:
    assert call("serve", "--allow-changes", read_only=True).status == 3
    with pytest.raises(Refused):
        Invocation(read_only=True).require_changes_allowed()


def test_serve_without_its_extra_prints_how_to_install_it(tmp_path: Path) -> None:
    hidden = "import sys; sys.modules['textual_serve'] = None; from clawtui.cli.main import main; main()"
    command = [sys.executable, "-c", hidden, "--root", str(tmp_path), "serve", "--port", "18998"]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert answer.returncode == 1
    assert "pip install 'clawtui[serve]'" in answer.stderr
    assert len(answer.stderr.splitlines()) == 2


def test_the_audit_has_the_browser_of_an_act() -> None:
    actor = this_actor({BROWSER: "10.0.0.9"})
    assert actor.browser == "10.0.0.9"
    assert actor.text.endswith(" by browser, 10.0.0.9")
    assert this_actor({}).browser is None


def _socket_address(page: str) -> str:
    found = re.search(r'data-session-websocket-url="([^"]+)"', page)
    assert found is not None
    return found[1]


def _cookie(cookies: dict[str, str]) -> dict[str, str]:
    """Return the header: the cookie jar of the client binds cookies to names, which these tests change."""
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())} if cookies else {}


def _is_user() -> bool:
    import os

    return os.geteuid() != 0


def _has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True
