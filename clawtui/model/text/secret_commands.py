"""Rules for passwords after a short option of a command: ``curl -u user:password``, ``mysql -pPASSWORD``."""

from __future__ import annotations

import re
from functools import partial
from typing import Final

from clawtui.model.text.lazy_pattern import lazy_pattern
from clawtui.model.text.secret_rule import MASK, Rule, mask_value, substitute

_REACH: Final = 200
"""The most characters between the name of a command and its option."""
_END_OF_COMMAND = lazy_pattern(r"[;|&\n]")

_ATTACHED: Final = (
    "mysql",
    "mysqldump",
    "mysqladmin",
    "mysqlimport",
    "mysqlsh",
    "mariadb",
    "mariadb-dump",
    "sshpass",
    "7z",
)
"""Commands whose ``-p`` is followed by the password without a space."""
_SEPARATE: Final[dict[str, tuple[str, ...]]] = {
    "p": ("sshpass", "docker login", "podman login", "helm registry login", "mongo", "mongosh", "mongodump"),
    "a": ("redis-cli",),
    "w": ("ldapsearch", "ldapmodify", "ldapadd"),
}
"""Commands whose option has the password as the next word."""


def _command_before(match: re.Match[str], commands: tuple[str, ...]) -> bool:
    """Return whether the option belongs to one of ``commands``: the name is before it, and no end of the command."""
    before = match.string[max(0, match.start() - _REACH) : match.start()]
    command = _END_OF_COMMAND.split(before)[-1]
    return any(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", command) for name in commands)


def _mask_attached(match: re.Match[str]) -> str:
    return mask_value(match) if _command_before(match, _ATTACHED) else match[0]


def _mask_separate(match: re.Match[str]) -> str:
    return mask_value(match) if _command_before(match, _SEPARATE[match["option"]]) else match[0]


def _mask_login(match: re.Match[str]) -> str:
    return mask_value(match) if _command_before(match, ("curl", "wget", "http", "https", "xh")) else match[0]


COMMAND_RULES: Final = (
    Rule(
        "the user and password of curl",
        ("curl", "wget", "http -", "https -", "xh -"),
        partial(
            substitute,
            pattern=r"-(?<=[ \"']-)(?:-user|-proxy-user|u|U|a)[ =\"',]{0,6}(?P<user>[^\s:\"'=,-][^\s:\"']{0,63}):"
            r"(?P<value>[^\s\"'\\]++)",
            replace=_mask_login,
        ),
        masks=(
            ("curl -u u:p https://x", f"curl -u u:{MASK} https://x"),
            ("curl -s --user sam:hunter2 x", f"curl -s --user sam:{MASK} x"),
            ("curl -u 'sam:hunter2' x", f"curl -u 'sam:{MASK}' x"),
            ('["curl", "-u", "sam:hunter2"]', f'["curl", "-u", "sam:{MASK}"]'),
        ),
        keeps=("docker run -u 1000:1000 x", "curl -u sam https://x:80/"),
    ),
    Rule(
        "a password right behind -p",
        tuple(sorted({"mysql", "mariadb", "sshpass", "7z"})),
        partial(
            substitute,
            pattern=r"-p(?<=[ \"']-p)(?P<value>[^\s\"'\\,]++|\"[^\"]++\"|'[^']++')",
            replace=_mask_attached,
        ),
        masks=(
            ("mysql -u root -pSECRET db", f"mysql -u root -p{MASK} db"),
            ("sshpass -phunter2 ssh x", f"sshpass -p{MASK} ssh x"),
            ('["mysqldump", "-pSECRET"]', f'["mysqldump", "-p{MASK}"]'),
        ),
        keeps=("mysql -p db", "mkdir -pv x", "mysql x; ssh -p2222 y"),
    ),
    Rule(
        "a password as the word behind a short option",
        ("sshpass", "login", "mongo", "redis-cli", "ldap"),
        partial(
            substitute,
            pattern=r"-(?P<option>[paw])(?<=[ \"']-[paw])[ \"',]{1,6}(?P<value>[^\s\"'\\,-][^\s\"'\\,]*+)",
            replace=_mask_separate,
        ),
        masks=(
            ("sshpass -p hunter2 ssh x", f"sshpass -p {MASK} ssh x"),
            ("docker login -u x -p hunter2", f"docker login -u x -p {MASK}"),
            ("redis-cli -a hunter2 ping", f"redis-cli -a {MASK} ping"),
        ),
        keeps=("docker run -p 80:80 x", "login failed -p twice"),
    ),
)
