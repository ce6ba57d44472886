"""A ``ProxyCommand`` of ssh that passes each byte on after a delay: ``python delayed.py HOST PORT SECONDS``.

Each direction has the delay, so that a round trip takes twice as long.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
from queue import SimpleQueue

_CHUNK = 64 * 1024


def _pass_on(source: int, target: int, delay: float) -> None:
    waiting: SimpleQueue[tuple[float, bytes]] = SimpleQueue()
    threading.Thread(target=_write_late, args=(waiting, target), daemon=True).start()
    while data := os.read(source, _CHUNK):
        waiting.put((time.monotonic() + delay, data))
    os._exit(0)


def _write_late(waiting: SimpleQueue[tuple[float, bytes]], target: int) -> None:
    while True:
        due, data = waiting.get()
        time.sleep(max(0.0, due - time.monotonic()))
        while data:
            data = data[os.write(target, data) :]


def _main(host: str, port: str, delay: str) -> None:
    connection = socket.create_connection((host, int(port)))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    descriptor = connection.detach()
    threading.Thread(target=_pass_on, args=(0, descriptor, float(delay)), daemon=True).start()
    _pass_on(descriptor, 1, float(delay))


if __name__ == "__main__":
    _main(*sys.argv[1:])
