"""The actor of an act, as the audit records it."""

from __future__ import annotations

import os
import pwd

import pytest

from clawtui.operations.user.actor import this_actor
from tests.storage.processes import together

ME = pwd.getpwuid(os.geteuid()).pw_name


def test_the_account_is_that_of_the_system_not_of_the_environment() -> None:
    actor = this_actor({"USER": "mallory", "LOGNAME": "mallory"})
    assert (actor.user, actor.ssh) == (ME, None)
    assert (actor.pid, actor.hostname) == (os.getpid(), os.uname().nodename)


def test_an_actor_over_ssh_or_sudo_is_recorded() -> None:
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


def test_the_terminal_of_an_actor_is_recorded() -> None:
    def look() -> int:
        _, theirs = os.openpty()
        for descriptor in (0, 1, 2):
            os.close(descriptor)
        without = this_actor({}).terminal
        os.dup2(theirs, 1)
        return 0 if (without, this_actor({}).terminal) == (None, os.ttyname(theirs)) else 1

    assert together(look) == [0]
