"""Showing a file in the operator's pager."""

from __future__ import annotations

import os

from textual.app import App

from clawtui.storage.paths import StatePaths
from clawtui.tui.controllers.user.external_program import run_outside


class PagerController:
    """Controller of the pager, which gets an open descriptor, so that no link leads it to a file outside the root."""

    def __init__(self, app: App[None], paths: StatePaths, *, read_only: bool = False) -> None:
        self._app = app
        self._paths = paths
        # Many pagers can run a shell or an editor.
        self._extra = {"LESSSECURE": "1"} if read_only else {}

    def show(self, path: str | None, line: int | None = None) -> None:
        """Show the file at `path`, relative to `automations/`, from `line` on; show a warning if it is None."""
        from clawtui.files.fs.links import open_followed
        from clawtui.model.errors import ClawtuiError
        from clawtui.operations.user.programs import pager_at, pager_command

        if path is None:
            self._complain("There is no file to show here.")
            return
        try:
            descriptor = open_followed(self._paths.automations, path)
        except FileNotFoundError:
            self._complain(f"{path} is gone.")
            return
        except ClawtuiError as error:
            self._complain(f"{path}: {error.reason}")
            return
        try:
            run_outside(self._app, pager_at(pager_command(), line), stdin=descriptor, extra=self._extra)
        except ClawtuiError as error:
            self._complain(str(error))
        finally:
            os.close(descriptor)

    def _complain(self, what: str) -> None:
        self._app.notify(what, severity="warning", markup=False)
