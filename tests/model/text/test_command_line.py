"""Commands as text: each is what a shell gives back to clawtui, for the same state directory."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import clawtui
from clawtui.model.text.command_line import ANYWHERE, CommandLine

ROOT = "/srv/my 'claw'"
HERE = CommandLine(ROOT)

_TEXT = st.text(
    st.characters(min_codepoint=32, max_codepoint=126) | st.sampled_from("äß汉 \x1b\n\u202e`$"), max_size=20
)


@given(_TEXT.filter(bool), st.sampled_from([None, "/srv/claw", ROOT, "/srv/`id`", "/srv/$(id)"]))
def test_a_shell_gives_back_the_words(name: str, root: str | None) -> None:
    text = CommandLine(root).command("lock", "release", name)
    if text is not None:
        at_root = [] if root is None else ["--root", root]
        words = ["clawtui", *at_root, "lock", "release", *(["--"] if name.startswith("-") else []), name]
        assert shlex.split(text) == words


def test_a_name_that_cannot_be_shown_is_in_no_command() -> None:
    assert ANYWHERE.command("lock", "show", "a\x1b[31m") is None
    assert HERE.hint("lock", "show", "a\x1b[31m", name="KEY") == f"`clawtui --root {shlex.quote(ROOT)} lock show KEY`"
    assert CommandLine("/a\nb").hint("lock", "list") == "`clawtui --root DIR lock list`"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("clawtui doctor --fix", f"clawtui --root {shlex.quote(ROOT)} doctor --fix"),
        ("See `clawtui logs`.", f"See `clawtui --root {shlex.quote(ROOT)} logs`."),
        ("clawtui --root /else logs", "clawtui --root /else logs"),
        ("the audit of clawtui tells", "the audit of clawtui tells"),
    ],
)
def test_a_root_is_added_where_a_command_has_none(text: str, expected: str) -> None:
    assert HERE.at_root(text) == expected
    assert ANYWHERE.at_root(text) == text


def test_no_other_place_makes_commands() -> None:
    """A command that is written into a message as text has no root: those listed are about none, or examples."""
    written = re.compile(r"(?<!`)`clawtui [^`]*`(?!`)|f\"clawtui [a-z]")
    found = {
        f"{path.name}: {line.strip()}"
        for path in Path(clawtui.__file__).parent.rglob("*.py")
        for line in path.read_text().splitlines()
        if written.search(line)
        and not line.strip().startswith('"""')
        and path.name not in ("command_line.py", "failures.py")  # a report's heading
    }
    assert {line.partition(":")[0] for line in found} <= {
        "maintenance.py",  # the palette names the command that does the same
        "bindings.py",  # the tooltip of a key names the command that does the same
        "gateway_command.py",  # names the dashboard's own command, and asks for nothing
        "consent.py",  # names lock run, and asks for nothing
        "origin_guard.py",  # names the server that runs
    }, found
