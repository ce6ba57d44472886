"""Who acts, as the audit says it."""

from __future__ import annotations

import os
import pwd

import pytest

from clawtui.operations.user.actor import this_actor
from tests.storage.processes import together

ME = pwd.getpwuid(os.geteuid()).pw_name


def test_the_account_is_the_system_s_and_not_what_the_environment_says() -> None:
    actor = this_actor({"USER": "mallory", "LOGNAME": "mallory"})
    assert (actor.user, actor.ssh) == (ME, None)
    assert (actor.pid, actor.hostname) == (os.getpid(), os.uname().nodename)


def test_who_came_by_ssh_or_sudo_is_told() -> None:
    actor = this_actor({"SSH_CONNECTION": "10.0.0.7 50022 10.0.0.1 22", "SUDO_USER": "alice"})
    assert (actor.user, actor.ssh) == (f"{ME} (by alice)", "10.0.0.7")
    assert actor.text.startswith(f"{ME} (by alice) from 10.0.0.7")
    assert this_actor({"SUDO_USER": ME, "SSH_CONNECTION": ""}) == this_actor({})


def test_an_account_without_a_name_is_its_number() -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")

    def look() -> int:
        os.setuid(54321)
        return 0 if this_actor({}).user == "uid 54321" else 1

    assert together(look) == [0]


def test_the_terminal_is_told_where_there_is_one() -> None:
    def look() -> int:
        _, theirs = os.openpty()
        for descriptor in (0, 1, 2):
            os.close(descriptor)
        without = this_actor({}).terminal
        os.dup2(theirs, 1)
        return 0 if (without, this_actor({}).terminal) == (None, os.ttyname(theirs)) else 1

    assert together(look) == [0]
