"""Enabling and disabling an automation from the dashboard."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Literal

from textual.app import App

from clawtui.model.fleet import Automation
from clawtui.tui.controllers.background import in_background
from clawtui.tui.widgets.choices import Choice
from clawtui.tui.widgets.line import Span
from clawtui.tui.widgets.messages import READ_ONLY

if TYPE_CHECKING:
    from clawtui.files.fs.atomic import Expected
    from clawtui.operations.acts.protocol import RootActs


class EnableController:
    """Controller that writes the flag `enabled` of a configuration. The screen shows the flag when it is on disk.

    Requests are carried out in their order. A file that another program has changed since it was shown is refused; a
    change by the request before is not such a change, although the screen may not show it yet.
    """

    def __init__(self, app: App[None], acts: Callable[[], RootActs], *, read_only: bool, heading: str = "") -> None:
        """Use `acts`, those on the root; `heading` is the beginning of each message if several roots are shown."""
        self._app = app
        self._heading = heading
        self._acts = acts
        self._read_only = read_only
        self._requests: deque[tuple[Automation, bool]] = deque()
        self._turn = threading.Lock()
        self._written: dict[str, tuple[Expected, Expected]] = {}
        """The version that was shown, and the one that was last written for it, by the path of the file."""

    def ask(self, automations: Sequence[Automation], enabled: bool, agreed: Callable[[], None]) -> None:
        """Enable or disable one automation, or several after one question; `agreed` is called if the answer is yes."""
        if len(automations) == 1:
            agreed()
            self.set_enabled(automations[0], enabled)
            return
        if self._read_only:
            self._app.notify(READ_ONLY, severity="warning", markup=False)
            return
        from clawtui.tui.dialogs.question import Question, QuestionDialog

        word = "Enable" if enabled else "Disable"
        lines = tuple((Span(f"  {each.id}", "strong"), Span(f"  {each.name}", "dim")) for each in automations)
        question = Question(lambda width: lines, accept=Choice("yes", f"{word} them"))

        def answer(key: str) -> None:
            dialog.dismiss()
            agreed()
            work = partial(self._set_all, tuple(automations), enabled)
            in_background(self._app, "enabling or disabling automations", work)

        dialog = QuestionDialog(f"{word} these {len(automations)} automations?", question, answer)
        self._app.push_screen(dialog)

    def set_enabled(self, automation: Automation, enabled: bool) -> None:
        """Enable or disable `automation` in the background, unless clawtui is read-only."""
        if self._read_only:
            self._app.notify(f"{self._heading}{READ_ONLY}", severity="warning", markup=False)
            return
        self._requests.append((automation, enabled))
        in_background(self._app, "enabling or disabling an automation", self._carry_out_next)

    def _carry_out_next(self) -> None:
        """Carry out the oldest request; not on the event loop."""
        with self._turn:
            automation, enabled = self._requests.popleft()
            self._set_enabled(automation, enabled)

    def _set_all(self, automations: Sequence[Automation], enabled: bool) -> None:
        """Write the flag of each, and report all results in one message; not on the event loop."""
        with self._turn:
            results = [self._write(automation, enabled) for automation in automations]
        done = sum(is_done for _, is_done in results)
        failed = [text for text, is_done in results if not is_done]
        state = "enabled" if enabled else "disabled"
        first = f"{done} of {len(results)} automations are {state}." if failed else f"{done} automations are {state}."
        self._say("\n".join([first, *failed]), is_done=not failed)

    def _set_enabled(self, automation: Automation, enabled: bool) -> None:
        text, is_done = self._write(automation, enabled)
        self._say(text, is_done=is_done)

    def _say(self, text: str, *, is_done: bool) -> None:
        severity: Literal["information", "error"] = "information" if is_done else "error"
        self._notify(text, severity)

    def _notify(self, text: str, severity: Literal["information", "warning", "error"]) -> None:
        self._app.call_later(partial(self._app.notify, f"{self._heading}{text}", severity=severity, markup=False))

    def _say_unsure(self, why: str) -> None:
        self._notify(why, "warning")

    def _write(self, automation: Automation, enabled: bool) -> tuple[str, bool]:
        """Write the flag; return a message, and whether that was possible."""
        from clawtui.files.fs.atomic import ANY
        from clawtui.model.errors import ClawtuiError

        path, shown = automation.config.path, automation.config.stamp or ANY
        before, after = self._written.get(path, (shown, shown))
        try:
            expected = after if shown == before else shown
            text, written = self._acts().set_enabled(automation, enabled, expected, self._say_unsure)
        except ClawtuiError as error:
            return str(error), False
        self._written[path] = shown, written
        return text, True
