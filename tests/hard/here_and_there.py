"""Two terminals with one root: a dashboard on its host, and one that reaches it over ssh."""

from __future__ import annotations

import getpass
import json
import re
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from clawtui.remote.command import SSH_COMMAND
from tests.hard.sshd import SSH, run_server
from tests.hard.terminals import DASHBOARD, HardTerminal
from tests.remote.other_host import OtherHost
from tests.waiting import wait_until

GONE = "gone: "
"""The beginning of a text that is to disappear."""


def ssh_commands(kind: str, place: Path) -> Iterator[str]:
    """Yield the command that reaches the other host: a ``shell`` in the place of ssh, or a real ``sshd``."""
    if kind == "shell":
        yield shlex.quote(str(OtherHost(place, place).script('exec sh -c "$command"')))
        return
    with contextmanager(run_server)(place) as server:
        known = ["UserKnownHostsFile=/dev/null", "StrictHostKeyChecking=no", "IdentitiesOnly=yes", "LogLevel=ERROR"]
        options = [part for option in known for part in ("-o", option)]
        yield shlex.join([str(SSH), "-F", "none", *options, "-i", str(server.place / "user"), "-p", str(server.port)])


def environment(home: Path, root: dict[str, str], ssh: str) -> dict[str, str]:
    """Return the environment of an operator whose settings have the root ``work``."""
    settings = home / "config/clawtui/config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text("[roots.work]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in root.items()))
    own = {"XDG_CONFIG_HOME": f"{home}/config", "XDG_STATE_HOME": f"{home}/state"}
    return {"TZ": "UTC", SSH_COMMAND: ssh, **own}


@contextmanager
def here_and_there(
    root: Path, place: Path, ssh: str, cols: int = 120, rows: int = 40
) -> Iterator[tuple[HardTerminal, HardTerminal]]:
    """Yield two terminals with the dashboard of ``root``: that on its host, and that which reaches it by ``ssh``."""
    command = shlex.join(["env", f"XDG_STATE_HOME={place}/state", "TZ=UTC", *DASHBOARD])
    named = {"path": str(root)}
    there = environment(place / "there-home", named, ssh)
    host = {"host": f"{getpass.getuser()}@127.0.0.1", "command": command}
    here = environment(place / "here-home", named | host, ssh)
    with (
        HardTerminal([*DASHBOARD, "--root", "work"], cols=cols, rows=rows, env=there) as one,
        HardTerminal([*DASHBOARD, "--root", "work"], cols=cols, rows=rows, env=here) as other,
    ):
        yield one, other


def until_same(
    one: HardTerminal,
    other: HardTerminal,
    text: str,
    what: str,
    *,
    also_rows: bool = True,
    in_numbers: bool = False,
) -> None:
    """Wait until both show ``text``, and with ``also_rows`` the same below the header, which names root and host.

    With ``in_numbers`` the numbers are the same too: no ages are shown.
    """

    def rows_of(terminal: HardTerminal) -> list[str]:
        return [row.strip() for row in terminal.screen()[1:]] if in_numbers else shown(terminal)

    def are_same() -> bool:
        is_there = all(has(terminal, text) for terminal in (one, other))
        return is_there and (not also_rows or rows_of(one) == rows_of(other))

    try:
        wait_until(are_same, 60, what)
    except AssertionError:
        pairs = zip(rows_of(one), rows_of(other), strict=True)
        raise AssertionError(
            f"after {what}, for {text!r}:", [each for each in pairs if each[0] != each[1]], shown(other)
        ) from None


def has(terminal: HardTerminal, text: str) -> bool:
    if text.startswith(GONE):
        return text.removeprefix(GONE) not in terminal.text
    return text in terminal.text


def shown(terminal: HardTerminal) -> list[str]:
    """Return the rows without the header, with numbers and the width of gaps left out: ages pass meanwhile."""
    return [re.sub(r"(\d+[a-z]?)+", "#", re.sub(r"[ ─]+", " ", row)).strip() for row in terminal.screen()[1:]]
