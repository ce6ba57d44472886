"""What a file may hold and nobody may see: passwords in addresses, tokens, whatever is kept under such a name.

Masked is what is shown, copied and exported; what is on disk stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Final

MASK: Final = "[masked]"
"""What stands where a secret was; in an address, where its password was."""

_SECRET_WORDS: Final = frozenset(
    {"token", "secret", "password", "passwd", "passphrase", "passcode", "pwd", "pat", "cookie", "apikey", "auth"}
    | {"credential", "credentials", "authorization", "bearer", "jwt"}
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
_LONGEST_NAME: Final = 64
"""Characters of a name that are looked at, from its end: whether it is a secret's, its last words tell."""
_NAME_BACKWARDS = re.compile(r"[\w.-]*")
_QUOTE: Final = "[\"']"
_BACKSLASH: Final = r"\\"

_KNOWN_HINTS: Final = (
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
    "eyj",
)
_HINTS: Final = (
    "token",
    "secret",
    "pass",
    "pwd",
    "pat=",
    "pat:",
    'pat"',
    "key",
    "credential",
    "auth",
    "bearer",
    "cookie",
    "jwt",
    "@",
    "%40",
    *_KNOWN_HINTS,
)
"""One of them is in every text that has a secret; most texts have none, and are through with a look for these."""


def _end_of_name(separator: str) -> str:
    """A pattern for ``separator``, one character, right behind a word that may end the name of a secret.

    What is looked for is the separator, and not the name, which could begin anywhere: so the time is linear in the
    text, whatever that is. What the whole name is, ``_name_before`` tells.
    """
    words = sorted(_SECRET_WORDS | {last for _, last in _SECRET_PAIRS} | {"value"})
    letters = "".join(sorted({word[-1] for word in words}))
    return f"{separator}(?<=[{letters}]{separator})(?:{'|'.join(f'(?<={word}{separator})' for word in words)})"


# Each of these takes linear time, whatever the text is: its runs are possessive or bounded, and where it can begin
# ends the runs of those that began before. Each begins with one of a few characters, for which re looks fast.
_PEM = re.compile(r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----.*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|\Z)", re.S)
_USER_INFO = re.compile(
    r":(?<=[a-z0-9+.-]:)(?://|\\/\\/)(?P<user>[^/\s:@\"'<>]*+)"
    r"(?::(?P<password>[^/\s\"'<>]*(?=@)|(?![0-9]*\\?/)[^\s\"'<>@]{1,100}+(?=@[\w.-])))?@",
    re.I,
)
_ENCODED_USER_INFO = re.compile(
    r"%3a%2f%2f(?P<user>[^%/\s:@\"'<>&]*+)"
    r"(?:(?::|%3a)(?P<password>(?:[^%/\s\"'<>@&]++|%(?!2f|40|3f|23))*+))?(?:@|%40)",
    re.I,
)
_LOGIN = re.compile(
    r":(?<=[\w.+~-]:)(?P<value>[^\s:/@\"'<>\\]{1,100}+)@(?=(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,24}/)", re.I
)
_QUOTED = re.compile(
    rf"{_end_of_name(_QUOTE)}\s*+:\s*+"
    r"(?:(?P<v>[\"'])(?P<value>(?:[^\"'\\]++|\\.|(?!(?P=v))[\"'])*+)(?P=v)|(?P<number>-?[1-9][0-9.e+-]*+))",
    re.I | re.S,
)
_QUOTED_WITHIN = re.compile(
    rf"(?P<q>{_end_of_name(_BACKSLASH)}{_BACKSLASH}{{0,6}}+[\"'])\s*+:\s*+(?P=q)"
    r"(?P<value>(?:[^\\\"]++|(?!(?P=q))\\++.)*+)(?P=q)",
    re.I,
)
"""JSON in a string: each quote has the same backslashes in front."""
_BARE = re.compile(
    _end_of_name("=")
    + r"(?P<value>\\++\"[^\"]*+\"|\\++'[^']*+'|(?:[^\s&,;\"'\\]++|\\(?![\"']))++|\"[^\"]*+\"|'[^']*+')",
    re.I,
)
_OPTION = re.compile(
    rf"--(?<![\w-]--)(?P<name>[a-z][\w-]{{0,{_LONGEST_NAME}}}+){_end_of_name(' ')} *+"
    r"(?P<value>\"[^\"]*+\"|'[^']*+'|[^\s\"'\\<$&,;|()-][^\s\"'\\<>&,;|()]*+)",
    re.I,
)
_SCHEME = re.compile(r"(?P<scheme>[BbTt](?<!\w.)(?i:earer|asic|oken)) ++(?P<value>[A-Za-z0-9._~+/=-]{8,}+)")
_LABELLED = re.compile(
    _end_of_name(":") + r" *+(?=[a-z0-9_./+=-]{8})(?=[^\s0-9]{0,200}+[0-9])(?P<value>[a-z0-9_./+=-]++)", re.I
)
_KNOWN = re.compile(
    r"[gsxAe](?<!\w.)(?:(?<=g)(?:h[opsur]_[A-Za-z0-9]{16,}+|ithub_pat_[A-Za-z0-9_]{20,}+|lpat-[A-Za-z0-9_-]{16,}+)"
    r"|(?<=s)k-[A-Za-z0-9_-]{20,}+|(?<=x)ox[abeoprs]-[A-Za-z0-9-]{10,}+"
    r"|(?<=A)(?:KIA[A-Z0-9]{16}|Iza[A-Za-z0-9_-]{30,}+)"
    r"|(?<=e)yJ(?<!-eyJ)[\w-]{8,}+\.[\w-]{8,}+\.[\w-]*+(?:\.[\w-]++){0,2})"
)
_PROSE = re.compile(r"(?:[A-Z]++(?![a-z])|[A-Z]?[a-z]*+)(?:[-/._](?:[A-Z]++(?![a-z])|[A-Z]?[a-z]*+))*+[…=]*+")
"""Words as they are written, one or several: ``authentication``, ``read/write``."""
_USERS: Final = frozenset({"git", "user", "hg", "svn", "anonymous"})
_LONGEST_USER: Final = 20
"""Characters of what may be a user's name in front of an ``@``; what is longer is a token that stands for one."""
_NO_USERS: Final = frozenset(
    {"mailto", "sip", "sips", "xmpp", "acct", "npm", "ssh", "git", "to", "cc", "bcc", "from", "by"}
)
"""What stands in front of the address of a person or a package, and looks like a user with a password."""


