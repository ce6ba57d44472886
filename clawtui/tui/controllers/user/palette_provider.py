"""The search of the palette: a command is found by its name, and by other words for what it does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from textual.command import Hit, Hits
from textual.content import Content
from textual.system_commands import SystemCommandsProvider

from clawtui.tui.screens.palette import synonyms

_BY_NAME: Final = 100.0
_BY_SYNONYM: Final = 50.0
"""The bonus to the score of a command whose name or synonyms have each word of the query. The matcher of Textual also
finds names that only have the letters of the query in their order.
"""


class PaletteProvider(SystemCommandsProvider):
    """Provider of the app's commands."""

    async def search(self, query: str) -> Hits:
        """Yield the commands whose name matches, with the match highlighted, and those that a synonym matches."""
        matcher, others = self.matcher(query), synonyms(self.screen)
        words = query.casefold().split()
        for command in self.app.get_system_commands(self.screen):
            score = matcher.match(command.title)
            shown = matcher.highlight(command.title) if score > 0 else Content(command.title)
            if _has(command.title, words):
                score += _BY_NAME
            elif _has(others.get(command.title, ""), words):
                score += _BY_SYNONYM
            if score > 0:
                yield Hit(score, shown, command.callback, help=command.help)


def _has(text: str, words: Sequence[str]) -> bool:
    """Return whether each of `words` is the beginning of a word of `text`."""
    known = text.casefold().replace(":", " ").split()
    return bool(words) and all(any(each.startswith(word) for each in known) for word in words)
