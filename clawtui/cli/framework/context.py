"""The context of every command: the root, the settings, the clock, and whether it may change something."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from clawtui.cli.framework.output import Printer, say
from clawtui.files.store_kind import store_kind
from clawtui.model.errors import NoSuch, Refused
from clawtui.model.text.command_line import ANYWHERE, CommandLine
from clawtui.storage.paths import PROFILE_ROOT, StatePaths, foreign_reason, is_empty, variable_state_dir

if TYPE_CHECKING:
    from clawtui.model.gateway.report import GatewayReport
    from clawtui.remote.address import RemoteRoot
    from clawtui.storage.roots import ChosenRoot
    from clawtui.storage.user.settings_file import LoadedSettings


def utc_now() -> datetime:
    """Return the current time. The commands read no other clock."""
    return datetime.now(UTC)


class Invocation(Struct):
    """One call of ``clawtui``. A test passes its own to ``main(obj=…)`` to set the clock."""

    root: str | None = None
    """The value of ``--root``, before or after the command."""
    roots: tuple[str, ...] = ()
    """Every value of ``--root`` before the command; ``root`` is the last one."""
    profile: str | None = None
    """The value of ``--profile``; ``root`` takes precedence."""
    fixed_root: bool = False
    """Whether ``root`` was chosen by another host, so that ``--root`` and ``--profile`` are ignored."""
    read_only: bool = False
    read_write: bool = False
    """Whether changes are allowed although the settings say read-only."""
    show_secrets: bool = False
    """Whether the command prints secrets as they are (``--show-secrets``)."""
    is_wide: bool = False
    """Whether nothing is cut or wrapped on a terminal (``--wide``)."""
    clock: Callable[[], datetime] = utc_now
    changes: bool = False
    """Whether the command changes something: set when it asks whether that is allowed."""
    _loaded: LoadedSettings | None = None

    @property
    def printer(self) -> Printer:
        """The printer for the results of the command."""
        return Printer(self.show_secrets, self.is_wide)

    def now(self) -> datetime:
        """Return the current time, in UTC."""
        return self.clock()

    def loaded(self) -> LoadedSettings:
        """Return the settings and the faults in them. They are read once."""
        from clawtui.storage.user.settings_file import load_settings

        if self._loaded is None:
            self._loaded = load_settings()
        return self._loaded

    def chosen_root(self) -> ChosenRoot:
        """Return the chosen state directory, which need not exist. Raises NoSuch for a name that the settings lack."""
        from clawtui.storage.roots import choose_root

        named = self.root or (f"{PROFILE_ROOT}{self.profile}" if self.profile is not None else None)
        return choose_root(named, self.loaded().settings)

    def remote_root(self) -> RemoteRoot | None:
        """Return the chosen root if it is on another host. Raises NoSuch for an address that cannot be used."""
        if self.fixed_root or (self.root is None and self.profile is not None):
            return None
        settings = self.loaded().settings
        named = self.root or variable_state_dir(os.environ) or settings.root
        if named is None or ("/" in named and not named.startswith("ssh://")):
            return None  # the usual case, without the package for other hosts
        from clawtui.remote.address import remote_root

        return remote_root(named, settings)

    def is_read_only(self) -> bool:
        """Return whether changes are forbidden, by the command line or else by the settings."""
        if self.read_only or self.read_write:
            return self.read_only
        known = self.chosen_root().known
        return self.loaded().settings.read_only or (known is not None and known.read_only)

    def paths(self, *, may_be_empty: bool = False, may_be_gateway: bool = False) -> StatePaths:
        """Return the paths of the state directory.

        Args:
            may_be_empty: An empty directory is accepted too, if ``--root`` or the environment names it.
            may_be_gateway: That of a stock gateway is accepted too.

        Raises:
            NoSuch: The directory has no ``automations/`` of a gateway.
            Refused: A stock gateway keeps its automations there. A command that can show them calls
                ``gateway_report`` first.
        """
        if (complaint := self.loaded().complaint) is not None:
            say(complaint)
        paths = self.chosen_root().paths
        if store_kind(paths.root) is not None:
            if may_be_gateway:
                return paths
            raise self._refused_by_gateway(paths.root)
        if paths.find() is None and not (may_be_empty and self._is_empty(paths)):
            raise NoSuch(
                f"the state directory {paths.root} {_why_not(paths)}\n"
                f"Name one with {self._how_to_name(paths)}; {ANYWHERE.hint('demo')} needs none."
            )
        return paths

    def _how_to_name(self, paths: StatePaths) -> str:
        """Return how a state directory is named where the command was typed."""
        from clawtui.storage.roots import name_of_caller

        if name_of_caller(paths.root) is not None:
            return "--root ssh://HOST/DIR, or in the settings"
        names = sorted(self.loaded().settings.roots)
        if self.root is not None and "/" not in self.root and names:  # it may be a name that was mistyped
            return f"--root DIR, or a root of the settings: {', '.join(names)}"
        return "--root DIR or $OPENCLAW_STATE_DIR"

    def gateway_report(self, per_job: int | None = None, only: str | None = None) -> GatewayReport | None:
        """Return the report on the stock gateway at the root; None if the root is not one of a stock gateway.

        Args:
            per_job: How many runs of each job are read; None is the default number.
            only: The id of the one job whose runs are read.
        """
        root = self.chosen_root().paths.root
        if store_kind(root) is None:
            return None
        from clawtui.openclaw.reader import RUNS_PER_JOB
        from clawtui.operations.openclaw.report import report_gateway

        if (complaint := self.loaded().complaint) is not None:
            say(complaint)
        quiet_after, now = self.loaded().settings.quiet_after, self.now().astimezone()
        return report_gateway(root, now, quiet_after, RUNS_PER_JOB if per_job is None else per_job, only)

    def _refused_by_gateway(self, root: Path) -> Refused:
        from clawtui.operations.openclaw.gateway_command import refuse_command

        context = click.get_current_context(silent=True)
        subject = context.params.get("id") if context is not None else None
        words = ["--fix"] if context is not None and context.params.get("fix") else []
        while context is not None and context.parent is not None:
            words.insert(0, context.info_name or "")
            context = context.parent
        return refuse_command(root, " ".join(words), subject if isinstance(subject, str) else None)

    def command_line(self) -> CommandLine:
        """Return the form of command lines for the state directory. Raises NoSuch as ``chosen_root`` does."""
        from clawtui.storage.roots import command_line_for

        return command_line_for(self.chosen_root().paths.root)

    def _is_empty(self, paths: StatePaths) -> bool:
        named = self.root is not None or variable_state_dir(os.environ) is not None
        return named and paths.root.is_dir() and is_empty(paths.root)

    def why_read_only(self) -> str:
        """Return why nothing may be changed, one line; empty if it may."""
        if self.read_only:
            return "--read-only: nothing is changed"
        if not self.is_read_only():
            return ""
        return (self.loaded().complaint or "the settings say read-only: nothing is changed").splitlines()[0]

    def require_changes_allowed(self) -> None:
        """Raise Refused under ``--read-only``, or if the settings forbid changes or cannot be trusted."""
        self.changes = True
        if why := self.why_read_only():
            allowing = None if self.read_only else self.command_line().hint("--read-write", "COMMAND")
            raise Refused(why, hint=allowing and f"{allowing} allows it this once.")


def _why_not(paths: StatePaths) -> str:
    """Return why ``paths`` is not a state directory of a gateway, as a clause after its name."""
    if not paths.root.exists():
        return "does not exist"
    if not paths.root.is_dir():
        return "is not a directory"
    if paths.place.is_dir():
        return foreign_reason(paths)
    return "has neither automations/ nor the store of an OpenClaw gateway in it"


pass_invocation = click.make_pass_decorator(Invocation, ensure=True)
"""Decorator that passes the Invocation to a command as its first argument."""
