"""Rules for values that are assigned to a name: in JSON, settings, environment variables and XML."""

from __future__ import annotations

import re
from functools import partial
from typing import Final

from clawtui.model.text.secret_names import behind_secret_name, is_secret_name
from clawtui.model.text.secret_rule import MASK, Rule, compiled, mask_named

_QUOTE: Final = "[\"']"
_ESCAPED_QUOTE: Final = r"(?P<q>\\{0,7}[\"'])"
"""A quote, with the backslashes that it has in JSON within a string within a string."""


def _quoted_like(found: re.Match[str]) -> re.Pattern[str]:
    """Return the pattern of a number, or of a value whose quotes have as many backslashes as those of its name."""
    return _quoted_behind(found["q"][:-1])


def _quoted_behind(backslashes: str) -> re.Pattern[str]:
    if not backslashes:
        return compiled(
            r"(?P<quote>[\"'])(?P<value>(?:[^\"'\\]++|\\.|(?!(?P=quote))[\"'])*+)(?P=quote)"
            r"|(?P<number>-?[1-9][0-9.e+-]*+)",
            re.S,
        )
    escape = re.escape(backslashes)
    return compiled(
        rf"(?P<quote>{escape}[\"'])(?P<value>(?:[^\\\"]++|(?!(?P=quote))\\++.)*+)(?P=quote)|(?P<number>[1-9][0-9]*+)"
    )


_BARE: Final = (
    r">?+(?P<value>\\++\"[^\"]*+\"|\\++'[^']*+'|(?:[^\s&,;\"'\\]++|\\(?![\"']))++|\"[^\"]*+\"|'[^']*+')"
    r"(?P<number>(?!))?"
)
_SPACED: Final = (
    r">?+ ?+(?P<value>\"[^\"\n]*+\"|'[^'\n]*+'|(?=[\w./+=-]{8})(?=[^\s0-9]{0,200}+[0-9])[\w./+=-]++(?![(\w]))"
    r"(?P<number>(?!))?"
)
_LABELLED: Final = (
    r" *+(?P<value>\"[^\"\n]++\"|'[^'\n]++'"
    r"|(?=[a-zA-Z0-9_./+=-]{8})(?=[^\s0-9]{0,200}+[0-9])[a-zA-Z0-9_./+=-]++)(?P<number>(?!))?"
)


def _is_option(name: str) -> bool:
    return name.startswith("-") and is_secret_name(name)


