"""`python -m tests` runs failed tests once more, and lists them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.__main__ import MOST_RETRIED, run_and_retry

OPTIONS = ("-c", "/dev/null", "-p", "no:hypothesispytest", "-p", "no:asyncio")

FAILS_FIRST = """
import pathlib
import pytest

@pytest.mark.parametrize("number", range({failing}))
def test_of_something(number):
    tried = pathlib.Path({directory!r}) / str(number)
    tried.write_text(tried.read_text() + "x" if tried.exists() else "x")
    assert len(tried.read_text()) >= {passes_at}

def test_that_passes():
    with (pathlib.Path({directory!r}) / "passing").open("a") as file:
        file.write("x")
"""


def passes(directory: Path, failing: int, passes_at: int) -> bool:
    """Return whether a suite passes of which `failing` tests pass at the try `passes_at`."""
    suite = directory / "test_sample.py"
    suite.write_text(FAILS_FIRST.format(directory=str(directory), failing=failing, passes_at=passes_at))
    return run_and_retry([*OPTIONS, "--rootdir", str(directory), str(suite)], directory / "cache")


def test_a_test_that_passes_alone_is_listed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert passes(tmp_path, MOST_RETRIED, passes_at=2)
    assert capfd.readouterr().out.count("FAILED, THEN PASSED: ") == MOST_RETRIED
    assert (tmp_path / "passing").read_text() == "x", "what passed is not run again"


def test_a_test_that_fails_twice_fails(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert not passes(tmp_path, 1, passes_at=3)
    assert "THEN PASSED" not in capfd.readouterr().out


def test_many_failed_tests_are_not_run_again(tmp_path: Path) -> None:
    assert not passes(tmp_path, MOST_RETRIED + 1, passes_at=2)
    assert (tmp_path / "0").read_text() == "x"
