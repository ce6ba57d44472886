"""Commands as text that an operator can paste into a shell.

Each command of clawtui has the option ``--root``, unless ``clawtui`` finds the same state directory without it. A
command without it could act on another gateway.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from msgspec import Struct

from clawtui.model.text.cleaning import clean
from clawtui.model.text.lazy_pattern import lazy_pattern
from clawtui.model.text.width import cell_width

PROGRAM = "clawtui"

_ROOTLESS = lazy_pattern(rf"(?:^|(?<=`)){PROGRAM} (?!--root )")
"""A command without ``--root`` at the beginning of a text or after a backtick."""


class CommandLine(Struct, frozen=True):
    """The command line with which an operator calls clawtui for one state directory."""

    root: str | None = None
    """The absolute path, name or address for ``--root``; None if ``clawtui`` finds the directory without it."""

    def command(self, *words: str) -> str | None:
        """Return ``clawtui --root … WORDS`` quoted for a shell.

        The last word is a name from disk: if it begins with a hyphen, the command has ``--`` before it.
        None if a word has characters that cannot be shown, and so cannot be copied.
        """
        if any(clean(word) != word for word in (*words, self.root or "")):
            return None
        *others, name = words
        return shlex.join([*self._program, *others, *(["--", name] if name.startswith("-") else [name])])

    def hint(self, *words: str, name: str = "NAME") -> str:
        """Return the command between backticks, for a message.

        If the last word cannot be shown, ``name`` replaces it; if the root cannot, DIR does. A command on the settings
        of this host is followed by its name within `read_elsewhere`.
        """
        where = f" on {_hosts[-1]}" if words[0] == "config" and _hosts else ""
        return f"`{self.command(*words) or self._with_placeholders(words, name)}`{where}"

    def at_root(self, text: str) -> str:
        """Return ``text`` with the option ``--root`` added to each command in it that has none.

        A command is what begins with the program's name, at the beginning of ``text`` or after a backtick.
        """
        if self.root is None:
            return text
        return _ROOTLESS.sub(lambda found: f"{self.program} ", text)

    @property
    def program(self) -> str:
        """Return the beginning of a command, with DIR for a root that cannot be shown."""
        shown = self.root is None or clean(self.root) == self.root
        return shlex.join(self._program) if shown else f"{PROGRAM} --root DIR"

    @property
    def _program(self) -> list[str]:
        return [PROGRAM] if self.root is None else [PROGRAM, "--root", self.root]

    def _with_placeholders(self, words: tuple[str, ...], name: str) -> str:
        shown = [word if clean(word) == word else name for word in words]
        whole = ANYWHERE.command(*shown) or PROGRAM
        return self.at_root(whole)


_hosts: Final[list[str]] = []


@contextmanager
def read_elsewhere(host: str) -> Iterator[None]:
    """Within the ``with``, messages are read on another host than this one, which is called ``host``."""
    _hosts.append(host)
    try:
        yield
    finally:
        _hosts.pop()


ANYWHERE = CommandLine()
"""For commands that need no state directory, such as ``config``."""


_CONTINUED = " \\"
"""The end of a line after which a shell reads on in the next one."""


def command_lines(command: str, width: int, indent: int = 2) -> list[str]:
    """Return ``command`` on lines that a shell reads as one command.

    Each line but the last ends with a backslash. The command is broken between words only, and every word is quoted as
    the shell needs it.

    Args:
        command: The command, as one line that a shell accepts.
        width: The cells that a line may take. A line with a single longer word takes more.
        indent: The blanks in front of each line but the first.

    Raises:
        ValueError: A quotation in ``command`` is not closed.
    """
    lines: list[str] = []
    for word in map(shlex.quote, shlex.split(command)):
        if lines and cell_width(lines[-1]) + 1 + cell_width(word) + len(_CONTINUED) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word if not lines else " " * indent + word)
    return [line + _CONTINUED for line in lines[:-1]] + lines[-1:]
