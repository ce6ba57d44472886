"""A stock gateway on another host: each pane and dialog of its dashboard here shows what the one there shows."""

from __future__ import annotations

import getpass
import json
import re
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clawtui.remote.command import SSH_COMMAND
from tests.hard.sshd import SSH, needs_sshd, run_server
from tests.hard.terminals import DASHBOARD, HardTerminal
from tests.openclaw.gateway_store import GatewayStore, gateway_lock
from tests.remote.other_host import OtherHost
from tests.tui.dashboard_of_gateway import DEAD, HOUR_MS, ailing_gateway
from tests.waiting import wait_until

pytestmark = pytest.mark.slow

GONE = "gone: "
"""The beginning of a text that is to disappear."""
KEYS: list[tuple[str, str]] = [
    ("j", "Automations  2/5"),
    ("?", "WHAT IT DOES"),
    ("esc", f"{GONE}WHAT IT DOES"),
    ("F", "›✗  Job failed"),
    ("d", "store_key"),
    ("esc", f"{GONE}store_key"),
    ("w", "not running: "),
    ("esc", f"{GONE}not running: "),
    ("D", "gateway-down"),
    ("esc", f"{GONE}gateway-down"),
    ("H", "Runs  1/33"),
    ("j", "Runs  2/33"),
    ("esc", f"{GONE}Runs  2/33"),
    ("a", "keeps no artifacts"),
    ("C", "has no dispatcher"),
    ("B", "keeps no workspaces"),
    ("A", "has no logs of runs"),
    ("2", "▌2 Timeline"),
    ("[", "newest run"),
    ("]", f"{GONE}newest run"),
    ("3", "a line about failed"),
    ("0", "a line about lost"),
    ("4", "▌4 Locks"),
    ("j", "Locks  2/3"),
    ("d", "╭"),
    ("esc", f"{GONE}╭"),
]
"""Keys of the dashboard, each with a text that is on the screen afterwards, or no longer."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[GatewayStore]:
    """Yield a gateway with a lock that it left, a long history, and a log."""
    root = tmp_path / "there"
    store = ailing_gateway(root)
    gateway_lock(root, pid=DEAD, startTime=5, createdAt=datetime.now(UTC).isoformat())
    (began,) = store.connection.execute("SELECT min(started_at_ms) FROM cron_run_receipts WHERE job_id = 'failed'")
    for number in range(1, 31):
        start = began[0] - number * HOUR_MS
        store.receipt(f"old-{number}", "failed", "ok", start, start + 1000)
    log = root / "gateway.log"
    (root / "openclaw.json").write_text(json.dumps({"logging": {"file": str(log)}}))
    lines = (
        {
            "_meta": {"logLevelName": "INFO"},
            "0": '{"module":"cron"}',
            "1": {"jobId": id},
            "2": f"a line about {id}",
            "time": datetime.now(UTC).isoformat(),
        }
        for id in ("failed", "lost")
    )
    log.write_text("".join(json.dumps(line) + "\n" for line in lines))
    yield store
    store.close()


@pytest.fixture(params=["shell", pytest.param("sshd", marks=needs_sshd)])
def ssh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Yield the command that reaches the other host: a shell in the place of ssh, and a real sshd."""
    if request.param == "shell":
        yield shlex.quote(str(OtherHost(tmp_path, tmp_path).script('exec sh -c "$command"')))
        return
    with contextmanager(run_server)(tmp_path) as server:
        known = ["UserKnownHostsFile=/dev/null", "StrictHostKeyChecking=no", "IdentitiesOnly=yes", "LogLevel=ERROR"]
        options = [part for option in known for part in ("-o", option)]
        yield shlex.join([str(SSH), "-F", "none", *options, "-i", str(server.place / "user"), "-p", str(server.port)])


@pytest.mark.parametrize(("cols", "rows"), [(120, 40), (80, 24)])
def test_each_key_shows_the_same_here_as_there(
    cols: int, rows: int, ssh: str, store: GatewayStore, tmp_path: Path
) -> None:
    command = shlex.join(["env", f"XDG_STATE_HOME={tmp_path}/state", "TZ=UTC", sys.executable, "-m", "clawtui"])
    root = {"path": str(store.root)}
    there = environment(tmp_path / "there-home", root, ssh)
    here = environment(
        tmp_path / "here-home", root | {"host": f"{getpass.getuser()}@127.0.0.1", "command": command}, ssh
    )
    with (
        HardTerminal([*DASHBOARD, "--root", "work"], cols=cols, rows=rows, env=there) as one,
        HardTerminal([*DASHBOARD, "--root", "work"], cols=cols, rows=rows, env=here) as other,
    ):
        until_same(one, other, "findings", "the start")
        for key, text in KEYS:
            for terminal in (one, other):
                terminal.press(key)
            until_same(one, other, text, key, also_rows=key != "D")  # whose commands name the root, here and there
        store.job("failed", enabled=False)
        for terminal in (one, other):
            terminal.press("1")
        until_same(one, other, "disabled", "a change of the store")
        for terminal in (one, other):
            terminal.press("q")
            assert terminal.wait_exit() == 0


def environment(home: Path, root: dict[str, str], ssh: str) -> dict[str, str]:
    """Return the environment of an operator whose settings have the root ``work``."""
    settings = home / "config/clawtui/config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text("[roots.work]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in root.items()))
    own = {"XDG_CONFIG_HOME": f"{home}/config", "XDG_STATE_HOME": f"{home}/state"}
    return {"TZ": "UTC", SSH_COMMAND: ssh, **own}


def until_same(one: HardTerminal, other: HardTerminal, text: str, what: str, *, also_rows: bool = True) -> None:
    """Wait until both show ``text``, and with ``also_rows`` the same below the header, which names root and host."""

    def are_same() -> bool:
        is_there = all(has(terminal, text) for terminal in (one, other))
        return is_there and (not also_rows or shown(one) == shown(other))

    try:
        wait_until(are_same, 60, what)
    except AssertionError:
        pairs = zip(shown(one), shown(other), strict=True)
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
