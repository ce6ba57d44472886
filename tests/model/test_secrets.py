"""What is masked, what is not, and that it takes no longer than it must."""

from __future__ import annotations

import gc
import time

import pytest

from clawtui.model.secrets import MASK, StillMasked, is_secret_name, mask, masked, masked_places, restored

LETTERS = "Ab3dE" * 9

HIDDEN = [
    ("https://sam:hunter2@example.com/x", f"https://sam:{MASK}@example.com/x"),
    ("ssh://sam:p@ss@example.com", f"ssh://sam:{MASK}@example.com"),
    ("https://u:p/q@example.com/x", f"https://u:{MASK}@example.com/x"),
    (r"https:\/\/u:X@example.com\/x", rf"https:\/\/u:{MASK}@example.com\/x"),
    ("https%3A%2F%2Fu:X@example.com", f"https%3A%2F%2Fu:{MASK}@example.com"),
    ("to=https%3a%2f%2fu%3AX%40example.com%2Fx", f"to=https%3a%2f%2fu%3A{MASK}%40example.com%2Fx"),
    ("git clone sam:X1@github.com/x", f"git clone sam:{MASK}@github.com/x"),
    (f"https://{LETTERS}@github.com/x", f"https://{MASK}@github.com/x"),
    ('{"token":"X", "n": 1}', f'{{"token":"{MASK}", "n": 1}}'),
    ('{"clientSecretValue" : "a\\"b"}', f'{{"clientSecretValue" : "{MASK}"}}'),
    ('{"password": 12345678}', f'{{"password": "{MASK}"}}'),
    ("{'jwt': 'X'}", f"{{'jwt': '{MASK}'}}"),
    (r'"{\"token\":\"X\",\"n\":\"1\"}"', rf'"{{\"token\":\"{MASK}\",\"n\":\"1\"}}"'),
    (r"{\\\"apiKey\\\": \\\"X\\\"}", rf"{{\\\"apiKey\\\": \\\"{MASK}\\\"}}"),
    (r"{\"token\":\"a\\\"b\"}", rf"{{\"token\":\"{MASK}\"}}"),
    ("DB_PASSWORD=X --token=Y", f"DB_PASSWORD={MASK} --token={MASK}"),
    ("token='a b' c", f"token={MASK} c"),
    (r'{"cmd": "token=X\" y"}', rf'{{"cmd": "token={MASK}\" y"}}'),
    (r'"token=\"X\" y"', f'"token={MASK} y"'),
    ("curl --password hunter2 x", f"curl --password {MASK} x"),
    ('curl --api-key "X Y1" x', f"curl --api-key {MASK} x"),
    ("password: hunter222", f"password: {MASK}"),
    ("GITHUB_PAT=abc", f"GITHUB_PAT={MASK}"),
    ("Authorization: Bearer abcdefgh", f"Authorization: Bearer {MASK}"),
    ("Authorization: Basic dXNlcjpwYXNz", f"Authorization: Basic {MASK}"),
    (f"it was eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.{LETTERS}!", f"it was {MASK}!"),
    (f"ghp_{LETTERS} github_pat_{LETTERS} sk-{LETTERS}", f"{MASK} {MASK} {MASK}"),
    (f"glpat-{LETTERS} xoxb-{LETTERS} AKIA{'A1' * 8} AIza{LETTERS}", f"{MASK} {MASK} {MASK} {MASK}"),
    ("-----BEGIN RSA PRIVATE KEY-----\nx\n-----END RSA PRIVATE KEY-----\ny", f"{MASK}\ny"),
]

SEEN = [
    "https://github.com/x/y.git",
    "git@github.com:x/y.git",
    "ssh://git@github.com/x",
    "http://localhost:5000/@scope/x",
    "http://[::1]:80/@scope",
    "git+https://github.com:org/repo@v1.2",
    "mailto:sam@example.com/x",
    "npm:left-pad@example.com/x",
    "see https://example.com, by sam@example.com at 12:30",
    "tokenCount=12 max_tokens: 4096000000 key=value",
    '"tokenCount": 12, "tokens": 1200, "token": null, "auth": true',
    "token: abcdefghijk",
    "pass --password option, or --token to authenticate",
    "--token $TOKEN --password <password>",
    "basic authentication failed",
    "Token refreshed; token expired.",
    "token read/write access",
    "the path of a keyboard: 12345678",
    "eyJ is how it begins",
    "path=/usr/bin",
    f"{MASK} token={MASK} password: {MASK}",
]


@pytest.mark.parametrize(("text", "expected"), HIDDEN)
def test_a_secret_is_masked_and_nothing_beside_it(text: str, expected: str) -> None:
    assert mask(text) == expected
    assert mask(expected) == expected
    assert mask(f"x {text}") == f"x {expected}"


