"""Run the test suite: ``python -m tests [--exhaustive] [PYTEST ARGUMENTS]``.

One run of pytest has all tests, the slow ones first (`tests/conftest.py`), because they wait more than they compute.
``--exhaustive`` adds more examples of each property, the races of hundreds of tries and the kills at every line, which
take a quarter of an hour. Arguments are passed on to each run.

Where at most `MOST_RETRIED` tests of a run fail, these are run once more, one after another and without load. Those
that pass then are listed as ``FAILED, THEN PASSED``: each is a fault, of the test or of the program, but hardly of the
change that is tested. The exit status is 0 only if all others passed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

MOST_RETRIED = 3
"""The largest number of failed tests that are run again: where more fail, the load is not the cause."""

_FAILED = 1
"""pytest's exit status where tests failed; others mean that it could not run them."""

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
    passed = [run_and_retry([*run, *others], Path(".pytest_cache")) for run in runs]
    return int(not all(passed))


def run_and_retry(arguments: list[str], cache: Path) -> bool:
    """Run pytest with `arguments`, and the tests that failed once more; return whether all have passed."""
    # Hundreds of tests start an interpreter; without bytecode files each would compile the package again.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    pytest = [sys.executable, "-m", "pytest", "-q", "-o", f"cache_dir={cache.absolute()}"]
    last_failed = cache / "v" / "cache" / "lastfailed"
    last_failed.unlink(missing_ok=True)
    status = subprocess.call([*pytest, *arguments], env=environment)
    failed = list(json.loads(last_failed.read_text())) if status == _FAILED and last_failed.exists() else []
    if not 0 < len(failed) <= MOST_RETRIED:
        return status == 0
    print(f"\n=== {len(failed)} failed; once more, one after another", flush=True)
    passed = subprocess.call([*pytest, *arguments, "-n", "0", "--last-failed"], env=environment) == 0
    if passed:
        print("\n".join(f"FAILED, THEN PASSED: {test}" for test in failed), flush=True)
    return passed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
