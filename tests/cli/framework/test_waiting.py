"""The message about a file system that hangs, and no message about other waits."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.gateway_root import GatewayRoot

HANGING = """
import os, sys
from clawtui.cli import main
from clawtui.cli.framework import waiting
from clawtui.files.fs import reading

fifo, wanted = sys.argv.pop(1), sys.argv.pop(1)
hanging = '''
def opened(name, flags, directory=None):
    if name == wanted:
        with io.open(fifo, "rb") as hang:
            hang.read()
    return usual(name, flags, directory)
'''
import io
names = {"io": io, "fifo": fifo, "wanted": wanted, "usual": reading._open}
exec(compile(hanging, reading.__file__, "exec"), names)
reading._open = names["opened"]
waiting.AFTER = 0.1
main.main()
"""


def test_a_hanging_path_is_named_until_the_file_system_answers(gateway: GatewayRoot, tmp_path: Path) -> None:
    gateway.automation("alpha")
    fifo = tmp_path / "hang"
    os.mkfifo(fifo)
    command = [sys.executable, "-c", HANGING, str(fifo), "alpha.json", "--root", str(gateway.root)]
    with subprocess.Popen(
        [*command, "automation", "list"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        place = gateway.automations / "config/smart-sync-fork/alpha.json"
        assert process.stderr.readline() == f"clawtui: still waiting for {place}\n"
        fifo.write_bytes(b"")
        out, error = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "alpha" in out
    assert error == ""


def test_a_wait_for_something_else_has_no_message(gateway: GatewayRoot) -> None:
    gateway.automation("alpha")
    silent = (
        "from clawtui.cli import main\nfrom clawtui.cli.framework import waiting\nwaiting.AFTER = 0.02\nmain.main()"
    )
    command = [sys.executable, "-c", silent, "--root", str(gateway.root), "wait", "alpha", "--next", "--timeout", "1s"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 124
    assert "waiting for /" not in done.stderr
