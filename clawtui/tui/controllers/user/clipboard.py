"""Copying with an escape sequence of the terminal, and into a file for terminals that do not support it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import partial

from textual.app import App

from clawtui.tui.controllers.background import in_background
from clawtui.tui.screens.selection import ClipboardItem
from clawtui.tui.terminal.escapes import clipboard, through
from clawtui.tui.terminal.textual_private import write_to_terminal


class ClipboardController:
    """Controller that asks which of several texts to copy, and sends it. A terminal does not report its success."""

    def __init__(self, app: App[None], environment: Mapping[str, str] = os.environ) -> None:
        self._app = app
        self._environment = environment

    def offer(self, of: str, texts: Sequence[ClipboardItem]) -> None:
        """Copy one of `texts`, after a question if there are several; `of` names the item that they belong to."""
        if not texts:
            self._app.notify("There is nothing here to copy.", severity="warning", markup=False)
        elif len(texts) == 1:
            self.copy(texts[0])
        else:
            from clawtui.tui.dialogs.pick import PickDialog

            def picked(number: int | None) -> None:
                if number is not None:
                    self.copy(texts[number])

            self._app.push_screen(PickDialog(f"Copy of {of}", texts), picked)

    def copy(self, what: ClipboardItem) -> None:
        """Send a text to the terminal at once, and to tmux and the file in the background."""
        write_to_terminal(self._app, through(clipboard(what.text), self._environment))
        in_background(self._app, "keeping a copy", partial(self._keep, what))

    def _keep(self, what: ClipboardItem) -> None:
        from clawtui.model.errors import ClawtuiError
        from clawtui.operations.user.clipboard import give_to_tmux, keep_copy

        in_tmux = give_to_tmux(what.text, self._environment)
        where = "to the terminal and into tmux's buffer" if in_tmux else "to the terminal"
        try:
            message = f"{what.name} sent {where}; also in {keep_copy(what.text)}"
        except ClawtuiError as error:
            message = f"{what.name} sent {where}; {error}"
        self._app.call_later(partial(self._app.notify, message, markup=False))
