"""Text from disk, cleaned and with its secrets masked before it can reach a terminal.

`clean` makes one harmless line; `displayable` masks secrets first. The rules for secrets are in `secrets` and the
modules beside it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from clawtui.model.text.secrets import mask
from clawtui.model.text.width import CUT_MARK

MAX_LINE = 4096
"""Characters of one line that are ever shown; what follows is marked as cut."""

# Everything that could move the cursor, hide, reorder or end a line: C0, DEL and C1 controls, line and
# paragraph separators, every format character (zero-width, bidirectional, tags and what scripts have of
# their own), what draws nothing without being one (fillers, variation selectors), surrogates, noncharacters.
_HOSTILE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160"
    "\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufdd0-\ufdef"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)

# What joins emoji and picks their style goes without a stand-in: terminals do not agree on how wide the result
# is, and the parts still tell all. After letters the same characters would hide something, so there they show.
_SYMBOL = "\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff"
_EMOJI_GLUE = re.compile(
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
    """``text`` as one harmless line of at most MAX_LINE characters.

    Hostile characters become visible stand-ins; where there is too much of it, it ends in a mark.
    """
    if len(text) <= MAX_LINE and text.isascii() and text.isprintable():
        return text
    shown = _HOSTILE.sub(_stand_in, _EMOJI_GLUE.sub("", text[:MAX_LINE]))
    whole = len(text) <= MAX_LINE and len(shown) <= MAX_LINE
    return shown if whole else shown[: MAX_LINE - 1] + CUT_MARK


_MOST_KEPT = 200
"""Characters of a text that is kept with what became of it: what is shown is mostly shown again."""


def displayable(text: str) -> str:
    """``text`` as it may be seen: its secrets masked, then cleaned."""
    return _shown(text) if len(text) <= _MOST_KEPT else clean(mask(text[: 2 * MAX_LINE]))


@lru_cache(maxsize=8192)
def _shown(text: str) -> str:
    return clean(mask(text))


_HALF = re.compile(
    r"(?P<whole>\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|(?P<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
    r"|\\."
)
"""Any other escape is matched too, so that the ``\\\\`` before ``ud83d`` is not taken for the beginning of one."""


def replace_lone_surrogates(text: str) -> str:
    """A JSON ``text`` of the same length in which each escape of half a character is that of U+FFFD.

    No text of ours can hold such a half, and it is what the gateway's own UTF-8 makes of one.
    """
    return _HALF.sub(lambda match: r"\ufffd" if match["half"] else match[0], text)
