"""Rules for values after a word: options of a command, headers of HTTP, and lines of ``.netrc``."""

from __future__ import annotations

import re
from functools import partial
from typing import Final

from clawtui.model.text.secret_names import LONGEST_NAME, is_secret_name
from clawtui.model.text.secret_rule import MASK, Rule, compiled, is_maskable, mask_group, mask_value, substitute

_PROSE: Final = r"(?:[A-Z]++(?![a-z])|[A-Z]?[a-z]*+)(?:[-/._](?:[A-Z]++(?![a-z])|[A-Z]?[a-z]*+))*+[…=]*+"
"""One or several words of prose: ``authentication``, ``read/write``."""


def _is_prose(text: str) -> bool:
    return compiled(_PROSE).fullmatch(text) is not None


def _mask_option(match: re.Match[str]) -> str:
    is_prose = not is_secret_name(match["name"]) or _is_prose(match["value"])
    return match[0] if is_prose else mask_value(match)


def _mask_scheme(match: re.Match[str]) -> str:
    is_prose = match["scheme"].lower() != "bearer" and _is_prose(match["value"])
    return match[0] if is_prose else mask_value(match)


def _mask_cookies(match: re.Match[str]) -> str:
    return match[0] if _is_prose(match["value"]) or not is_maskable(match["value"]) else mask_group(match, "value")


HEADER_RULES: Final = (
    Rule(
        "an option and its value",
        ("--",),
        partial(
            substitute,
            pattern=rf"--(?<![\w-]--)(?P<name>[a-z][\w-]{{0,{LONGEST_NAME}}}+) ++"
            r"(?P<value>\"[^\"]*+\"|'[^']*+'|[^\s\"'\\<$&,;|()-][^\s\"'\\<>&,;|()]*+)",
            replace=_mask_option,
            flags=re.I,
        ),
        masks=(
            ("curl --password hunter2 x", f"curl --password {MASK} x"),
            ('curl --api-key "X Y1" x', f"curl --api-key {MASK} x"),
        ),
        keeps=(
            "pass --password option, or --token to authenticate",
            "--token $TOKEN --password <password>",
        ),
        needs_name=True,
    ),
    Rule(
        "what follows a scheme of authorization",
        ("bearer ", "basic ", "token ", "apikey ", "bot "),
        partial(
            substitute,
            pattern=r"(?P<scheme>[BbTtAa](?<!\w.)(?i:earer|asic|oken|pikey|ot)) ++(?P<value>[A-Za-z0-9._~+/=-]{8,}+)",
            replace=_mask_scheme,
        ),
        masks=(
            ("Authorization: Bearer abcdefgh", f"Authorization: Bearer {MASK}"),
            ("Authorization: Basic dXNlcjpwYXNz", f"Authorization: Basic {MASK}"),
            ("Authorization: Bot MTIz.abc123", f"Authorization: Bot {MASK}"),
        ),
        keeps=("basic authentication failed", "Token refreshed; token expired.", "token read/write access"),
    ),
    Rule(
        "the cookies of a header",
        ("cookie: ",),
        partial(
            substitute,
            pattern=r"(?P<name>[Cc]ookie): ++(?P<value>[\w.-]{1,64}+=[^\"'\n\\]++)",
            replace=_mask_cookies,
        ),
        masks=(("Cookie: sid=abc; theme=dark", f"Cookie: {MASK}"), ('-H "cookie: a=b" x', f'-H "cookie: {MASK}" x')),
        keeps=("cookie: none was sent",),
        needs_name=True,
    ),
    Rule(
        "a line of .netrc",
        ("password ",),
        partial(
            substitute,
            pattern=r"login(?<!\w.....) ++(?P<user>\S{1,200}+) ++password ++(?P<value>\S++)",
            replace=mask_value,
        ),
        masks=(("machine x login u password X", f"machine x login u password {MASK}"),),
        keeps=("login with a password works",),
    ),
)
"""In the order in which they are applied."""
