"""The temporary directories of sources: a killed owner's is removed at the next start, and nothing else."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from clawtui.remote.client.own_directory import OwnDirectory, remove_left_directories

OWNER = """
import time
from clawtui.remote.client.own_directory import OwnDirectory
own = OwnDirectory()
(own.path / "automations").mkdir()
(own.path / "automations" / "x.json").write_text("{}")
print(own.path, flush=True)
time.sleep(600)
"""


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


def test_only_the_directory_of_a_dead_owner_is_removed(temporary: Path) -> None:
    foreign = temporary / "clawtui-remote-without-a-lock"
    foreign.mkdir(mode=0o700)
    (foreign / "kept").touch()
    readable = temporary / "clawtui-remote-for-all"
    readable.mkdir()
    readable.chmod(0o755)
    (readable / ".owner").write_text("1")
    target = temporary / "elsewhere"
    target.mkdir(mode=0o700)
    (target / ".owner").write_text("1")
    (temporary / "clawtui-remote-link").symlink_to(target)
    process = subprocess.Popen([sys.executable, "-c", OWNER], stdout=subprocess.PIPE, text=True)
    with process, closing(OwnDirectory()) as own:
        assert process.stdout is not None
        left = Path(process.stdout.readline().strip())
        remove_left_directories()
        assert (left / "automations" / "x.json").exists(), "its owner lives"
        process.send_signal(signal.SIGKILL)
        process.wait()
        remove_left_directories()
        assert not left.exists()
        assert own.path.exists()
        assert (foreign / "kept").exists()
        assert (readable / ".owner").exists()
        assert (target / ".owner").exists()
    assert not own.path.exists()
