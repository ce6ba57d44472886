"""Acts on a stock gateway: its own command, after a question that shows it.

The command of a gateway on another host is copied, to be run there.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from textual.app import App

from clawtui.model.connection import Connection
from clawtui.model.gateway.report import GatewayReport
from clawtui.model.text.command_line import CommandLine
from clawtui.tui.controllers.background import in_background
from clawtui.tui.dialogs.gateway_text import verdict_and_facts
from clawtui.tui.dialogs.lock_text import wrapped
from clawtui.tui.dialogs.question import CLOSE, Question, QuestionDialog
from clawtui.tui.panes.gateway.held import Held
from clawtui.tui.screens.gateway_view import GatewayView
from clawtui.tui.screens.selection import ClipboardItem
from clawtui.tui.widgets.choices import Choice
from clawtui.tui.widgets.line import BLANK, Line, Span
from clawtui.tui.widgets.messages import READ_ONLY

_MOST_OUTPUT: Final = 30
"""The number of lines at the end of a command's output that are shown."""

_MEANING: Final = {
    "enable": "It runs at its times again.",
    "disable": "It does not run at its times any more. A run that is going goes on.",
    "run": "The gateway starts it as soon as it can, whether it is due or not.",
}
_ENABLED: Final = {"enable": True, "disable": False}
START: Final = ("gateway", "start")
MAINTENANCE: Final = ("tasks", "maintenance", "--apply")
DOCTOR: Final = ("doctor", "--fix")

Lines = Callable[[int], Sequence[Line]]