ASSIGNMENT_RULES: Final = (
    Rule(
        "a value in JSON",
        ('"', "'"),
        partial(
            mask_named,
            separator=rf"(?P<q>[\"'])(?=\s*+:){behind_secret_name(_QUOTE)}\s*+:\s*+",
            value=_quoted_like,
        ),
        masks=(
            ('{"token":"X", "n": 1}', f'{{"token":"{MASK}", "n": 1}}'),
            ('{"clientSecretValue" : "a\\"b"}', f'{{"clientSecretValue" : "{MASK}"}}'),
            ('{"clientSecretBase64": "eA=="}', f'{{"clientSecretBase64": "{MASK}"}}'),
            ('{"bot_token_v2": "X", "sshKey": "Y"}', f'{{"bot_token_v2": "{MASK}", "sshKey": "{MASK}"}}'),
            ('{"password": 12345678}', f'{{"password": "{MASK}"}}'),
            ("{'jwt': 'X'}", f"{{'jwt': '{MASK}'}}"),
        ),
        keeps=(
            '"tokenCount": 12, "tokens": 1200, "token": null, "auth": true, "pass": 12',
            '{"repoKey": "github.com/x/y", "publicKey": "X", "sessionKey": "agent:main"}',
            '{"token": "${GITHUB_TOKEN}", "apiKey": "<your key>", "password": "***"}',
        ),
        needs_name=True,
    ),
    Rule(
        "a value in JSON within a string",
        ('\\"', "\\'"),
        partial(mask_named, separator=r"(?P<q>\\{1,7}[\"'])\s*+:\s*+", value=_quoted_like),
        masks=(
            (r'"{\"token\":\"X\",\"n\":\"1\"}"', rf'"{{\"token\":\"{MASK}\",\"n\":\"1\"}}"'),
            (r"{\\\"apiKey\\\": \\\"X\\\"}", rf"{{\\\"apiKey\\\": \\\"{MASK}\\\"}}"),
            (r"{\"token\":\"a\\\"b\"}", rf"{{\"token\":\"{MASK}\"}}"),
        ),
        keeps=(r'"{\"tokens\":12,\"name\":\"X\"}"',),
        needs_name=True,
    ),
    Rule(
        "a value beside its name",
        ("val",),
        partial(
            mask_named,
            separator=rf"{_ESCAPED_QUOTE}\s*+,\s*+(?P<key>(?P=q)?)val(?:ue)?(?P=key)\s*+:\s*+",
            value=_quoted_like,
        ),
        masks=(
            ('{"name": "X-Api-Key", "value": "X"}', f'{{"name": "X-Api-Key", "value": "{MASK}"}}'),
            (r"{\"name\":\"DB_PASS\",\"value\":\"X\"}", rf"{{\"name\":\"DB_PASS\",\"value\":\"{MASK}\"}}"),
            ('{name: "X-Api-Key", value: "X"}', f'{{name: "X-Api-Key", value: "{MASK}"}}'),
        ),
        keeps=('{"name": "Accept", "value": "text/plain"}',),
        needs_name=True,
    ),
    Rule(
        "an option of a command that is written as a list",
        ('"--', "'--"),
        partial(mask_named, separator=rf"{_ESCAPED_QUOTE}\s*+,\s*+", value=_quoted_like, is_name=_is_option),
        masks=(
            ('["--token", "X", "--url", "Y"]', f'["--token", "{MASK}", "--url", "Y"]'),
            (r"[\"--api-key\",\"X\"]", rf"[\"--api-key\",\"{MASK}\"]"),
            ("['curl', '--password', 'X']", f"['curl', '--password', '{MASK}']"),
        ),
        keeps=('["token", "secret", "password"]', '["--token-file", "/run/token"]'),
        needs_name=True,
    ),
    Rule(
        "an assignment",
        ("=",),
        partial(mask_named, separator=r"=(?<=[\w\"'\]]=)={0,2}+", value=lambda _: compiled(_BARE), skipped="\"'[]"),
        masks=(
            ("DB_PASSWORD=X --token=Y", f"DB_PASSWORD={MASK} --token={MASK}"),
            ("DB_PASS=X SMTP_PW='a b'", f"DB_PASS={MASK} SMTP_PW={MASK}"),
            ("token='a b' c", f"token={MASK} c"),
            ("GITHUB_PAT=abc API_KEY_PROD=x", f"GITHUB_PAT={MASK} API_KEY_PROD={MASK}"),
            ("Server=db;User Id=sa;Password=a!b;", f"Server=db;User Id=sa;Password={MASK};"),
            ("AccountName=x;AccountKey=YWJj/w==;", f"AccountName=x;AccountKey={MASK};"),
            ("key=https://x?token=abc", f"key=https://x?token={MASK}"),
            (r'{"cmd": "token=X\" y"}', rf'{{"cmd": "token={MASK}\" y"}}'),
            (r'"token=\"X\" y"', f'"token={MASK} y"'),
            ('os.environ["API_TOKEN"]="X"', f'os.environ["API_TOKEN"]={MASK}'),
        ),
        keeps=(
            "tokenCount=12 max_tokens: 4096000000 key=value pass=12 auth=true",
            "TOKEN=$GITHUB_TOKEN PASSWORD=${DB_PASSWORD} password=****",
            "path=/usr/bin",
        ),
        needs_name=True,
    ),
    Rule(
        "an assignment with spaces",
        (" =", " :="),
        partial(mask_named, separator=r"=(?<=[ :]=)", value=lambda _: compiled(_SPACED), skipped=" :\"'[]"),
        masks=(
            ('password = "hunter2"', f"password = {MASK}"),
            ("api_key := 'X'", f"api_key := {MASK}"),
            ("db_pass = hunter22", f"db_pass = {MASK}"),
            ('"client_secret" => "X"', f'"client_secret" => {MASK}'),
        ),
        keeps=("token = get_token2(1)", "password = None"),
        needs_name=True,
    ),
    Rule(
        "a value behind a colon",
        (":",),
        partial(mask_named, separator=rf":{behind_secret_name(':')}(?!//)", value=lambda _: compiled(_LABELLED)),
        masks=(
            ("password: hunter222", f"password: {MASK}"),
            ("password: 'correct horse'", f"password: {MASK}"),
            ('clientSecret: "x"', f"clientSecret: {MASK}"),
            ("X-Api-Key: abcd1234", f"X-Api-Key: {MASK}"),
        ),
        keeps=("token: abcdefghijk", "password: required", "the path of a keyboard: 12345678", "key: 'value'"),
        needs_name=True,
    ),
    Rule(
        "an element of XML",
        ("</",),
        partial(
            mask_named,
            separator=rf">{behind_secret_name('>')}",
            value=lambda _: compiled(r"(?P<value>[^<>\s][^<>]*+)(?=</)(?P<number>(?!))?"),
        ),
        masks=(("<db><password>X y</password></db>", f"<db><password>{MASK}</password></db>"),),
        keeps=("--password <password> and </password>", "<name>X</name>"),
        needs_name=True,
    ),
)
"""In the order in which they are applied."""
