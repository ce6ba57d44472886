"""The dashboard in a real terminal, for an operator with settings and saved state."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.terminal import Terminal


@dataclass(frozen=True)
class Home:
    """The directories of the settings and the saved state; empty at first."""

    place: Path

    @property
    def settings(self) -> Path:
        return self.place / "config/clawtui/config.toml"

    @property
    def state(self) -> Path:
        """Return the directory of clawtui's own files."""
        return self.place / "state/clawtui"

    def set(self, text: str) -> None:
        """Write the settings."""
        self.settings.parent.mkdir(parents=True, exist_ok=True)
        self.settings.write_text(text)

    def environment(self, **changes: str) -> dict[str, str]:
        own = {"XDG_CONFIG_HOME": str(self.place / "config"), "XDG_STATE_HOME": str(self.place / "state")}
        return {"TZ": "UTC", "HOME": str(self.place), **own, **changes}

    def dashboard(
        self, root: Path | str, *options: str, cols: int = 120, rows: int = 40, env: Mapping[str, str] | None = None
    ) -> Terminal:
        """Return the dashboard in a terminal of its own; the operator is in UTC."""
        command: list[str | Path] = [sys.executable, "-m", "clawtui", "--root", root, *options]
        return Terminal(command, cols=cols, rows=rows, env=self.environment(**(env or {})))
