"""The keys that go through an automation's runs and what they left, wherever on the dashboard one is."""

from __future__ import annotations

from typing import Final

from textual.binding import Binding, BindingType

RUN_KEYS: Final[list[BindingType]] = [
    Binding("H", "app.look('runs')", "runs", tooltip="all runs of the automation", id="runs.list"),
    Binding(
        "left_square_bracket",
        "step_run(1)",
        "run before, after",
        show=False,
        tooltip="the run before: its timeline and its log",
        id="runs.before",
    ),
    Binding(
        "right_square_bracket",
        "step_run(-1)",
        "run before, after",
        show=False,
        tooltip="the run after: its timeline and its log",
        id="runs.after",
    ),
    Binding(
        "a",
        "app.look('artifacts')",
        "artifacts",
        show=False,
        tooltip="what the automation's runs left behind",
        id="artifacts.list",
    ),
    Binding(
        "W",
        "app.look('activity')",
        "who ran when",
        show=False,
        tooltip="the dispatcher: who ran when",
        id="dispatcher.activity",
    ),
]
