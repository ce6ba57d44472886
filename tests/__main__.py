"""Run the whole test suite: ``python -m tests [PYTEST ARGUMENTS]``.

The tests that take long run second, one by one, so that the others are not held up by them. The exit status is 0 only
where both runs passed. Arguments are passed on to both runs.
"""

from __future__ import annotations

import subprocess
import sys

RUNS = (
    ("-n", "3", "--dist", "loadfile", "-m", "not slow"),
    ("-n", "2", "--dist", "load", "-m", "slow"),
)


def main(arguments: list[str]) -> int:
    """Run both parts of the suite; return 0 where both passed, else 1."""
    statuses = [subprocess.call([sys.executable, "-m", "pytest", "-q", *run, *arguments]) for run in RUNS]
    return int(any(statuses))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
