"""Rules for addresses: passwords in front of a host, webhooks, and signatures in a query."""

from __future__ import annotations

import re
from functools import partial
from typing import Final

from clawtui.model.text.secret_rule import MASK, Rule, mask_group, mask_value, name_before, substitute
from clawtui.model.text.secret_tokens import is_issued_token

_USERS: Final = frozenset({"git", "user", "hg", "svn", "anonymous"})
_LONGEST_USER: Final = 20
"""The most characters of a user's name before an ``@``; a longer text there is a token."""
_NO_USERS: Final = frozenset(
    {"mailto", "sip", "sips", "xmpp", "acct", "npm", "ssh", "git", "to", "cc", "bcc", "from", "by"}
)
"""Words before the address of a person or a package, which look like the user of a password."""

_LETTERS: Final = "Ab3dE" * 9


def _mask_user_info(match: re.Match[str]) -> str:
    user, password = match["user"], match["password"]
    if password:
        # With a slash in it, it may be the path of a host, which has no user: host.example:owner/name@version.
        is_path = "/" in password and ("." in user or user.startswith("["))
        return match[0] if is_path or password == MASK else mask_group(match, "password")
    known = user.lower() in _USERS or (len(user) <= _LONGEST_USER and not is_issued_token(user))
    return match[0] if known or user == MASK else mask_group(match, "user")


def _mask_login(match: re.Match[str]) -> str:
    user = name_before(match.string, match.start())
    return match[0] if not user or user.lower() in _NO_USERS else mask_value(match)


def _mask_long(match: re.Match[str]) -> str:
    """Mask the value of a parameter with a general name, if it is long enough for a secret."""
    is_short = match["name"].lower() in ("key", "code") and len(match["value"]) < 20
    return match[0] if is_short else mask_value(match)


ADDRESS_RULES: Final = (
    Rule(
        "a password in an address",
        ("@",),
        partial(
            substitute,
            pattern=r":(?<=[a-z0-9+.-]:)(?://|\\/\\/)(?P<user>[^/\s:@\"'<>]*+)"
            r"(?::(?P<password>[^/\s\"'<>]*(?=@)|(?![0-9]*\\?/)[^\s\"'<>@]{1,100}+(?=@[\w.-])))?@",
            replace=_mask_user_info,
            flags=re.I,
        ),
        masks=(
            ("https://sam:hunter2@example.com/x", f"https://sam:{MASK}@example.com/x"),
            ("ssh://sam:p@ss@example.com", f"ssh://sam:{MASK}@example.com"),
            ("https://u:p/q@example.com/x", f"https://u:{MASK}@example.com/x"),
            (r"https:\/\/u:X@example.com\/x", rf"https:\/\/u:{MASK}@example.com\/x"),
            (f"https://{_LETTERS}@github.com/x", f"https://{MASK}@github.com/x"),
        ),
        keeps=(
            "https://github.com/x/y.git",
            "git@github.com:x/y.git",
            "ssh://git@github.com/x",
            "http://localhost:5000/@scope/x",
            "http://[::1]:80/@scope",
            "git+https://github.com:org/repo@v1.2",
            "see https://example.com, by sam@example.com at 12:30",
        ),
    ),
    Rule(
        "a password in an address within an address",
        ("%3a%2f%2f",),
        partial(
            substitute,
            pattern=r"%3a%2f%2f(?P<user>[^%/\s:@\"'<>&]*+)"
            r"(?:(?::|%3a)(?P<password>(?:[^%/\s\"'<>@&]++|%(?!2f|40|3f|23))*+))?(?:@|%40)",
            replace=_mask_user_info,
            flags=re.I,
        ),
        masks=(
            ("https%3A%2F%2Fu:X@example.com", f"https%3A%2F%2Fu:{MASK}@example.com"),
            ("to=https%3a%2f%2fu%3AX%40example.com%2Fx", f"to=https%3a%2f%2fu%3A{MASK}%40example.com%2Fx"),
        ),
        keeps=("to=https%3a%2f%2fexample.com%2Fx",),
    ),
    Rule(
        "a user and a password in front of a host without a scheme",
        ("@",),
        partial(
            substitute,
            pattern=r":(?<=[\w.+~-]:)(?P<value>[^\s:/@\"'<>\\]{1,100}+)@(?=(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,24}/)",
            replace=_mask_login,
            flags=re.I,
        ),
        masks=(("git clone sam:X1@github.com/x", f"git clone sam:{MASK}@github.com/x"),),
        keeps=("mailto:sam@example.com/x", "npm:left-pad@example.com/x"),
    ),
    Rule(
        "the address of a webhook",
        ("hooks", "webhook", "ifttt.com"),
        partial(
            substitute,
            pattern=r"/(?:(?<=hooks\.slack\.com/)(?:services|workflows|triggers)|(?<=discord\.com/)api/webhooks"
            r"|(?<=discordapp\.com/)api/webhooks|(?<=webhook\.office\.com/)webhookb2|(?<=hooks\.zapier\.com/)hooks/catch"
            r"|(?<=maker\.ifttt\.com/)trigger)\\?/(?P<value>[^\s\"'<>?&,;)\]}]{4,}+)",
            replace=mask_value,
            flags=re.I,
        ),
        masks=(
            ("https://hooks.slack.com/services/T0/B0/x1", f"https://hooks.slack.com/services/{MASK}"),
            ("https://discord.com/api/webhooks/12/ab-c?wait=1", f"https://discord.com/api/webhooks/{MASK}?wait=1"),
            ("https://discordapp.com/api/webhooks/12/abc", f"https://discordapp.com/api/webhooks/{MASK}"),
            ("https://x.webhook.office.com/webhookb2/a@b/c", f"https://x.webhook.office.com/webhookb2/{MASK}"),
            ("https://hooks.zapier.com/hooks/catch/1/abc/", f"https://hooks.zapier.com/hooks/catch/{MASK}"),
        ),
        keeps=("https://hooks.slack.com/services/", "https://example.com/hooks/list", "the hooks of git"),
    ),
    Rule(
        "the token of a Telegram bot",
        (":aa", "%3aaa"),
        partial(
            substitute,
            pattern=r"(?::|%3[aA])(?:(?<=[0-9]:)|(?<=[0-9]%3[aA]))(?P<value>AA[\w-]{20,}+)",
            replace=mask_value,
        ),
        masks=(
            (f"https://api.telegram.org/bot123:AA{_LETTERS}/x", f"https://api.telegram.org/bot123:{MASK}/x"),
            (f"it is 123456:AA{_LETTERS}", f"it is 123456:{MASK}"),
        ),
        keeps=("at 12:AA", "https://api.telegram.org/bot"),
    ),
    Rule(
        "a signature or a key in a query",
        ("sig=", "signature=", "key=", "code="),
        partial(
            substitute,
            pattern=r"[?&;](?P<name>sig|signature|key|code|x-(?:amz|goog|oss)-signature)=(?P<value>[^\s&\"'<>\\]{8,}+)",
            replace=_mask_long,
            flags=re.I,
        ),
        masks=(
            ("https://x.example/b?sv=1&sig=aB%2F3dE99%3D", f"https://x.example/b?sv=1&sig={MASK}"),
            ("https://s3/x?X-Amz-Signature=0123456789&y=1", f"https://s3/x?X-Amz-Signature={MASK}&y=1"),
            (f"https://x/api?code={_LETTERS}", f"https://x/api?code={MASK}"),
        ),
        keeps=("https://x/api?code=404&key=value", "signature=valid"),
    ),
)
"""In the order in which they are applied."""
