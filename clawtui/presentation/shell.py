"""A shell command on several lines, for a terminal that is narrower than the command."""

from __future__ import annotations

import shlex

from clawtui.model.text.width import cell_width

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
