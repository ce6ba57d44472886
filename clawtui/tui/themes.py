"""The dashboard's colours: few, and each means one thing."""

from __future__ import annotations

from typing import Final

from textual.theme import Theme

DARK: Final = Theme(
    name="clawtui-dark",
    primary="#7cb7ff",
    accent="#7cb7ff",
    secondary="#8b98a9",
    foreground="#d6dde6",
    background="#0f1419",
    surface="#171d25",
    panel="#222b36",
    success="#74c284",
    warning="#e0af55",
    error="#ff7b72",
    dark=True,
    variables={"dim": "#8792a1", "cursor-background": "#26384f", "cursor-background-blurred": "#1b2530"},
)

LIGHT: Final = Theme(
    name="clawtui-light",
    primary="#0a5bc4",
    accent="#0a5bc4",
    secondary="#5a6673",
    foreground="#1d232a",
    background="#ffffff",
    surface="#f1f4f7",
    panel="#e3e8ee",
    success="#19713a",
    warning="#865300",
    error="#c01c28",
    dark=False,
    variables={"dim": "#5f6b78", "cursor-background": "#cfe3fb", "cursor-background-blurred": "#e8eef5"},
)
