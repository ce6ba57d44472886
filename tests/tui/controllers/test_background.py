"""Work in the background can fail without ending the dashboard, and nothing starts such work by another way."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from textual.app import App

import clawtui.tui
from clawtui.tui.controllers import background
from clawtui.tui.controllers.background import WorkFailed, in_background, start_when_possible

TUI = Path(clawtui.tui.__file__).parent
GUARDED = TUI / "controllers/background.py"
STARTS = {"run_worker", "run_in_executor", "to_thread"}
"""What starts work whose failure ends a Textual app, or is lost."""


class Probe(App[None]):
    """App that records the failures."""

    def __init__(self) -> None:
        super().__init__()
        self.failed: list[WorkFailed] = []

    def on_work_failed(self, event: WorkFailed) -> None:
        self.failed.append(event)


def starts_of(source: str) -> set[str]:
    """Return the names in `source` that start work in the background."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            names.add(node.attr)
        elif isinstance(node, ast.ImportFrom) and node.module in ("textual", "asyncio"):
            names |= {"@work" if alias.name == "work" else alias.name for alias in node.names}
    return names & {*STARTS, "@work"}


@pytest.mark.parametrize(
    "source",
    [
        "self.app.run_worker(read())",
        "from textual import work",
        "asyncio.to_thread(read)",
        "loop.run_in_executor(None, f)",
    ],
)
def test_each_way_to_start_work_is_recognised(source: str) -> None:
    assert starts_of(source)


def test_work_is_started_by_the_guarded_function_alone() -> None:
    assert starts_of(GUARDED.read_text())
    others = [file for file in TUI.rglob("*.py") if file != GUARDED]
    assert len(others) > 100
    assert {str(file.relative_to(TUI)): found for file in others if (found := starts_of(file.read_text()))} == {}


async def test_failed_background_work_is_reported_and_the_app_continues() -> None:
    app = Probe()
    async with app.run_test() as pilot:
        done: list[str] = []
        error = ValueError("broken")

        def fail() -> None:
            raise error

        in_background(app, "reading a file", fail)
        in_background(app, "reading another", lambda: done.append("other"))
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert [(event.what, event.error) for event in app.failed] == [("reading a file", error)]
        assert done == ["other"]
        assert app.is_running


async def test_a_thread_that_cannot_start_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "RETRY_AFTER", 0.01)
    app = Probe()
    async with app.run_test() as pilot:
        tries: list[int] = []

        def start() -> None:
            tries.append(1)
            if len(tries) < 3:
                raise RuntimeError("can't start new thread")

        start_when_possible(app, start)
        while len(tries) < 3:
            await pilot.pause(0.01)
        assert len(tries) == 3


async def test_another_error_at_the_start_is_raised() -> None:
    async with Probe().run_test() as pilot:

        def start() -> None:
            raise RuntimeError("threads can only be started once")

        with pytest.raises(RuntimeError, match="only be started once"):
            start_when_possible(pilot.app, start)