class GatewayActs:
    """Controller that runs the gateway's own commands. Without its program on the PATH, they are copied instead."""

    def __init__(
        self,
        app: App[None],
        root: Path,
        copy: Callable[[ClipboardItem], None],
        *,
        read_only: bool,
        connection: Connection | None = None,
        heading: str = "",
    ) -> None:
        """Act on the gateway at ``root``; with a ``connection``, on that of another host.

        ``heading`` begins each title, where several roots are shown.
        """
        self._app = app
        self._connection = connection
        self._heading = heading
        self._root = root
        self._copy = copy
        self._read_only = read_only

    def ask_job(self, report: GatewayReport, job_id: str, act: str) -> None:
        """Ask whether to ``enable``, ``disable`` or ``run`` a job, unless it is enabled or disabled already."""
        job = report.state.jobs.get(job_id)
        if job is not None and job.enabled is not None and _ENABLED.get(act) == job.enabled:
            self._app.notify(f"{job.name} is {act}d already.", markup=False)
            return
        words = report.words("automations", act, job_id)
        self._ask(report, f"{act.capitalize()} {report.state.name_of(job_id)}", words, _sentence(_MEANING[act]))

    def ask_mend(self, report: GatewayReport) -> None:
        """Ask whether to run the gateway's command that repairs its tasks and its state."""
        if not report.is_up:
            why = "The gateway is not running. Its start clears what its last run left."
            self._ask(report, "Mend", START, _sentence(why))
        elif any(judged.verdict == "orphaned" for judged in report.owners.values()):
            why = "A run is kept as running, and its owner cannot be alive. The gateway examines its tasks."
            self._ask(report, "Mend", MAINTENANCE, _sentence(why))
        else:
            self._ask(
                report, "Mend", DOCTOR, _sentence("The gateway examines its state, and mends what it understands.")
            )

    def ask_row(self, gateway: GatewayView, key: str) -> bool:
        """Show the verdict on the row at `key` of the locks pane, as `ask_held` does.

        Return False for a lock file that clawtui itself can release.
        """
        held = gateway.held.held(key)
        if held is not None and held.can_be_released and self._connection is None:
            return False
        if held is not None:
            self.ask_held(gateway.report, held)
        return True

    def ask_held(self, report: GatewayReport, held: Held) -> None:
        """Show the verdict on a run in progress or a lock file, and ask whether to free one whose owner is dead."""
        words: Sequence[str]
        if held.judgement is None or held.judgement.verdict != "orphaned":
            why = "It is freed only where its owner cannot be alive."

            def facts(width: int) -> Sequence[Line]:
                return [*verdict_and_facts(held, width), BLANK, *wrapped(why, width, "dim")]

            self._show_facts(held.what, facts)
            return
        if held.can_be_released and self._connection is not None:
            words = ("lock", "release", held.key.removeprefix("lock "))
            command = CommandLine(self._connection.address).hint(*words).strip("`")
            why = "Only its own host can release it: this does it there, after another look at its owner."
            self._offer(
                held.what, command, lambda width: [*verdict_and_facts(held, width), BLANK, *wrapped(why, width)]
            )
            return
        words = DOCTOR
        frees = "It is outside the state directory, where clawtui moves nothing. The gateway's doctor examines it."
        if held.key.startswith("run "):
            words, frees = MAINTENANCE, "The gateway marks it as ended, and then starts the job again at its times."
            if not report.is_up:
                words, frees = START, "At its start the gateway marks it as interrupted, and runs the job again."

        def lines(width: int) -> Sequence[Line]:
            return [*verdict_and_facts(held, width), BLANK, *wrapped(frees, width)]

        self._ask(report, held.what, words, lines)

    def offer_edit(self, report: GatewayReport, job_id: str) -> None:
        """Offer to copy the gateway's command that edits a job."""
        why = "The job belongs to the gateway, whose command takes what to change as options (--help lists them)."
        self._ask(report, "Edit", report.words("automations", "edit", job_id), _sentence(why), can_run=False)

    def _show_facts(self, title: str, lines: Lines) -> None:
        self._app.push_screen(QuestionDialog(f"{self._heading}{title}", Question(lines, leave=CLOSE), lambda key: None))

    def _ask(
        self, report: GatewayReport, title: str, words: Sequence[str], lines: Lines, *, can_run: bool = True
    ) -> None:
        """Show `lines` and a command of the gateway, and run or copy it."""
        from clawtui.operations.openclaw.run_command import command_text, is_installed

        if self._read_only and can_run:
            self._app.notify(f"{self._heading}{READ_ONLY}", severity="warning", markup=False)
            return
        if self._connection is not None:
            there = f"The gateway is on {self._connection.host or self._connection.address}: run it there."
            self._offer(title, shlex.join([*report.prefix, *words]), lines, there)
            return
        command, here = command_text(self._root, words), is_installed()
        lacking = "" if here or not can_run else "openclaw is not on the PATH here: run it where it is."

        def shown(width: int) -> Sequence[Line]:
            return [*lines(width), BLANK, *_command_lines(command, width), *wrapped(lacking, width, "warn")]

        def answer(key: str) -> None:
            if key == "copy":
                dialog.dismiss()
                self._copy(ClipboardItem("the command", command))
            elif key == "run":
                dialog.ask(Question(lambda width: [*_command_lines(command, width), _RUNNING], leave=CLOSE))
                in_background(self._app, "running the gateway's command", partial(self._run, dialog, words, command))

        accept = Choice("run", "Run it") if here and can_run else None
        dialog = QuestionDialog(
            f"{self._heading}{title}", Question(shown, accept, (Choice("copy", "Copy it"),)), answer
        )
        self._app.push_screen(dialog)

    def _offer(self, title: str, command: str, lines: Lines, where: str = "") -> None:
        """Show `lines` and a command that does not run here, and copy it."""

        def shown(width: int) -> Sequence[Line]:
            return [*lines(width), BLANK, *_command_lines(command, width), *wrapped(where, width, "warn")]

        def answer(key: str) -> None:
            dialog.dismiss()
            self._copy(ClipboardItem("the command", command))

        question = Question(shown, None, (Choice("copy", "Copy it"),))
        dialog = QuestionDialog(f"{self._heading}{title}", question, answer)
        self._app.push_screen(dialog)

    def _run(self, dialog: QuestionDialog, words: Sequence[str], command: str) -> None:
        """Run the command; not on the event loop."""
        from clawtui.model.errors import ClawtuiError
        from clawtui.operations.openclaw.run_command import TIMEOUT, run_command

        output, is_ok = "", False
        try:
            done = run_command(self._root, words)
        except ClawtuiError as error:
            ending = str(error)
        else:
            output, is_ok = done.output, done.is_ok
            ending = "The command says that it is done." if is_ok else f"The command ended with status {done.status}."
            if done.status is None:
                ending = f"The command was ended, because it took longer than {TIMEOUT:.0f} seconds."

        def lines(width: int) -> Sequence[Line]:
            rows = [row for line in output.splitlines() if line.strip() for row in wrapped(line, width)]
            end = wrapped(ending, width, "ok" if is_ok else "bad")
            return [*_command_lines(command, width), BLANK, *rows[-_MOST_OUTPUT:], *end]

        self._app.call_later(_show, dialog, Question(lines, leave=CLOSE))


_RUNNING: Line = (Span("Running …", "dim"),)


def _show(dialog: QuestionDialog, question: Question) -> None:
    if dialog.is_attached:
        dialog.ask(question)


def _sentence(text: str) -> Lines:
    return lambda width: wrapped(text, width)


def _command_lines(command: str, width: int) -> list[Line]:
    return wrapped(command, width, "active", mark="$ ")
