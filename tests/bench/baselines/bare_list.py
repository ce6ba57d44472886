"""The least that a list of automations can be: what the dashboard needs is loaded, and twenty lines are shown."""

from __future__ import annotations

import click
import pyjson5
from msgspec import Struct
from textual.app import App, ComposeResult
from textual.widgets import OptionList

LOADED = (click, pyjson5)
LINES = 20
SHOWN = f"automation {LINES - 1}"


class Automation(Struct):
    name: str


class BareList(App[None]):
    def compose(self) -> ComposeResult:
        yield OptionList(*(Automation(name=f"automation {number}").name for number in range(LINES)))


if __name__ == "__main__":
    BareList().run()
