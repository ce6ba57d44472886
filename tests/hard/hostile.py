"""Hostile text, and the check that no part of it controls a terminal."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import strategies as st

ATTACKS = (
    "\x1b]0;pwned\x07",
    "\x1b]0;pwned\x1b\\",
    "\x1b]52;c;cHduZWQ=\x07",
    "\x1b]8;;https://pwned.example\x1b\\link\x1b]8;;\x1b\\",
    "\x1b]9;pwned\x07",
    "\x1b]777;notify;pwned;pwned\x07",
    "\x1bPtmux;\x1b\x1b]0;pwned\x07\x1b\\",
    "\x1bP$qm\x1b\\",
    "\x1b_pwned\x1b\\",
    "\x1b^pwned\x1b\\",
    "\x1bXpwned\x1b\\",
    "\x1b[2J\x1b[H",
    "\x1b[66;66H",
    "\x1b[6666D",
    "\x1b[31;66m",
    "\x1b[?1049l",
    "\x1b[?25h",
    "\x1b[?1003h",
    "\x1b[?2004h",
    "\x1b[?2026h",
    "\x1b[>66u",
    "\x1b[6n",
    "\x1b[c",
    "\x1b[5i",
    "\x1b[21t",
    "\x1b[3g",
    "\x1b[!p",
    "\x1bc",
    "\x1b(0",
    "\x1b#8",
    "\x1b7\x1b8",
    "\x1bZ",
    "\x1b",
    "\x1b[",
    "\x9b31;66m",
    "\x9d0;pwned\x9c",
    "\x90pwned\x9c",
    "\x84\x85\x8d\x8e\x8f",
    "\r",
    "\n",
    "\r\n",
    "\x08\x08\x08",
    "\x07",
    "\x00",
    "\x05",
    "\x0b\x0c",
    "\x0e\x0f",
    "\x7f\x7f",
    "\x18\x1a",
    "\u2028",
    "\u2029",
    "\u0085",
    "\u202egnp.exe\u202c",
    "\u2066left\u2067right\u2069",
    "\u200b\u200c\u200d\u2060\ufeff",
    "\u00ad",
    "\u034f",
    "\u115f\u1160\u3164\uffa0",
    "\ufe00\ufe0f\U000e0100",
    "\U000e0001\U000e0068\U000e0069\U000e007f",
    "\ufff9a\ufffab\ufffb",
    "👨\u200d👩\u200d👧\u200d👦",
    "🏳\ufe0f\u200d🌈",
    "👍🏽",
    "🇩🇪🇩",
    "世界",
    "ｆｕｌｌ",
    "한글",
    "a\u0301\u0302\u0303\u0304\u0305",
    "ก็็็็็",
    "Z̴̡̢͖̰̲̺̊̀a̷̢͎͖l̶͚̈́g̷͈̈́o̴͓͝",
    "[bold red]",
    "[/]",
    "[INFO]",
    "[@click=app.quit]click[/]",
    "[link=https://pwned.example]x[/link]",
    "\\[b]",
    "{0} {} %s %(x)s $(id) `id`",
    "x" * 5000,
    "世" * 3000,
    "\x1b" * 500,
)
"""Each of them has done harm somewhere."""

hostile_text: st.SearchStrategy[str] = st.lists(
    st.one_of(
        st.sampled_from(ATTACKS),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
        st.text(st.characters(categories=["Cc", "Cf", "Zl", "Zp"]), max_size=4),
    ),
    max_size=4,
).map("".join)
"""What a model, or somebody who knows what it reads, might write; half characters come from ``half``."""

half: st.SearchStrategy[str] = st.characters(categories=["Cs"])

OWN_TITLE = r"clawtui(?: ✗[0-9]+)?(?: ▸[0-9]+)?"
"""The window's title, as a regular expression: how many need a look, and how many run."""

_MEANT = re.compile(
    r"\x1b\[[0-9;]*m|\x1b\[[0-9]*(?:;[0-9]+)?H|\x1b\[[0-9]*(?:[CDEG]|B\x08*)"
    r"|\x1b\[\?2026[hl]|\x1b\[22;2t|\x1b\]22;[a-z]*\x07|\x1b\]2;" + OWN_TITLE + r"\x07"
    r"|\x1b\]8;;(?P<address>https?://[!-~]+?)?\x1b\\|(?P<text>[^\x1b]+)",
)
"""What a dashboard sends while it runs: colours, places, movements, synchronised frames, the pointer's shape, titles
with its own name and numbers (the shell's is saved before the first), links to web addresses, text.
"""

_HARM = re.compile(r"\x1b\[(?:[0-9;]*;)?66[;m]|\x1b\[66(?![BCDG])")


_SEQUENCE = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|[ -/]*[0-Z\\^-~])")
_STRING = re.compile(rb"\x1b[\]P_^X][^\x07\x1b]*(?:\x07|\x1b\\)")
_LONGEST_SEQUENCE = 4096


def boundary(sent: bytes, at: int) -> int:
    """Return the last place at or before `at` that is inside no escape sequence and no character.

    A read from a terminal may end anywhere, more often where the machine is busy.
    """
    first = max(0, at - _LONGEST_SEQUENCE)
    begun = max(sent.rfind(opening, first, at) for opening in (b"\x1b]", b"\x1bP", b"\x1b_", b"\x1b^", b"\x1bX"))
    if begun >= 0 and _STRING.match(sent, begun, at) is None:
        return begun
    escape = sent.rfind(b"\x1b", first, at)
    if escape >= 0 and _SEQUENCE.match(sent, escape, at) is None and (begun < 0 or escape > begun):
        return escape
    while first < at < len(sent) and sent[at] & 0xC0 == 0x80:
        at -= 1
    if at == len(sent):
        start = at
        while start > first and sent[start - 1] & 0xC0 == 0x80:
            start -= 1
        if start > first and sent[start - 1] >= 0xC0:
            width = 2 if sent[start - 1] < 0xE0 else 3 if sent[start - 1] < 0xF0 else 4
            at = at if at - start + 1 == width else start - 1
    return at


def assert_meant(sent: bytes, controls: str = "\r\n") -> None:
    """Assert that of the sent bytes only the application's own sequences control the terminal."""
    text = sent.decode("utf-8")
    at = 0
    address = ""
    while at < len(text):
        match = _MEANT.match(text, at)
        assert match is not None, f"not a sequence of the application: {text[at : at + 40]!r}"
        assert not _HARM.match(match[0]), f"a file sent {match[0]!r}"
        for character in match["text"] or "":
            assert character in controls or is_shown(character), f"U+{ord(character):04X} in {match[0]!r:.200}"
        if match[0].startswith("\x1b]8"):
            address = match["address"] or ""
        elif address:
            shown = (match["text"] or "").strip("\r…")
            assert shown in address, f"{shown!r} leads to {address!r}"
        at = match.end()


def is_shown(character: str) -> bool:
    """Return whether the character draws something in its place, and does nothing else."""
    return unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}
