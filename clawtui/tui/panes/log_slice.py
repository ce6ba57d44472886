"""What the log pane is given."""

from __future__ import annotations

from dataclasses import dataclass

from clawtui.model.fleet import LogTail
from clawtui.model.names import DISPATCHER_LOGS, parse_log_name


@dataclass(frozen=True, slots=True)
class LogSlice:
    """What the pane shows."""

    path: str | None = None
    """The log that is wanted; None where the automation has none."""
    tail: LogTail | None = None
    """News of it: another value when the log has changed. Its lines are read from the log itself."""
    automation_id: str | None = None
    """Whose lines are wanted where the log holds those of several."""
    dispatcher: LogSlice | None = None
    """The log that is shown in its place where one asks for it."""

    @property
    def of_dispatcher(self) -> bool:
        """Whether the log is one of the dispatcher's."""
        return self.path is not None and self.path.startswith(f"logs/{DISPATCHER_LOGS}/")

    @property
    def subject(self) -> tuple[str, str | None]:
        """Whose log it is: all runs of one automation have the same."""
        folder, _, file = (self.path or "").rpartition("/")
        named = parse_log_name(file)
        return folder, self.automation_id or (named.automation_id if named is not None else None)

    @property
    def name(self) -> str:
        """What the log is called."""
        if self.path is None:
            return "no run log yet"
        file = self.path.rpartition("/")[2]
        return f"dispatcher {file}" if self.of_dispatcher else file
