"""A command on several lines."""

from __future__ import annotations

import subprocess

from clawtui.model.text.command_line import command_lines


def test_a_long_command_is_continued_with_backslashes() -> None:
    command = "clawtui --root '/srv/my claw' lock release github.com/user/a-rather-long-name"
    lines = command_lines(command, 40)
    assert lines[0].endswith(" \\")
    assert all(len(line) <= 49 for line in lines)
    ended = subprocess.run(
        ["sh", "-c", "clawtui() { printf '%s\\n' \"$@\"; }\n" + "\n".join(lines)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout.splitlines() == [
        *("--root", "/srv/my claw", "lock", "release", "github.com/user/a-rather-long-name")
    ]
