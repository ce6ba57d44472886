"""Decide from a name alone whether its value is a secret: ``apiToken`` and ``DB_PASS`` are, ``tokenCount`` is not.

The last words of a name decide, after qualifiers (``Base64``, ``_v2``, ``_PROD``) have been removed. A plain ``key`` is
not a secret: ``repoKey``, ``publicKey``, ``sessionKey`` and ``cacheKey`` identify something. It is one after certain
words (``sshKey``, ``accountKey``; see `KEY_OWNERS`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

SECRET_WORDS: Final = frozenset(
    {"token", "secret", "password", "passwd", "passphrase", "passcode", "pass", "pwd", "pw", "pat", "cookie", "auth"}
    | {"apikey", "credential", "credentials", "cred", "creds", "authorization", "bearer", "jwt", "psk", "otp", "totp"}
)
KEY_OWNERS: Final = frozenset(
    {"api", "access", "private", "priv", "secret", "signing", "encryption", "decryption", "crypto", "ssh", "account"}
    | {"auth", "service", "client", "db", "database", "app", "application", "master", "deploy", "shared", "storage"}
    | {"license", "webhook", "consumer", "subscription", "rsa", "pgp", "gpg", "hmac", "aes", "admin", "bot", "vapid"}
)
"""Words that make a ``key`` after them a secret."""

_PAIRS: Final = frozenset({("pass", "phrase"), ("pass", "word"), ("pass", "code")})
_QUALIFIERS: Final = frozenset(
    {"value", "val", "base", "b", "v", "hex", "enc", "encoded", "encrypted", "raw", "plain", "plaintext", "str"}
    | {"string", "prod", "production", "dev", "development", "staging", "sandbox", "old", "new", "prev", "previous"}
    | {"next", "primary", "secondary", "backup", "default", "override"}
)
_RUN_TOGETHER: Final = (
    *("password", "passwd", "passphrase", "secret", "token"),
    *(f"{owner}key" for owner in sorted(KEY_OWNERS) if len(owner) > 2 and owner not in ("app", "bot")),
)
"""The ends of secret names that are written without capitals or separators: ``clientsecret``."""
_COUNTABLE: Final = frozenset({"pass", "pw", "pat", "auth"})
"""Words whose number is a count or a flag if they are the whole name: ``pass: 12``."""

_HINTS: Final = ("token", "secret", "pass", "pwd", "key", "cred", "auth", "bearer", "cookie", "jwt", "psk", "otp")
_SHORT_HINTS: Final = re.compile(r"p(?:w|at)[=:\"'_ \\\]]")
_ENDINGS: Final = frozenset(
    word[-3:] for word in (*SECRET_WORDS, *_QUALIFIERS, "key", "phrase", "word", "code") if len(word) > 2
)

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")
LONGEST_NAME: Final = 64
"""The most characters of a name that are examined, counted from its end."""


def is_secret_name(name: str) -> bool:
    """Return whether a value with the name ``name`` is a secret."""
    return bool(_secret_words(name[-LONGEST_NAME:]))


def is_secret_number(name: str) -> bool:
    """Return whether a number with the name ``name`` is a secret: ``password`` is one, ``pass`` is a count."""
    words = _secret_words(name[-LONGEST_NAME:])
    return bool(words) and not (len(words) == 1 and words[0] in _COUNTABLE)


def may_have_secret_name(lowered: str) -> bool:
    """Return whether a text, given in lower case, may contain the name of a secret."""
    for hint in _HINTS:
        if hint in lowered:
            return True
    return _SHORT_HINTS.search(lowered) is not None


def may_end_secret_name(text: str, end: int) -> bool:
    """Return whether the name of a secret may end at ``end``, by the last three characters before it."""
    last = text[max(0, end - 3) : end].lower()
    return last in _ENDINGS or last[-2:] == "pw" or last[-1:].isdigit()


def behind_secret_name(separator: str) -> str:
    """Return a lookbehind for what may be the end of a secret's name and ``separator``, a class of one character."""
    by_first: dict[str, set[str]] = {}
    for ending in _ENDINGS:
        for spelled in (ending, ending.upper(), ending.capitalize()):
            by_first.setdefault(spelled[0], set()).add(spelled[1:])
    # Grouped by their first letters: so the engine excludes most texts with a single comparison, which it could not do
    # with a flag that ignores case.
    endings = "|".join(f"{first}(?:{'|'.join(sorted(rest))})" for first, rest in sorted(by_first.items()))
    return rf"(?:(?<=(?:{endings}|..[0-9]|.[pP][wW]){separator})|(?<=\A[pP][wW]{separator}))"


@lru_cache(maxsize=4096)
def _secret_words(name: str) -> tuple[str, ...]:
    """Return the words of ``name`` without qualifiers; empty if it is not the name of a secret."""
    words = [word.lower() for word in _WORD.findall(name)]
    while len(words) > 1 and (words[-1] in _QUALIFIERS or words[-1].isdigit()):
        words.pop()
    if not words:
        return ()
    last, before = words[-1], words[-2] if len(words) > 1 else ""
    is_secret = (
        last in SECRET_WORDS
        or (last == "key" and before in KEY_OWNERS)
        or (before, last) in _PAIRS
        or last.endswith(_RUN_TOGETHER)
    )
    return tuple(words) if is_secret else ()
