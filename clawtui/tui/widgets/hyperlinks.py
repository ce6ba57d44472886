"""Addresses in a text become links (OSC 8), where they can do no harm."""

from __future__ import annotations

import re
from collections.abc import Iterator

from clawtui.model.text.cleaning import shown
from clawtui.model.text.secrets import MASK
from clawtui.tui.widgets.line import Role, Span

_ADDRESS = re.compile(r"https?://[A-Za-z0-9\[][A-Za-z0-9._~:/?#\[\]@!$&()*+,;=%-]{0,2000}")
"""What is a link is also what is read: nothing in it can end the sequence, hide, or lead elsewhere than it says."""

_TRAILING = ".,;:!?)]"


def linked(text: str, role: Role) -> Iterator[Span]:
    """``text`` in spans, of which each address of the web is a link to itself."""
    at, text = 0, shown(text)
    for match in _ADDRESS.finditer(text):
        address = match[0].rstrip(_TRAILING)
        if match.start() > at:
            yield Span(text[at : match.start()], role)
        yield Span(address, role, "" if MASK in address else address)
        at = match.start() + len(address)
    if at < len(text):
        yield Span(text[at:], role)
