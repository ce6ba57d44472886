"""What a file may hold and nobody may see: passwords in addresses, tokens, whatever is kept under such a name.

Masked is what is shown, copied and exported; what is on disk stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

MASK: Final = "[masked]"
"""What stands where a secret was; in an address, where its password was."""

_SECRET_WORDS: Final = frozenset(
    {"token", "secret", "password", "passwd", "passphrase", "passcode", "pwd", "pat", "cookie", "apikey", "auth"}
    | {"credential", "credentials", "authorization"}
)
_SECRET_PAIRS: Final = frozenset(
    {
        ("api", "key"),
        ("access", "key"),
        ("private", "key"),
        ("secret", "key"),
        ("signing", "key"),
        ("encryption", "key"),
    }
)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")

_HINTS: Final = (
    "://",
    "token",
    "secret",
    "passw",
    "passphrase",
    "pwd",
    "key",
    "credential",
    "auth",
    "bearer",
    "cookie",
    "ghp_",
    "gho_",
    "ghs_",
    "ghu_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "sk-",
    "xox",
    "akia",
    "aiza",
    "-----begin",
)
"""One of them is in every text that has a secret; most texts have none, and are through with a look for these."""

_USER_INFO = re.compile(
    r"(?P<before>\b[a-z][a-z0-9+.-]*://)(?P<user>[^/\s:@\"'<>]*)(?P<password>:[^/\s\"'<>]*)?@", re.I
)
_QUOTED = re.compile(
    r"(?P<before>(?P<q>[\"'])(?P<name>[A-Za-z][\w.-]*)(?P=q)\s*:\s*)(?P<v>[\"'])(?P<value>(?:[^\"'\\]|\\.|(?!(?P=v))[\"'])*)(?P=v)"
)
_BARE = re.compile(r"(?P<before>\b(?P<name>[A-Za-z][\w.-]*)=)(?P<value>[^\s&,;\"']+|\"[^\"]*\"|'[^']*')")
_LABELLED = re.compile(r"(?P<before>\b(?P<name>[A-Za-z][\w.-]*): *)(?P<value>(?=\S*[0-9])[A-Za-z0-9_./+=-]{8,})")
_SCHEME = re.compile(r"(?P<before>\b(?:bearer|basic|token) +)(?P<value>[A-Za-z0-9._~+/=-]{8,})", re.I)
_KNOWN = re.compile(
    r"\b(?:gh[opsur]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,}|sk-[A-Za-z0-9_-]{20,}"
    r"|xox[abeoprs]-[A-Za-z0-9-]{10,}|AKIA[A-Z0-9]{16}|AIza[A-Za-z0-9_-]{30,})"
)
_PEM = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.S)
_USERS: Final = frozenset({"git", "user", "hg", "svn", "anonymous"})
_LONGEST_USER: Final = 20
"""Characters of what may be a user's name in front of an ``@``; what is longer is a token that stands for one."""


def is_secret_name(name: str) -> bool:
    """Whether what is called so is a secret: ``apiToken`` and ``DB_PASSWORD`` are, ``tokenCount`` is not."""
    words = [word.lower() for word in _WORD.findall(name)]
    return bool(words) and (words[-1] in _SECRET_WORDS or tuple(words[-2:]) in _SECRET_PAIRS)


def mask(text: str) -> str:
    """``text`` without the secrets that can be told from how they look and what stands before them."""
    lowered = text.lower()
    if not any(hint in lowered for hint in _HINTS):
        return text
    text = _PEM.sub(MASK, text)
    text = _USER_INFO.sub(_mask_user_info, text)
    text = _QUOTED.sub(_mask_value, text)
    text = _BARE.sub(_mask_value, text)
    text = _SCHEME.sub(_mask_value_in_any_case, text)
    text = _LABELLED.sub(_mask_value, text)
    return _KNOWN.sub(MASK, text)


def masked(value: object, name: str = "") -> object:
    """A JSON ``value`` that is called ``name``, with every secret in it masked; numbers and flags are none."""
    if isinstance(value, str):
        return MASK if value and is_secret_name(name) else mask(value)
    if isinstance(value, Mapping):
        return {key: masked(below, str(key)) for key, below in value.items()}
    if isinstance(value, list | tuple):
        return [masked(below, name.removesuffix("s")) for below in value]
    return value


class StillMasked(Exception):
    """A secret is masked, and nobody knows what it was; its text is the secret's place."""


def restored(value: object, current: object, name: str = "", place: str = "") -> object:
    """``value`` with each masked secret put back from the same place of ``current``, where that is masked alike.

    Raises StillMasked where there is none.
    """
    if isinstance(value, str):
        if MASK not in value:
            return value
        if isinstance(current, str) and masked(current, name) == value:
            return current
        raise StillMasked(place)
    if isinstance(value, Mapping):
        known = current if isinstance(current, Mapping) else {}
        return {
            key: restored(below, known.get(key), str(key), f"{place}.{key}" if place else str(key))
            for key, below in value.items()
        }
    if isinstance(value, list | tuple):
        beside = list(current) if isinstance(current, list | tuple) else []
        beside += [None] * (len(value) - len(beside))
        return [
            restored(below, beside[index], name.removesuffix("s"), f"{place}[{index}]")
            for index, below in enumerate(value)
        ]
    return value


def masked_places(value: object, place: str = "") -> Iterator[str]:
    """Where in ``value``, which has been masked, a secret was."""
    if isinstance(value, str):
        if MASK in value:
            yield place
    elif isinstance(value, Mapping):
        for key, below in value.items():
            yield from masked_places(below, f"{place}.{key}" if place else str(key))
    elif isinstance(value, list | tuple):
        for index, below in enumerate(value):
            yield from masked_places(below, f"{place}[{index}]")


def _mask_user_info(match: re.Match[str]) -> str:
    user, password = match["user"], match["password"]
    if password:
        return f"{match['before']}{user}:{MASK}@"
    known = user.lower() in _USERS or (len(user) <= _LONGEST_USER and not _KNOWN.match(user))
    return match[0] if known else f"{match['before']}{MASK}@"


def _mask_value(match: re.Match[str]) -> str:
    return _mask_value_in_any_case(match) if is_secret_name(match["name"]) and match["value"] else match[0]


def _mask_value_in_any_case(match: re.Match[str]) -> str:
    if MASK in match["value"] or MASK.startswith(match["value"].rstrip("…")):
        return match[0]  # masked before, and perhaps cut since
    quote = match.groupdict().get("v") or ""
    return f"{match['before']}{quote}{MASK}{quote}"
