"""Which processes can be seen from here, and whether a directory is shared, in namespaces of their own."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clawtui.files.fs import mount_points
from clawtui.files.fs.mount_points import network_file_system
from clawtui.operations.evidence import processes
from clawtui.operations.evidence.processes import may_be_there, why_hidden
from clawtui.operations.locks.restore import AT_WORK, may_go_on
from tests.cli.processes import PROJECT
from tests.gateway_root import GatewayRoot

TELL = "from clawtui.operations.evidence.processes import why_hidden; print(why_hidden())"
OWN = "clawtui runs in a pid namespace of its own (a container), and sees only what is in there"
HIDDEN = "/proc hides the processes of other users from this one (hidepid)"
NONE = "there is no /proc of this system here, so which processes there are cannot be seen"
MOUNT = ("unshare", "--mount", "sh", "-c")


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (("unshare", "--pid", "--fork", "--mount-proc"), OWN),
        (("unshare", "--pid", "--fork"), OWN),
        ((*MOUNT, 'mount -t tmpfs none /proc && exec "$@"', "sh"), NONE),
        ((*MOUNT, 'mount -t proc -o hidepid=2 proc /proc && exec setpriv --reuid=12345 "$@"', "sh"), HIDDEN),
        ((*MOUNT, 'mount -t proc -o hidepid=2 proc /proc && exec setpriv --bounding-set=-all "$@"', "sh"), HIDDEN),
        ((*MOUNT, 'mount -t proc -o hidepid=2 proc /proc && exec unshare --user --map-root-user "$@"', "sh"), HIDDEN),
        ((*MOUNT, 'mount -t proc -o hidepid=2 proc /proc && exec "$@"', "sh"), "None"),
        ((*MOUNT, 'mount -t proc -o hidepid=0 proc /proc && exec setpriv --reuid=12345 "$@"', "sh"), "None"),
    ],
    ids=["own pids", "own pids, host's proc", "no proc", "hidepid", "no capabilities", "user namespace", "root", "off"],
)
def test_mounts_and_namespaces_that_hide_processes(command: tuple[str, ...], expected: str) -> None:
    if why_hidden() is not None:
        pytest.skip("from here not all processes can be seen")
    try:
        subprocess.run([*command, "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("such a namespace, mount or user cannot be had here")
    ended = subprocess.run(
        [*command, sys.executable, "-c", TELL], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert ended.stdout.strip() == expected


MOUNTINFO = """\
22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
30 22 0:40 / /srv rw - nfs4 server:/srv rw,vers=4.2
31 30 0:41 / /srv/a\\040b rw shared:7 - tmpfs none rw
32 22 0:42 / /mnt/laptop rw - fuse.sshfs me@laptop:/ rw
33 22 0:43 / /mnt/layers rw - fuse.fuse-overlayfs none rw
34 22 0:44 / /mnt/laptop rw - ext4 /dev/vdb rw
35 22 0:45 / /vm rw - virtiofs host rw
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/me", None),
        ("/srv", "nfs4"),
        ("/srv/gateway", "nfs4"),
        ("/srvother", None),
        ("/srv/a b/gateway", None),
        ("/mnt/laptop/x", None),
        ("/mnt/layers", None),
        ("/vm/x", "virtiofs"),
    ],
)
def test_a_directory_that_other_hosts_can_use(
    path: str, kind: str | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "mountinfo").write_text(MOUNTINFO)
    monkeypatch.setattr(mount_points, "_MOUNT_TABLE", tmp_path / "mountinfo")
    assert network_file_system(Path(path)) == kind


def test_an_absent_process_may_exist_if_processes_are_hidden(
    gateway: GatewayRoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An act that another clawtui may be doing is neither reported as cut short nor finished for it."""
    gone, now = 2**31 - 1, datetime.now(UTC)
    base = gateway.automations
    for hidden in (None, "a container"):
        monkeypatch.setattr(processes, "why_hidden", lambda hidden=hidden: hidden)
        assert may_be_there(gone, base) == (hidden is not None)
        assert may_go_on(gone, now, now, base) == (hidden is not None)
        assert not may_go_on(gone, now - 2 * AT_WORK, now, base)
    monkeypatch.setattr(processes, "why_hidden", lambda: None)
    monkeypatch.setattr(processes, "network_file_system", lambda path: "nfs4")
    assert may_be_there(gone, base)
