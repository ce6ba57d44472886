"""Which requests may be of our own page, from their headers alone."""

from __future__ import annotations

import pytest

from clawtui.cli.serve.origin_guard import OriginGuard, is_loopback


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("10.0.0.7", False), ("a", False)],
)
def test_addresses_of_this_machine_alone_are_recognized(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


@pytest.mark.parametrize(
    ("host", "origin", "own"),
    [
        ("localhost:8000", None, True),
        ("LocalHost.:8000", None, True),
        ("127.0.0.1", "http://127.0.0.1", True),
        ("127.0.0.2:8000", "http://127.0.0.2:8000", True),
        ("[::1]:8000", "http://[::1]:8000", True),
        ("localhost:9999", "http://localhost:9999", True),
        ("10.0.0.7:8000", "http://10.0.0.7:8000", True),
        ("gateway.example:8000", "https://gateway.example:8000", True),
        ("localhost:8000", "http://localhost:9999", False),
        ("127.0.0.1:8000", "http://localhost:8000", False),
        ("localhost:8000", "https://evil.example", False),
        ("localhost:8000", "null", False),
        ("evil.example:8000", "http://evil.example:8000", False),
        ("10.0.0.8:8000", None, False),
        ("localhost.evil.example", None, False),
        ("localhost@evil.example", None, False),
        ("localhost/../evil", None, False),
        ("localhost:port", None, False),
        ("[::1", None, False),
        ("", None, False),
        (None, None, False),
    ],
)
def test_pages_of_other_sites_are_refused(host: str | None, origin: str | None, own: bool) -> None:
    guard = OriginGuard(["Gateway.example"])
    assert (guard.refusal(host, origin, "::ffff:10.0.0.7") is None) is own


def test_a_refused_host_is_named_with_the_way_to_allow_it() -> None:
    refusal = OriginGuard().refusal("dashboard.lan:8000", None, "10.0.0.7")
    assert refusal is not None
    assert "dashboard.lan" in refusal
    assert "--allowed-host" in refusal


def test_token_and_cookie_are_new_for_each_server_and_not_each_other() -> None:
    one, other = OriginGuard(), OriginGuard()
    assert one.is_token(one.token)
    assert one.is_cookie(one.cookie)
    for wrong in (other.token, one.cookie, "", "ü", None):
        assert not one.is_token(wrong)
    for wrong in (other.cookie, one.token, "", "ü", None):
        assert not one.is_cookie(wrong)
    assert one.cookie_name != other.cookie_name
    assert len(one.token) > 40
