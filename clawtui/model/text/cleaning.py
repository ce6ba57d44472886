"""Text from disk, cleaned and with its secrets masked before it can reach a terminal.

`clean` makes one harmless line; `displayable` masks secrets first. The rules for secrets are in `secrets` and the
modules beside it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from clawtui.model.text.lazy_pattern import lazy_pattern
from clawtui.model.text.secrets import mask
from clawtui.model.text.width import CUT_MARK

MAX_LINE = 4096
"""The most characters of a line that are shown; longer lines are cut with a mark."""

# Characters that could move the cursor, or hide, reorder or end a line: C0, DEL and C1 controls, line and paragraph
# separators, all format characters (zero-width, bidirectional, tags, those of single scripts), other invisible ones
# (fillers, variation selectors), surrogates and noncharacters.
_HOSTILE = lazy_pattern(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160"
    "\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufdd0-\ufdef"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)

# Joiners and variation selectors of emoji are removed without a stand-in: terminals disagree on the width of the joined
# symbol, and its parts are still shown. After letters the same characters could hide text, so there they get one.
_SYMBOL = "\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff"
_EMOJI_GLUE = lazy_pattern(
    f"(?<=[{_SYMBOL}])(?:[\ufe0e\ufe0f]?\u200d(?=[{_SYMBOL}])|[\ufe0e\ufe0f])|(?<=[0-9#*])\ufe0f(?=\u20e3)"
)


def _stand_in(match: re.Match[str]) -> str:
    character = match.group()
    point = ord(character)
    if point in (0x09, 0x0A, 0x0D):
        return " " if point == 0x09 else "⏎"
    if point < 0x20:
        return chr(0x2400 + point)
    if point == 0x7F:
        return "␡"
    return "�" if 0xD800 <= point <= 0xDFFF else f"<{point:02X}>"


def clean(text: str) -> str:
    """Return ``text`` as one line of at most `MAX_LINE` characters that cannot affect the terminal.

    Control and invisible characters become visible stand-ins; text that is too long is cut with a mark.
    """
    if len(text) <= MAX_LINE and text.isascii() and text.isprintable():
        return text
    shown = _HOSTILE.sub(_stand_in, _EMOJI_GLUE.sub("", text[:MAX_LINE]))
    whole = len(text) <= MAX_LINE and len(shown) <= MAX_LINE
    return shown if whole else shown[: MAX_LINE - 1] + CUT_MARK


def clean_lines(text: str) -> str:
    """Return ``text`` with the same stand-ins, but with its line ends and tabs, and whatever its length."""
    return "\n".join(
        "\t".join(_HOSTILE.sub(_stand_in, _EMOJI_GLUE.sub("", cell)) for cell in line.split("\t"))
        for line in text.split("\n")
    )


_MOST_KEPT = 200
"""The most characters of a text whose result is cached: most texts are shown repeatedly."""


def displayable(text: str) -> str:
    """Return ``text`` with its secrets masked, then cleaned: what may be shown on a terminal."""
    return _shown(text) if len(text) <= _MOST_KEPT else clean(mask(text[: 2 * MAX_LINE]))


@lru_cache(maxsize=8192)
def _shown(text: str) -> str:
    return clean(mask(text))


_HALF = lazy_pattern(
    r"(?P<whole>\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|(?P<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
    r"|\\."
)
"""Any other escape is matched too, so that ``\\\\`` before ``ud83d`` is not read as the start of one."""


def replace_lone_surrogates(text: str) -> str:
    """Return JSON ``text`` with each escape of a lone surrogate replaced by that of U+FFFD; its length stays the same.

    A lone surrogate cannot be encoded, and the gateway itself writes U+FFFD for one in UTF-8.
    """
    return _HALF.sub(lambda match: r"\ufffd" if match["half"] else match[0], text)
