"""Repository locks and the keys that they go by."""

from __future__ import annotations

import string
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from clawtui.model.documents.lock import RepositoryLock, flat_lock_name, normalize_repo_key
from tests.model.samples import read


@pytest.mark.parametrize(
    "address",
    [
        "https://github.com/User/Repo.git",
        "git@github.com:User/Repo.git",
        "HTTPS://GITHUB.COM/USER/REPO",
        "http://github.com/user/repo",
        "https://github.com/user/repo/",
        "https://github.com/user/repo.git/",
        "https://github.com/user/repo.GIT",
        "https://user:token@github.com/user/repo.git",
        "https://github.com:443/user/repo.git",
        "ssh://git@github.com/user/repo.git",
        "ssh://git@github.com:22/user/repo.git",
        "SSH://GIT@GITHUB.COM:22/USER/REPO.GIT/",
        "git://github.com/user/repo",
        "git+ssh://git@github.com/user/repo",
        "github.com:user/repo.git",
        "git@github.com:/user/repo.git",
        "github.com/user/repo",
        "  https://github.com/user/repo.git\n",
    ],
)
def test_every_address_of_a_repository_has_one_key(address: str) -> None:
    assert normalize_repo_key(address) == "github.com/user/repo"


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("https://gitlab.example.com:8443/group/sub/repo.git", "gitlab.example.com/group/sub/repo"),
        ("https://example.com/a.git/b", "example.com/a.git/b"),
        ("git@host:repo", "host/repo"),
        ("host:8080/repo", "host/8080/repo"),
        ("https://example.com/u/digit", "example.com/u/digit"),
        ("https://example.com", "example.com"),
        ("file:///srv/git/repo.git", "file:///srv/git/repo"),
        ("", ""),
    ],
)
def test_the_key_keeps_what_distinguishes_repositories(address: str, key: str) -> None:
    assert normalize_repo_key(address) == key


pieces = st.sampled_from(
    [
        "https://",
        "ssh://",
        "git@",
        "user:pw@",
        "github.com",
        "host",
        ":22",
        ":",
        "/",
        "//",
        "@",
        ".git",
        ".GIT",
        " ",
        "r",
    ]
)
addresses = st.lists(pieces, max_size=10).map("".join) | st.text(string.printable, max_size=30)


@given(addresses)
@example("http://host:22.git")
@example("ssh://.git")
@example("r.git.git")
@example("git@ https://")
def test_a_key_is_its_own_key(address: str) -> None:
    key = normalize_repo_key(address)
    assert normalize_repo_key(key) == key


@given(addresses)
def test_a_key_ignores_case(address: str) -> None:
    key = normalize_repo_key(address)
    assert normalize_repo_key(address.upper()) == key
    assert normalize_repo_key(address.lower()) == key


def test_two_keys_can_share_one_flat_name() -> None:
    assert flat_lock_name("github.com/user/repo") == "github.com-user-repo.lock"
    assert flat_lock_name("a-b/c") == flat_lock_name("a/b-c")


def test_a_lock_expires_when_it_is_older_than_the_timeout() -> None:
    acquired = datetime(2025, 1, 26, 10, 30, tzinfo=UTC)
    lock = read(RepositoryLock, acquiredAt="2025-01-26T12:30:00+02:00")
    timeout = timedelta(hours=4)
    assert lock.age(acquired + timedelta(minutes=7)) == timedelta(minutes=7)
    assert not lock.expired(acquired + timeout, timeout)
    assert lock.expired(acquired + timeout + timedelta(milliseconds=1), timeout)


def test_a_lock_from_a_clock_ahead_has_a_negative_age_and_is_not_expired() -> None:
    lock = read(RepositoryLock)
    before = lock.acquired_at - timedelta(minutes=5)
    assert lock.age(before) == timedelta(minutes=-5)
    assert not lock.expired(before, timedelta(0))
