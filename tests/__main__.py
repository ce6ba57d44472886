"""Run the test suite: ``python -m tests [--exhaustive] [PYTEST ARGUMENTS]``.

One run of pytest has all tests, the slow ones first (`tests/conftest.py`), because they wait more than they compute.
``--exhaustive`` adds more examples of each property, the races of hundreds of tries and the kills at every line, which
take a quarter of an hour. The exit status is 0 only if all runs passed. Arguments are passed on to each run.
"""

from __future__ import annotations

import os
import subprocess
import sys

_BY_FILE = ("--dist", "loadfile", "--no-loadscope-reorder")
RUNS = (("-n", "4", *_BY_FILE, "-m", "not exhaustive"),)
EXHAUSTIVE = (
    ("-n", "4", *_BY_FILE, "-m", "not exhaustive", "--hypothesis-profile", "exhaustive"),
    ("-n", "2", "--dist", "load", "--timeout", "1200", "-m", "exhaustive"),
)


def main(arguments: list[str]) -> int:
    """Run the suite; return 0 if all runs passed, else 1."""
    runs = EXHAUSTIVE if "--exhaustive" in arguments else RUNS
    others = [argument for argument in arguments if argument != "--exhaustive"]
    # Hundreds of tests start an interpreter; without bytecode files each would compile the package again.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    statuses = [subprocess.call([sys.executable, "-m", "pytest", "-q", *run, *others], env=environment) for run in runs]
    return int(any(statuses))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
