"""``python -m tests.forkserver DESCRIPTOR``: serve the process at the other end of the socket until it has gone."""

from __future__ import annotations

import atexit
import os
import runpy
import socket
import sys
import threading

from tests.forkserver.server import import_all, serve


def end_at_once(ended: SystemExit) -> None:
    """End this process as the interpreter does, but without freeing all objects: that copies all shared memory.

    Return if the interpreter has to report something: a text in place of a status, or output that cannot be written.
    """
    status = 0 if ended.code is None else ended.code
    if not isinstance(status, int):
        return
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError, AttributeError):  # AttributeError: a stream that is None
        return
    os._exit(status & 0xFF)


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as client:
        import_all()
        request = serve(client)
    # At the top level, so that the process ends as one does that was started with `python -m clawtui`.
    if request is not None:
        try:
            runpy.run_module("clawtui", run_name="__main__", alter_sys=True)
        except SystemExit as ended:
            end_at_once(ended)
            raise
