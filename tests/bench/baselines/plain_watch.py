"""Print what ``watchfiles.watch`` reports: ``ready``, then a line for each batch of changes."""

from __future__ import annotations

import sys
import threading

from watchfiles import watch


def main(directory: str) -> None:
    ready = threading.Timer(1.0, lambda: print("ready", flush=True))
    ready.start()
    for changes in watch(directory):
        print("changed", len(changes), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
