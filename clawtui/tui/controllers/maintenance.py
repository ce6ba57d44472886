"""The palette's commands that remove old logs and export the automations, after a question."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from textual.app import SystemCommand

from clawtui.tui.controllers.background import in_background
from clawtui.tui.controllers.runs.loader import Loader
from clawtui.tui.dialogs.question import Question, QuestionDialog
from clawtui.tui.widgets.choices import Choice
from clawtui.tui.widgets.line import BLANK, Line, Span, wrap_line

if TYPE_CHECKING:
    from clawtui.operations.state.maintenance import Pruned
    from clawtui.storage.stores.backup import Secrets
    from clawtui.tui.controllers.commands import CommandContext

_REMOVE: Final = Choice("remove", "Remove them")
_MASK: Final = Choice("mask", "Mask secrets")
_INCLUDE: Final = Choice("include", "Include secrets")


class Maintenance:
    """Controller of these commands; a root of a stock gateway or on another host has none of them."""

    def __init__(self, context: CommandContext) -> None:
        self._context = context
        self._app = context.app

    def palette_commands(self) -> Iterator[SystemCommand]:
        """Yield the commands, where the root is one of the design's files on this host."""
        view = self._context.dashboard.view
        if view.gateway is None and view.fleet.connection is None:
            yield SystemCommand("Prune: remove old logs", "as `clawtui prune`", self.prune)
            yield SystemCommand("Export: all automations to a file", "as `clawtui export`", self.export)

    def prune(self) -> None:
        """Find old logs and leftovers, and ask whether to remove them."""
        if self._context.read_only:
            self._say("Read-only: nothing is removed.")
        else:
            Loader(self._app, "looking for old logs", partial(self._prune, True), self._ask_to_prune, self._say).start()

    def export(self) -> None:
        """Ask whether to include secrets in the export, and write it."""
        texts = (
            "All automations are written into one file, in clawtui's own state directory.",
            "With the secrets masked it is no backup: an import of it keeps the secrets that are there.",
        )
        self._ask("Export all automations?", texts, _MASK, lambda key: self._export(key), others=(_INCLUDE,))

    def _prune(self, dry_run: bool) -> Pruned:
        """Remove old logs and leftovers, or only list them; not on the event loop."""
        from clawtui.operations.state.maintenance import prune

        return prune(self._context.paths, self._context.clock(), dry_run=dry_run)

    def _ask_to_prune(self, old: Pruned) -> None:
        from clawtui.operations.state.retention import KEPT_DAYS

        if not old.logs and not old.leftovers:
            if old.unread:
                self._say("\n".join(old.unread))
            else:
                self._app.notify(f"No log is older than {KEPT_DAYS} days, and nothing was left behind.", markup=False)
            return
        texts = (
            f"{len(old.logs)} logs older than {KEPT_DAYS} days are removed, and {len(old.leftovers)} files that killed "
            "processes left. The log of a run that may still be going stays.",
            *old.unread,
            *old.logs,
            *old.leftovers,
        )
        self._ask("Remove old logs?", texts, _REMOVE, lambda key: self._start_pruning())

    def _start_pruning(self) -> None:
        Loader(self._app, "removing old logs", partial(self._prune, False), self._pruned, self._say).start()

    def _pruned(self, old: Pruned) -> None:
        self._app.notify(f"Removed: {old.text}.{old.unrecorded and f' {old.unrecorded}'}", markup=False)

    def _export(self, secrets: str) -> None:
        choice: Secrets = "include" if secrets == _INCLUDE.key else "mask"
        in_background(self._app, "exporting the automations", partial(self._write, choice))

    def _write(self, secrets: Secrets) -> None:
        """Write the export; not on the event loop."""
        from clawtui.model.errors import ClawtuiError
        from clawtui.operations.state.maintenance import save_export
        from clawtui.storage.stores.backup import export_automations
        from clawtui.storage.user.files import own_state

        now = self._context.clock()
        try:
            made = export_automations(self._context.paths, now, secrets=secrets)
            place = own_state() / "exports"
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = place / f"automations-{now:%Y-%m-%dT%H-%M-%S}.json"
            unrecorded = save_export(self._context.paths, file, made, now)
        except ClawtuiError as error:
            self._app.call_later(self._say, str(error))
        except OSError as error:
            self._app.call_later(self._say, f"{error.filename}: {error.strerror}")
        else:
            missing = f"; {len(made.problems)} that cannot be read are missing" if made.problems else ""
            message = f"Exported: {len(made.ids)} automations, to {file}{missing}{unrecorded and f'; {unrecorded}'}"
            self._app.call_later(partial(self._app.notify, message, markup=False, timeout=10))

    def _ask(
        self,
        title: str,
        texts: Sequence[str],
        accept: Choice,
        agreed: Callable[[str], None],
        others: tuple[Choice, ...] = (),
    ) -> None:
        def lines(width: int) -> Sequence[Line]:
            first, *rest = [wrap_line((Span(text),), width) for text in texts]
            return [*first, BLANK, *(line for text in rest for line in text)]

        def answer(key: str) -> None:
            dialog.dismiss()
            agreed(key)

        dialog = QuestionDialog(title, Question(lines, accept, others=others), answer)
        self._app.push_screen(dialog)

    def _say(self, problem: str) -> None:
        self._app.notify(problem, severity="warning", markup=False, timeout=10)
