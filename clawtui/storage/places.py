"""Where clawtui keeps what is its own, outside any gateway's state directory: the platform's places for a user."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_config_path, user_state_path

_NAME = "clawtui"


def own_state() -> Path:
    """For what clawtui remembers and records: the audit, reports of failures, what was arranged. It need not exist."""
    return user_state_path(_NAME, appauthor=False)


def own_configuration() -> Path:
    """For what the user sets. It need not exist."""
    return user_config_path(_NAME, appauthor=False)
