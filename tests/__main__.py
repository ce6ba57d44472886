"""Run the test suite: ``python -m tests [--exhaustive] [PYTEST ARGUMENTS]``.

The tests that take long run second, so that the others are not held up by them. ``--exhaustive`` adds the races of
hundreds of tries and the kills at every line, which take a quarter of an hour. The exit status is 0 only if all runs
passed. Arguments are passed on to each run.
"""

from __future__ import annotations

import subprocess
import sys

RUNS = (
    ("-n", "3", "--dist", "loadfile", "-m", "not slow and not exhaustive"),
    ("-n", "3", "--dist", "load", "-m", "slow and not exhaustive"),
)
EXHAUSTIVE = ("-n", "2", "--dist", "load", "--timeout", "1200", "-m", "exhaustive")


def main(arguments: list[str]) -> int:
    """Run each part of the suite; return 0 if all passed, else 1."""
    runs = (*RUNS, EXHAUSTIVE) if "--exhaustive" in arguments else RUNS
    others = [argument for argument in arguments if argument != "--exhaustive"]
    statuses = [subprocess.call([sys.executable, "-m", "pytest", "-q", *run, *others]) for run in runs]
    return int(any(statuses))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
