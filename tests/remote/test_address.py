"""Addresses of roots on other hosts."""

from __future__ import annotations

import pytest

from clawtui.model.documents.settings import RemoteSettings, RootSettings, Settings
from clawtui.model.errors import Invalid, NoSuch
from clawtui.remote.address import RemoteRoot, parse_address, remote_root
from clawtui.remote.command import SSH_COMMAND, ssh_arguments


@pytest.mark.parametrize(
    ("address", "root"),
    [
        ("ssh://gw1", RemoteRoot("gw1")),
        ("ssh://gw1/", RemoteRoot("gw1")),
        ("ssh://ops@GW1:2222/srv/claw%20bot", RemoteRoot("ops@GW1", 2222, "/srv/claw bot")),
        ("ssh://gw1/~/state", RemoteRoot("gw1", None, "~/state")),
        ("ssh://ops@[2001:db8::1]:22/srv", RemoteRoot("ops@2001:db8::1", 22, "/srv")),
    ],
)
def test_an_address_is_read(address: str, root: RemoteRoot) -> None:
    assert parse_address(address) == root


@pytest.mark.parametrize(
    "address",
    [
        "ssh://",
        "ssh:///srv",
        "ssh://-oProxyCommand=touch%20x/srv",
        "ssh://-oProxyCommand=x@host/srv",
        "ssh://a;reboot/srv",
        "ssh://$(reboot)/srv",
        "ssh://a b/srv",
        "ssh://user:secret@host/srv",
        "ssh://host:99999/srv",
        "ssh://host/srv?x=1",
        "http://host/srv",
    ],
)
def test_addresses_that_ssh_or_a_shell_would_misread_are_refused(address: str) -> None:
    with pytest.raises(NoSuch):
        parse_address(address)


def test_the_command_for_ssh_is_that_of_the_variable_or_else_that_of_the_settings() -> None:
    settings = Settings(remote=RemoteSettings(ssh="ssh -F '/a b/config'"), roots={"work": RootSettings(host="gw1")})
    for named in ("work", "ssh://gw1"):
        root = remote_root(named, settings)
        assert root is not None
        assert ssh_arguments(root, "x", environment={})[:4] == ["ssh", "-F", "/a b/config", "-T"]
        assert ssh_arguments(root, "x", environment={SSH_COMMAND: "other"})[:2] == ["other", "-T"]
    with pytest.raises(Invalid, match=r"\[remote\] ssh is no command"):
        ssh_arguments(RemoteRoot("gw1", ssh="ssh '"), "x", environment={})


def test_a_host_in_the_settings_cannot_be_an_option_of_ssh() -> None:
    settings = Settings(roots={"bad": RootSettings(host="-oProxyCommand=reboot")})
    with pytest.raises(NoSuch, match="no host"):
        remote_root("bad", settings)


def test_a_root_with_a_host_is_remote_and_one_with_a_path_alone_is_not() -> None:
    work = RootSettings(host="ops@gw1", path="/srv/claw", command="/opt/bin/clawtui", read_only=True)
    settings = Settings(roots={"home": RootSettings(path="/srv/claw"), "work": work})
    assert remote_root("home", settings) is None
    assert remote_root("/srv/claw", settings) is None
    assert remote_root("work", settings) == RemoteRoot("ops@gw1", None, "/srv/claw", "/opt/bin/clawtui", "work", True)


def test_ssh_gets_the_destination_after_its_options() -> None:
    root = RemoteRoot("ops@gw1", 2222, "/srv")
    assert ssh_arguments(root, "clawtui x", environment={}) == [
        *("ssh", "-T", "-p", "2222", "--", "ops@gw1", "clawtui x")
    ]
    own = {"CLAWTUI_SSH_COMMAND": "ssh -F '/a b/config'"}
    assert ssh_arguments(RemoteRoot("gw1"), "x", environment=own)[:3] == ["ssh", "-F", "/a b/config"]
