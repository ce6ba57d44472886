"""Half characters: what ``JSON.stringify`` writes where a text was cut within an emoji."""

from __future__ import annotations

import re

_HALF = re.compile(
    r"(?P<whole>\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|(?P<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
    r"|\\."
)
"""Any other escape is matched too, so that the ``\\\\`` before ``ud83d`` is not taken for the beginning of one."""


def mend_surrogates(text: str) -> str:
    """A JSON ``text`` of the same length in which each escape of half a character is that of U+FFFD.

    No text of ours can hold such a half, and it is what the gateway's own UTF-8 makes of one.
    """
    return _HALF.sub(lambda match: r"\ufffd" if match["half"] else match[0], text)
