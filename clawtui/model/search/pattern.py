"""Patterns that are searched for in logs, in the dashboard and by ``clawtui logs --grep``.

**Matched text:** the line as it is in the file, not the text that is shown: its keys, quotes and escapes are part of
it, an escaped character is not the character itself, and secrets are not masked. Bytes that are not UTF-8 count as
U+FFFD, and of a line of more than MAX_LINE_BYTES only the beginning is searched (`line_filter`). Matches are
highlighted only if the shown text matches too.

**Case:** a pattern without an upper-case literal letter matches letters of either case.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from clawtui.model.search.engine import InvalidPattern, Searcher, as_utf8, invalid_from, pattern_searcher
from clawtui.model.search.syntax import has_upper_case

_IGNORE_CASE = "(?i)"


class Pattern(Struct, frozen=True):
    """A valid pattern; `parse` makes one from typed text."""

    text: str
    """As typed."""
    source: str
    """The regular expression."""
    ignore_case: bool

    @staticmethod
    def parse(text: str, case_sensitive: bool = False) -> Pattern:
        """Return the regular expression `text` as a pattern. Raises InvalidPattern.

        With `case_sensitive` no letter matches the other case, unless the expression itself says so.
        """
        source = text.removeprefix(_IGNORE_CASE)
        ignore_case = source != text or not (case_sensitive or has_upper_case(source))
        pattern = Pattern(text, source, ignore_case)
        try:
            _ = pattern.searcher
        except InvalidPattern as error:
            raise InvalidPattern(f"“{text}” {error}") from None
        return pattern

    @staticmethod
    def literal(text: str) -> Pattern:
        """Return a pattern that matches `text` itself."""
        source = re.escape(text.encode("utf-8", "replace").decode())
        return Pattern(text, source, not has_upper_case(source))

    @property
    def searcher(self) -> Searcher:
        """The engine's searcher for the pattern."""
        return pattern_searcher(self.source, self.ignore_case)

    def matches(self, line: bytes) -> bool:
        """Return whether one line matches, without its newline and not cut."""
        searcher = self.searcher
        if not searcher.checks_encoding and not line.isascii() and invalid_from(line, 0, len(line)) < len(line):
            line = as_utf8(line)
        return searcher.find(line, 0, len(line)) >= 0

    def spans(self, shown: str) -> Sequence[tuple[int, int]]:
        """Return the matches in the shown text of a line, as (start, end) in characters."""
        return self.searcher.spans(shown)
