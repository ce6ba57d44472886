"""The gateway's own commands for one root. Only the gateway itself writes to its store."""

from __future__ import annotations

import shlex
from pathlib import Path

from clawtui.files.store_kind import store_kind
from clawtui.model.errors import NoSuch, Refused
from clawtui.storage.paths import DEFAULT_STATE_DIRS, PROFILE_ROOT, expanded

_OWN: dict[str, tuple[str, ...]] = {
    "automation enable": ("automations", "enable", "ID"),
    "automation disable": ("automations", "disable", "ID"),
    "automation edit": ("automations", "edit", "ID"),
    "automation delete": ("automations", "rm", "ID"),
    "automation run-now": ("automations", "run", "ID"),
    "automation create": ("automations", "add", "--help"),
    "automation duplicate": ("automations", "add", "--help"),
    "lock release": ("tasks", "maintenance", "--apply"),
    "doctor --fix": ("doctor", "--fix"),
    "slot list": ("tasks", "list"),
    "slot free": ("tasks", "maintenance", "--apply"),
    "migrate": ("doctor", "--fix"),
    "export": ("backup", "create"),
}
"""The command of the gateway for each of ours that it replaces; ID stands for our first argument."""

_NOTES: dict[str, str] = {
    "automation duplicate": " None copies a job: `openclaw automations list --json` shows what to copy.",
}
"""The limits of the gateway's command, by the words of ours."""

_NOT_THERE: dict[str, str] = {
    "automation snooze": "it decides by itself when a job is due",
    "audit": "clawtui changes nothing there, so there is no audit of it",
    "artifact": "it keeps no artifacts of runs",
    "workspace": "it keeps no workspaces of runs",
    "dispatcher": "it has no dispatcher, its jobs have a schedule each",
    "lock restore": "clawtui releases nothing there, so there is nothing to restore",
    "prune": "it rotates its log by itself, and clawtui removes nothing there",
}
"""Why the gateway has no equivalent for a command of ours, by its words or the first of them."""


def gateway_prefix(root: Path) -> tuple[str, ...]:
    """Return how ``openclaw`` is called for the state directory ``root``."""
    profile = PROFILE_ROOT.removeprefix("~/")
    try:
        if root == expanded(DEFAULT_STATE_DIRS[0]):
            return ("openclaw",)
        if root.parent == expanded("~") and root.name.startswith(profile):
            return ("openclaw", "--profile", root.name.removeprefix(profile))
    except NoSuch:
        pass
    return (f"OPENCLAW_STATE_DIR={root}", "openclaw")


def refuse_command(root: Path, ours: str, subject: str | None) -> Refused:
    """Return the error for a command that only the gateway can carry out, with the gateway's command for it.

    Args:
        root: The state directory.
        ours: The words of our command, such as ``automation enable``.
        subject: The id that it was called with; None if it takes none.
    """
    words = _OWN.get(ours)
    why = f"{root} is of a stock OpenClaw gateway, which alone writes to its store: `clawtui {ours}` cannot work on it"
    if words is None:
        reason = _NOT_THERE.get(ours) or _NOT_THERE.get(ours.partition(" ")[0])
        return Refused(why if reason is None else f"{root} is of a stock OpenClaw gateway: {reason}")
    named = [subject or "ID" if word == "ID" else word for word in words]
    if store_kind(root) == "json":  # the name before 2026.6, which later gateways understand too
        named = ["cron" if word == "automations" else word for word in named]
    own = shlex.join([*gateway_prefix(root), *named])
    return Refused(why, hint=f"`{own}` is the gateway's own command.{_NOTES.get(ours, '')}")
