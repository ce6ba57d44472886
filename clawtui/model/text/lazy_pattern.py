"""Regular expressions that are compiled at their first use."""

from __future__ import annotations

import re
from typing import Any, cast


class _LazyPattern:
    def __init__(self, pattern: str, flags: int) -> None:
        self._arguments = pattern, flags
        self._compiled: re.Pattern[str] | None = None

    def __getattr__(self, name: str) -> Any:
        """Return a method of the compiled pattern, and keep it: it is then found without a call of this one."""
        if self._compiled is None:
            self._compiled = re.compile(*self._arguments)
        found = getattr(self._compiled, name)
        setattr(self, name, found)
        return found


def lazy_pattern(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return an object with the methods of ``re.compile(pattern, flags)``, which is compiled at the first use of one.

    For patterns of modules that are imported at each start and needed at few: compiling all of them takes 4 % of the
    time of a short command. The object cannot be passed to functions of ``re``. An invalid pattern raises at its first
    use.
    """
    return cast("re.Pattern[str]", _LazyPattern(pattern, flags))
