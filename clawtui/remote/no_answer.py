"""The reason why clawtui on another host has not answered: from the exit status of ssh, and from what was printed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from clawtui.remote.address import RemoteRoot

SSH_FAILED: Final = 255
"""The exit status of ssh where it has failed itself."""
_NOT_FOUND: Final = 127

_MISSING: Final = re.compile(r"not found|unknown command|no such file", re.IGNORECASE)
"""What shells print for a command that they do not find; csh and tcsh end with status 1."""
_TOO_OLD: Final = re.compile(r"No such command .?agent\b")
"""What a clawtui prints that cannot be reached from another host."""
_CONNECT: Final = re.compile(r"connect to (?:host|address) (\S+) port (\d+): (.+)")
_CHANGED_KEY: Final = re.compile(r"Host key for (\S+) has changed\b")
_KNOWN_KEY: Final = re.compile(r"Offending \S+ key in (.+:\d+)")
_IS_UP: Final = "is that host up, and can it be reached from here?"
_WAYS_OUT: Final = (
    ("Host key verification failed", "its key is not known here yet, and ssh could not ask"),
    ("Permission denied", "it accepts nothing that ssh has offered"),
    ("Could not resolve hostname", "is the name right in the settings, or in the configuration of ssh?"),
    ("Connection refused", "is sshd running there?"),
    ("timed out", _IS_UP),
    ("No route to host", _IS_UP),
    ("Network is unreachable", _IS_UP),
    ("kex_exchange_identification", "its sshd accepts no further connection now (MaxStartups), or none from here"),
)
"""What helps, by the words of ssh."""


class NoAnswer(NamedTuple):
    """Why there was no answer, and what helps."""

    kind: Literal["ssh", "changed-key", "missing", "old", "failed"]
    reason: str
    way_out: str = ""
    """What the operator can do; empty where nothing is known to help."""
    details: str = ""
    """What the shell there has printed."""

    @property
    def line(self) -> str:
        """All in one line, the details last, because the end of a line may be cut."""
        text = f"{self.reason.rstrip('.')}: {self.way_out}" if self.way_out else self.reason
        return f"{text} ({self.details})" if self.details else text


def why_no_answer(root: RemoteRoot, status: int | None, errors: Sequence[str]) -> NoAnswer:
    """Return why clawtui on the host of ``root`` has not answered before the end of ssh.

    Args:
        root: The root.
        status: The exit status of ssh; None or negative where it was ended.
        errors: The last lines of standard error, cleaned.
    """
    last = next((line for line in reversed(errors) if line), "")
    if status is None or status < 0 or status == SSH_FAILED:
        return _of_ssh(last, errors)
    if any(_TOO_OLD.search(line) for line in errors):
        return NoAnswer("old", "the clawtui there is too old", "update it there")
    missing = next((line for line in errors if _MISSING.search(line)), "")  # fish underlines the word below it
    if status == _NOT_FOUND or missing or not last:
        named = f'name its command: [roots.{root.name or "NAME"}] command = "/path/to/clawtui"'
        return NoAnswer("missing", "no clawtui there", f"run “pip install clawtui” there, or {named}", missing or last)
    return NoAnswer("failed", f"its command there ended with status {status}: {last}")


def _of_ssh(last: str, errors: Sequence[str]) -> NoAnswer:
    """Return the reason in the lines that ssh has printed, the word that matters first."""
    if (changed := next((found for line in errors if (found := _CHANGED_KEY.search(line))), None)) is not None:
        known = next((found[1] for line in errors if (found := _KNOWN_KEY.search(line))), "the list of known hosts")
        way_out = f"ask its operator; only if that is right, remove the known key from {known}"
        return NoAnswer("changed-key", f"ssh: the key of {changed[1]} is another one than before", way_out)
    text = last.removeprefix("ssh: ")
    if (found := _CONNECT.fullmatch(text)) is not None:
        text = f"{found[3]} ({found[1]} port {found[2]})"
    way_out = next((way for words, way in _WAYS_OUT if any(words in line for line in errors)), "")
    return NoAnswer("ssh", f"ssh: {text}" if text else "ssh failed", way_out)
