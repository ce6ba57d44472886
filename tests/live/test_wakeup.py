from __future__ import annotations

import os
import threading
import time

from clawtui.live.wakeup import Wakeup

HOUR = 3600.0


def test_it_waits_as_long_as_it_is_told() -> None:
    bell = Wakeup()
    began = time.monotonic()
    bell.wait(0.0203)
    assert time.monotonic() - began >= 0.0203
    bell.take_down()


def test_ringing_ends_the_wait_that_is_going_on_and_one_ringing_ends_one_wait() -> None:
    bell = Wakeup()
    threading.Timer(0.01, bell.ring).start()
    bell.wait(HOUR)
    began = time.monotonic()
    bell.wait(0.02)
    assert time.monotonic() - began >= 0.02
    bell.take_down()


def test_what_was_rung_before_the_wait_ends_it_however_often() -> None:
    bell = Wakeup()
    for _ in range(100_000):
        bell.ring()
    while True:
        began = time.monotonic()
        bell.wait(0.02)
        if time.monotonic() - began >= 0.02:
            break
    bell.take_down()


def test_a_descriptor_with_something_to_read_ends_it() -> None:
    bell = Wakeup()
    inside, outside = os.pipe()
    os.write(outside, b"x")
    bell.wait(HOUR, inside)
    os.close(inside)
    os.close(outside)
    bell.take_down()


def test_it_may_be_rung_after_it_was_taken_down() -> None:
    bell = Wakeup()
    bell.take_down()
    bell.take_down()
    bell.ring()
