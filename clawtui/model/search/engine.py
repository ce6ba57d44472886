"""The search engine: RE2 if it is installed, else Python's `re`, behind one interface.

RE2 (the extra `search`) takes time in proportion to the text for every pattern, and lets other threads run while it
searches. `re` finds the same lines, but may take very long for some patterns.

RE2's defaults are wrong for logs, so it searches with these: no message on standard error (`log_errors`), no match
across a newline (`never_nl`), ``^`` and ``$`` at the ends of each line (``(?m)``), classes of Unicode (`syntax`).
"""

from __future__ import annotations

import codecs
import re
import warnings
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Protocol

from clawtui.model.search.syntax import for_lines, tokens

if TYPE_CHECKING:
    from types import ModuleType

_MAX_MEMORY: Final = 32 * 1024 * 1024
"""Bytes for one pattern; with RE2's 8 MB, patterns with large counts, such as ``.{1000}x``, are 100 times as slow."""
_WINDOW: Final = 2048
"""Bytes that are searched for one of several texts before the next text; four times as many after each failure."""
_DECODED: Final = 16 * 1024
"""Bytes whose encoding is checked at once: a block that fits the processor's cache is four times as fast."""


class InvalidPattern(ValueError):
    """The engine does not accept the pattern. The error's text is a clause: ``uses look-around, which …``."""


class Searcher(Protocol):
    """A search in bytes that hold whole lines."""

    checks_encoding: bool
    """Whether it finds every match in a line that is not UTF-8; if not, such a line must be searched `as_utf8`."""

    def find(self, data: bytes, start: int, end: int) -> int:
        """Return an offset within the first line from `start` to `end` with a match; -1 where there is none.

        `start` is the start of a line and `end` the end of one.
        """

    def spans(self, text: str) -> Sequence[tuple[int, int]]:
        """Return where `text` matches, as (start, end) in characters, without empty matches."""


def engine_name() -> str:
    """Return the name of the engine and its version, for ``clawtui --version``."""
    if _re2() is None:
        return "re (google-re2 is not installed: some patterns may take very long)"
    from importlib.metadata import PackageNotFoundError, version  # loads the parsing of e-mail, too slow for each start

    try:
        return f"google-re2 {version('google-re2')}"
    except PackageNotFoundError:
        return "google-re2"


@lru_cache(maxsize=4)
def pattern_searcher(source: str, ignore_case: bool) -> Searcher:
    """Return a searcher for a regular expression. Raises InvalidPattern."""
    re2 = _re2()
    return _ReSearcher(source, ignore_case) if re2 is None else _Re2Searcher(re2, source, ignore_case)


@lru_cache(maxsize=16)
def literal_searcher(literals: tuple[bytes, ...], ignore_case: bool = False) -> Searcher | None:
    """Return a searcher for any of the texts; None if no fast one is available."""
    if not ignore_case:
        return _Literals(literals)
    re2 = _re2()
    if re2 is None:
        return None
    try:
        options = _options(re2)
        options.case_sensitive = False
        return _Re2Bytes(re2, b"|".join(map(re2.escape, literals)), options)
    except re2.error:  # too long
        return None


@lru_cache(maxsize=16)
def byte_searcher(source: bytes) -> Searcher | None:
    """Return a searcher for an expression of RE2 in which each byte is a character; None without RE2."""
    re2 = _re2()
    if re2 is None:
        return None
    options = _options(re2)
    options.encoding = options.Encoding.LATIN1
    return _Re2Bytes(re2, b"(?m)" + source, options)


def as_utf8(line: bytes) -> bytes:
    """Return the line with U+FFFD for all bytes that are not UTF-8, which is how it is shown."""
    return line.decode("utf-8", "replace").encode()


def invalid_from(data: bytes, start: int, end: int) -> int:
    """Return the offset of the first bytes between `start` and `end` that are not UTF-8; `end` if all are."""
    view = memoryview(data)
    while start < end:
        stop = min(end, start + _DECODED)
        try:
            start += codecs.utf_8_decode(view[start:stop], "strict", stop == end)[1]
        except UnicodeDecodeError as error:
            return start + error.start
    return end