def is_secret_name(name: str) -> bool:
    """Whether what is called so is a secret: ``apiToken`` and ``DB_PASSWORD`` are, ``tokenCount`` is not."""
    return _is_secret_name(name[-_LONGEST_NAME:])


@lru_cache(maxsize=4096)
def _is_secret_name(name: str) -> bool:
    words = [word.lower() for word in _WORD.findall(name)]
    if len(words) > 1 and words[-1] == "value":
        words.pop()
    return bool(words) and (words[-1] in _SECRET_WORDS or tuple(words[-2:]) in _SECRET_PAIRS)


def mask(text: str) -> str:
    """``text`` without the secrets that can be told from how they look and what stands before them."""
    lowered = text.lower()
    for hint in _HINTS:
        if hint in lowered:
            break
    else:
        return text
    for hints, pattern, replacement in _STEPS:
        for hint in hints:
            if hint in lowered:
                text = pattern.sub(replacement, text)
                break
    return text


def masked(value: object, name: str = "") -> object:
    """A JSON ``value`` that is called ``name``, with every secret in it masked; flags are none.

    What is anywhere below the name of a secret is one.
    """
    if isinstance(value, str):
        return MASK if value and is_secret_name(name) else mask(value)
    if isinstance(value, Mapping):
        return {key: masked(below, _called(str(key), name, below)) for key, below in value.items()}
    if isinstance(value, list | tuple):
        return [masked(below, _called(name.removesuffix("s"), name, below)) for below in value]
    if isinstance(value, int | float) and value and not isinstance(value, bool):
        return MASK if is_secret_name(name) else value
    return value


def _called(key: str, name: str, below: object) -> str:
    """What ``below`` is called, which is at ``key`` of what is called ``name``: below a secret, as that is.

    So are texts below several secrets; numbers are not: those of ``tokens`` count them.
    """
    if not name or is_secret_name(name):
        return name or key
    one = name.removesuffix("s")
    if one == name or not is_secret_name(one):
        return key
    return one if isinstance(below, str) else name


