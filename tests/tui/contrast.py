"""The contrast of every role on every background, by WCAG 2: ``python -m tests.tui.contrast``."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from typing import NamedTuple

from rich.color import Color

from clawtui.model.documents.settings import LabelColour, ThemeChoice
from clawtui.storage.paths import StatePaths
from clawtui.tui.app import ClawtuiApp
from clawtui.tui.controllers.user.preferences import Startup
from clawtui.tui.terminal.themes import LABEL_COLOURS, THEMES
from clawtui.tui.widgets.line import ROLES, Role
from clawtui.tui.widgets.line_view import LinesView, LineView
from tests.gateway_root import NOON

ENOUGH = 4.5
"""What WCAG AA asks of text."""


class Contrast(NamedTuple):
    """The contrast of one role on one background."""

    theme: str
    ground: str
    role: Role
    foreground: str
    background: str
    ratio: float


def ratio(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    """Return the contrast, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: tuple[int, int, int]) -> float:
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.03928 else float(((part + 0.055) / 1.055) ** 2.4)


async def contrasts(choice: ThemeChoice) -> list[Contrast]:
    """Return the contrasts of one theme, as the real dashboard paints it."""
    with tempfile.TemporaryDirectory() as root:
        app = ClawtuiApp(
            StatePaths(Path(root)), host="h", clock=lambda: NOON, zone=UTC, startup=Startup(environment={})
        )
        async with app.run_test(size=(120, 40)) as pilot:
            app.preferences.use_theme(choice)
            await pilot.pause()
            dashboard = app.dashboard
            found = [
                *_of("background", choice, dashboard.view.timeline.body),
                *_of("header", choice, dashboard.view.header),
                *_of("footer, notice", choice, dashboard.view.footer),
                *_of("cursor", choice, dashboard.view.automations.table, True),
                *_of("cursor elsewhere", choice, dashboard.view.locks.table, True),
            ]
            await pilot.press("exclamation_mark")
            await pilot.pause()
            return [*found, *_of("dialog", choice, app.screen.query_one("#dialog-lines", LinesView))]


def _of(ground: str, theme: str, view: LineView, highlighted: bool = False) -> Iterator[Contrast]:
    for role in ROLES:
        style = view.role_styles.style(role, highlighted)
        assert style.color is not None
        assert style.bgcolor is not None
        fore, back = _triplet(style.color), _triplet(style.bgcolor)
        yield Contrast(theme, ground, role, _hex(fore), _hex(back), ratio(fore, back))


def _triplet(colour: Color) -> tuple[int, int, int]:
    triplet = colour.get_truecolor()
    return (triplet.red, triplet.green, triplet.blue)


def _hex(colour: tuple[int, int, int]) -> str:
    return "#" + "".join(f"{part:02x}" for part in colour)


def label_contrasts() -> Iterator[tuple[LabelColour, str, float]]:
    """Yield those of the labels of roots, on dark and on light."""
    for colour, backgrounds in LABEL_COLOURS.items():
        for name, background in zip(("dark", "light"), backgrounds, strict=True):
            theme = THEMES["dark" if name == "dark" else "light"]
            text = theme.variables["label-foreground"]
            yield colour, name, ratio(_triplet(Color.parse(text)), _triplet(Color.parse(background)))


def main() -> None:
    """Print a row for each background, a column for each role."""
    themes: tuple[ThemeChoice, ...] = ("dark", "light")
    for choice in themes:
        found = asyncio.run(contrasts(choice))
        print(f"{choice:<18}" + "".join(f"{role:>8}" for role in ROLES))
        for ground in dict.fromkeys(one.ground for one in found):
            row = {one.role: one.ratio for one in found if one.ground == ground}
            print(f"  {ground:<16}" + "".join(f"{row[role]:8.1f}" for role in ROLES))
        lowest = min(found, key=lambda one: one.ratio)
        print(f"  lowest {lowest.ratio:.2f}: {lowest.role} on {lowest.ground}\n")
    print("labels            " + "".join(f"{colour:>9}" for colour in LABEL_COLOURS))
    for name in ("dark", "light"):
        print(f"  {name:<16}" + "".join(f"{value:9.1f}" for _, on, value in label_contrasts() if on == name))


if __name__ == "__main__":
    main()