class _Re2Searcher:
    """A regular expression of RE2. In a line that is not UTF-8, ``.`` and classes miss the bytes that are not."""

    checks_encoding = False

    def __init__(self, re2: ModuleType, source: str, ignore_case: bool) -> None:
        if any(token.source == r"\C" for token in tokens(source)):
            raise InvalidPattern(r"is no regular expression (\C is not known)")
        flags = "(?im)" if ignore_case else "(?m)"
        try:
            self._compile(re2, f"{flags}{for_lines(source)}".encode(), _options(re2))
        except UnicodeEncodeError:
            raise InvalidPattern("is no text") from None
        except re2.error as error:
            raise InvalidPattern(_reason(error, flags, source)) from None
        finally:
            re2.purge()  # RE2's cache would keep the memory of 128 patterns

    def _compile(self, re2: ModuleType, source: bytes, options: Any) -> None:
        self._compiled = re2.compile(source, options)
        # What its `search` calls, without the generator and the match object around it: three times as fast where most
        # lines match. A test fails if a new version no longer has it.
        self._match = self._compiled._regexp.Match
        self._unanchored = re2._re2.RE2.Anchor.UNANCHORED

    def find(self, data: bytes, start: int, end: int) -> int:
        """See `Searcher`."""
        (begin, _), *_ = self._match(self._unanchored, data, start, end)
        return int(begin)

    def spans(self, text: str) -> Sequence[tuple[int, int]]:
        """See `Searcher`."""
        valid = text.encode("utf-8", "replace").decode()
        return [match.span() for match in self._compiled.finditer(valid) if match.end() > match.start()]


class _Re2Bytes(_Re2Searcher):
    """An expression that finds the same in lines of any encoding: literal texts, or one of single bytes."""

    checks_encoding = True

    def __init__(self, re2: ModuleType, source: bytes, options: Any) -> None:
        self._compile(re2, source, options)


class _ReSearcher:
    """A regular expression of Python's, one line after the other."""

    checks_encoding = True

    def __init__(self, source: str, ignore_case: bool) -> None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # they would be printed over the screen
                self._compiled = re.compile(source, re.IGNORECASE if ignore_case else 0)
        except (re.error, OverflowError, RecursionError) as error:
            raise InvalidPattern(f"is no regular expression ({error})") from None

    def find(self, data: bytes, start: int, end: int) -> int:
        """See `Searcher`."""
        for begin, stop in _lines(data, start, end):
            if self._compiled.search(data[begin:stop].decode("utf-8", "replace")):
                return begin
        return -1

    def spans(self, text: str) -> Sequence[tuple[int, int]]:
        """See `Searcher`."""
        return [match.span() for match in self._compiled.finditer(text) if match.end() > match.start()]


class _Literals:
    """Literal texts, found by the C library a few times as fast as by either engine."""

    checks_encoding = True

    def __init__(self, literals: tuple[bytes, ...]) -> None:
        self._literals = literals

    def find(self, data: bytes, start: int, end: int) -> int:
        """See `Searcher`."""
        if len(self._literals) == 1:
            return data.find(self._literals[0], start, end)
        window = _WINDOW
        while start <= end:
            nearest = -1
            for literal in self._literals:
                limit = start + window if nearest < 0 else nearest
                at = data.find(literal, start, min(end, limit + len(literal) - 1))
                nearest = at if at >= 0 else nearest
            if nearest >= 0:
                return nearest
            start, window = start + window, 4 * window
        return -1

    def spans(self, text: str) -> Sequence[tuple[int, int]]:
        """Return no spans: literals are only used to find lines, not to highlight in them."""
        return ()


def _lines(data: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start <= end:
        newline = data.find(b"\n", start, end)
        stop = end if newline < 0 else newline
        yield start, stop
        start = stop + 1


@lru_cache(maxsize=1)
def _re2() -> ModuleType | None:
    try:
        import re2
    except ImportError:
        return None
    module: ModuleType = re2
    return module


def _options(re2: ModuleType) -> Any:
    options = re2.Options()
    options.log_errors = False
    options.never_nl = True
    options.never_capture = True
    options.max_mem = _MAX_MEMORY
    return options


def _reason(error: Exception, flags: str, source: str) -> str:
    message = error.args[0]
    text = (message.decode("utf-8", "replace") if isinstance(message, bytes) else str(message)).replace(flags, "", 1)
    if re.match(r"invalid perl operator: \(\?<?[=!]", text):
        return "uses look-around, which this search does not know"
    if re.search(r"\\[1-9]$", text) or (text.startswith("invalid perl operator") and "(?P=" in source):
        return "uses a back-reference, which this search does not know"
    return f"is no regular expression this search knows ({text})"
