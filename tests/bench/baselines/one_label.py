"""The least that Textual can show: one label."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Label

SHOWN = "one label"


class OneLabel(App[None]):
    def compose(self) -> ComposeResult:
        yield Label(SHOWN)


if __name__ == "__main__":
    OneLabel().run()
