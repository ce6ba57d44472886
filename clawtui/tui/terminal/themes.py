"""The themes of the dashboard. Each has few colours, and each colour has one meaning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from textual.app import App
from textual.theme import BUILTIN_THEMES, Theme

from clawtui.model.documents.settings import LabelColour, ThemeChoice
from clawtui.tui.terminal.textual_private import set_theme, use_colours

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
    variables={
        "dim": "#98a4b4",
        "cursor-background": "#26384f",
        "cursor-background-blurred": "#1b2530",
        "match-foreground": "#0f1419",
        "match-background": "#e0af55",
        "label-foreground": "#0f1419",
        "label-background": "#ff7b72",
    },
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
    variables={
        "dim": "#55606c",
        "cursor-background": "#cfe3fb",
        "cursor-background-blurred": "#e8eef5",
        "match-foreground": "#ffffff",
        "match-background": "#865300",
        "label-foreground": "#ffffff",
        "label-background": "#c01c28",
    },
)

ANSI: Final = Theme(
    name="clawtui-ansi",
    primary="ansi_blue",
    accent="ansi_blue",
    secondary="ansi_default",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    success="ansi_green",
    warning="ansi_yellow",
    error="ansi_red",
    ansi=True,
    variables={
        **BUILTIN_THEMES["ansi-dark"].variables,
        "dim": "ansi_default",
        "cursor-background": "ansi_default",
        "cursor-background-blurred": "ansi_default",
        "match-foreground": "ansi_default",
        "match-background": "ansi_default",
        "label-foreground": "ansi_default",
        "label-background": "ansi_default",
        "border": "ansi_default",
        "border-blurred": "ansi_default",
    },
)
"""The theme with the terminal's own colours. Reverse video replaces backgrounds, to be readable with any 16 colours."""

THEMES: Final[Mapping[ThemeChoice, Theme]] = {"dark": DARK, "light": LIGHT, "ansi": ANSI, "none": ANSI}
"""The theme of each choice. For ``none`` the screen is drawn with 16 colours, which are removed afterwards."""

LABEL_COLOURS: Final[Mapping[LabelColour, tuple[str, str]]] = {
    "red": ("#ff7b72", "#c01c28"),
    "yellow": ("#e0af55", "#865300"),
    "green": ("#74c284", "#19713a"),
    "blue": ("#7cb7ff", "#0a5bc4"),
    "magenta": ("#d8a0e8", "#8a2f9e"),
    "cyan": ("#6cc7d0", "#0b6a75"),
}
"""The background of a root's label in the dark theme, and in the light one."""

_SIXTEEN: Final = (
    "linux",
    "xterm",
    "xterm-color",
    "xterm-16color",
    "screen",
    "tmux",
    "rxvt",
    "ansi",
    "cygwin",
    "vt340",
)
_NO_COLOUR: Final = ("vt52", "vt100", "vt102", "vt220", "vt320", "xterm-mono")


def resolve(choice: ThemeChoice, environment: Mapping[str, str]) -> ThemeChoice:
    """Return the theme to use; for ``auto``, the one that fits the terminal and its background in `environment`.

    With ``NO_COLOR`` the result is always ``none``.
    """
    if environment.get("NO_COLOR"):
        return "none"
    if choice != "auto":
        return choice
    terminal = environment.get("TERM", "")
    if terminal in _NO_COLOUR:
        return "none"
    if terminal in _SIXTEEN and not environment.get("COLORTERM"):
        return "ansi"
    # rxvt, Konsole and others set the numbers of the text and background colours; 7 and all above 8 are light.
    background = environment.get("COLORFGBG", "").rpartition(";")[2]
    return "light" if background.isdecimal() and (int(background) == 7 or int(background) > 8) else "dark"


def apply_theme(app: App[None], choice: ThemeChoice) -> None:
    """Draw `app` in the colours of `choice`, or without colours."""
    for theme in (DARK, LIGHT, ANSI):
        if theme.name not in app.available_themes:
            app.register_theme(theme)
    use_colours(app, colours=choice != "none")
    set_theme(app, THEMES[choice])
    app.refresh_css(animate=False)


def label_variables(theme: Theme, colour: LabelColour) -> dict[str, str]:
    """Return the colours of a root's label, and those of the names of several roots, for the style sheet."""
    if theme.ansi:
        names = {f"root-{each}": f"ansi_{each}" for each in LABEL_COLOURS}
        return {"label-foreground": "ansi_default", "label-background": f"ansi_{colour}", **names}
    of_theme = {each: on_dark if theme.dark else on_light for each, (on_dark, on_light) in LABEL_COLOURS.items()}
    return {"label-background": of_theme[colour], **{f"root-{each}": value for each, value in of_theme.items()}}