@pytest.mark.parametrize("text", SEEN)
def test_what_is_no_secret_is_seen(text: str) -> None:
    assert mask(text) == text


def test_a_name_is_told_by_its_last_words() -> None:
    for name in ("apiToken", "DB_PASSWORD", "tokenValue", "clientSecretValue", "jwt", "bearer", "x" * 99 + "ApiKey"):
        assert is_secret_name(name), name
    for name in ("", "value", "key", "tokenCount", "keyValue", "maxTokens", "mytoken"):
        assert not is_secret_name(name), name


def test_what_is_below_a_secret_name_is_masked() -> None:
    document = {
        "secrets": {"github": "X", "more": {"deep": ["Y"]}},
        "token": {"value": "X", "expires": 5, "renewed": True, "by": None, "empty": ""},
        "credentials": [{"user": "sam", "pin": 1234}],
        "password": 12345678,
        "name": "sam",
    }
    assert masked(document) == {
        "secrets": {"github": MASK, "more": {"deep": [MASK]}},
        "token": {"value": MASK, "expires": MASK, "renewed": True, "by": None, "empty": ""},
        "credentials": [{"user": MASK, "pin": MASK}],
        "password": MASK,
        "name": "sam",
    }
    assert list(masked_places(masked(document))) == [
        "secrets.github",
        "secrets.more.deep[0]",
        "token.value",
        "token.expires",
        "credentials[0].user",
        "credentials[0].pin",
        "password",
    ]


def test_a_number_of_tokens_is_seen() -> None:
    document = {"tokens": {"input": 12, "each": [1, 2]}, "maxTokens": 4096, "tokenCount": 1, "items": [{"n": 1}]}
    assert masked(document) == document


def test_what_was_masked_is_restored_from_its_place() -> None:
    document = {
        "secrets": {"github": "X", "count": 2},
        "tokens": ["X", {"a": "Y", "n": 3}],
        "token": {"value": 5, "url": "https://u:p@h"},
        "list": [[{"password": 7}], "https://u:p@h/x"],
    }
    hidden = masked(document)
    assert hidden != document
    assert restored(hidden, document) == document
    assert masked(hidden) == hidden
    with pytest.raises(StillMasked, match=r"^secrets\.github$"):
        restored(hidden, {})
    with pytest.raises(StillMasked, match=r"^token\.value$"):
        restored({"token": {"value": MASK}}, {"token": {"value": None}})


HOSTILE = [
    *("a-", "a.", "a", "A", "@", ":", "=", "-", "--", "\\", '"', "'", "/", "%", " ", "\n", "a:", "a=", "a@", "--a "),
    *(
        "key:",
        "key: ",
        "key:\\",
        "password: ",
        "password: 1",
        "key: aaaaaaaa",
        "token=",
        "token='",
        'token="',
        "token=\\",
    ),
    *('"token":', '"token":"', "'token':\"", '"token":\'', '"token":"\\', '\\"token\\":\\"', '\\"token\\":\\\\\\"'),
    *(
        "http://",
        "http://a",
        "http://a:",
        "http://a:b/",
        "http:\\/\\/a:",
        "https%3A%2F%2F",
        "%3A%2F%2Fa:",
        "u:p@",
        "u:p@a.",
    ),
    *("token ", "bearer ", "--token ", '--token "', "--a--token", "sk-", "xoxb-", "ghp_", "AKIA", "eyJ", "eyJ-"),
    *("eyJaaaaaaaaaa.", "-eyJaaaaaaaaaa", "-----BEGIN ", "-----BEGIN PRIVATE KEY-----", "-----END A", "a1B2c3D4"),
]

HINTED = "key token :// @ %3a%2f%2f private key----- "
"""Makes every pattern look at what follows."""


def effort(text: str) -> float:
    """The least processor time of several that masking ``text`` took: what else runs meanwhile only adds to it."""
    efforts = []
    for _ in range(5):
        begun = time.process_time()
        mask(text)
        efforts.append(time.process_time() - begun)
    return min(efforts)


@pytest.mark.parametrize("piece", HOSTILE)
def test_the_time_it_takes_is_linear_in_the_text(piece: str) -> None:
    few = 24_000 // len(piece)
    gc.collect()
    # Linear is 4, quadratic 16; a disturbed measurement is taken again, which does not help what is quadratic.
    ratios = []
    for _ in range(5):
        ratios.append(effort(HINTED + piece * (4 * few)) / effort(HINTED + piece * few))
        if ratios[-1] <= 12:
            return
    pytest.fail(f"four times the text took {min(ratios):.1f} times as long")