class StillMasked(Exception):
    """A secret is masked, and nobody knows what it was; its text is the secret's place."""


def restored(value: object, current: object, name: str = "", place: str = "") -> object:
    """``value`` with each masked secret put back from the same place of ``current``, where that is masked alike.

    Raises StillMasked where there is none.
    """
    if isinstance(value, str):
        if MASK not in value:
            return value
        if masked(current, name) == value:
            return current
        raise StillMasked(place)
    if isinstance(value, Mapping):
        known = current if isinstance(current, Mapping) else {}
        return {
            key: restored(
                below,
                beside := known.get(key),
                _called(str(key), name, beside),
                f"{place}.{key}" if place else str(key),
            )
            for key, below in value.items()
        }
    if isinstance(value, list | tuple):
        beside = list(current) if isinstance(current, list | tuple) else []
        beside += [None] * (len(value) - len(beside))
        return [
            restored(below, was, _called(name.removesuffix("s"), name, was), f"{place}[{index}]")
            for index, (below, was) in enumerate(zip(value, beside, strict=False))
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


def _name_before(match: re.Match[str]) -> str:
    """The name that ends where ``match`` begins, or the end of it."""
    before = match.string[max(0, match.start() - _LONGEST_NAME) : match.start()]
    name = _NAME_BACKWARDS.match(before[::-1])
    return name[0][::-1] if name else ""


def _mask_whole(_match: re.Match[str]) -> str:
    return MASK


def _mask_group(match: re.Match[str], group: str, mask: str = MASK) -> str:
    """The text of ``match``, with ``mask`` in the place of a group of it."""
    start, end = (at - match.start() for at in match.span(group))
    return f"{match[0][:start]}{mask}{match[0][end:]}"


def _mask_user_info(match: re.Match[str]) -> str:
    user, password = match["user"], match["password"]
    if password:
        # With a slash in it, it may be the path of a host, which has no user: host.example:owner/name@version.
        is_path = "/" in password and ("." in user or user.startswith("["))
        return match[0] if is_path else _mask_group(match, "password")
    known = user.lower() in _USERS or (len(user) <= _LONGEST_USER and not _KNOWN.match(user))
    return match[0] if known else _mask_group(match, "user")


def _mask_login(match: re.Match[str]) -> str:
    user = _name_before(match)
    return match[0] if not user or user.lower() in _NO_USERS else _mask_value(match)


def _mask_named(match: re.Match[str]) -> str:
    return _mask_value(match) if is_secret_name(_name_before(match)) else match[0]


def _mask_quoted(match: re.Match[str]) -> str:
    if match["number"] is None:
        return _mask_named(match)
    return _mask_group(match, "number", f'"{MASK}"') if is_secret_name(_name_before(match)) else match[0]


def _mask_option(match: re.Match[str]) -> str:
    is_told_about = not is_secret_name(match["name"]) or _PROSE.fullmatch(match["value"])
    return match[0] if is_told_about else _mask_value(match)


def _mask_scheme(match: re.Match[str]) -> str:
    is_told_about = match["scheme"].lower() != "bearer" and _PROSE.fullmatch(match["value"])
    return match[0] if is_told_about else _mask_value(match)


def _mask_value(match: re.Match[str]) -> str:
    value = match["value"]
    if not value or MASK in value or MASK.startswith(value.rstrip("…")):
        return match[0]  # nothing, or masked before, and perhaps cut since
    return _mask_group(match, "value")


_STEPS: Final[tuple[tuple[tuple[str, ...], re.Pattern[str], Callable[[re.Match[str]], str]], ...]] = (
    (("private key-----",), _PEM, _mask_whole),
    (("@",), _USER_INFO, _mask_user_info),
    (("%3a%2f%2f",), _ENCODED_USER_INFO, _mask_user_info),
    (("@",), _LOGIN, _mask_login),
    (('\\"', "\\'"), _QUOTED_WITHIN, _mask_named),
    (('"', "'"), _QUOTED, _mask_quoted),
    (("=",), _BARE, _mask_named),
    (("--",), _OPTION, _mask_option),
    (("bearer ", "basic ", "token "), _SCHEME, _mask_scheme),
    ((":",), _LABELLED, _mask_named),
    (_KNOWN_HINTS, _KNOWN, _mask_whole),
)
"""What is done to a text, in this order, and what is in each text to which it does something."""
