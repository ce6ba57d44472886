"""Colours: readable on every background, chosen by the terminal's capabilities, and never required."""

from __future__ import annotations

import string
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.widgets import Label

from clawtui.model.documents.settings import ThemeChoice
from clawtui.storage.paths import StatePaths
from clawtui.tui.app import ClawtuiApp
from clawtui.tui.controllers.user.preferences import Startup
from clawtui.tui.terminal.ascii_fallback import encode
from clawtui.tui.terminal.glyphs import wants_ascii
from clawtui.tui.terminal.themes import apply_theme, resolve
from clawtui.tui.widgets.line_view import LineView
from tests.gateway_root import NOON, GatewayRoot, iso, run_entry
from tests.operations.evidence.test_processes import ended_pid
from tests.tui.contrast import ENOUGH, contrasts, label_contrasts, ratio
from tests.tui.dashboard_at_noon import DashboardTester, dashboard_at_noon

CLAWTUI = Path(__file__).parents[3] / "clawtui"


@pytest.mark.parametrize("choice", ["dark", "light"])
async def test_every_role_can_be_read_on_every_ground(choice: ThemeChoice) -> None:
    poor = [one for one in await contrasts(choice) if one.ratio < ENOUGH]
    assert poor == []


def test_every_label_can_be_read() -> None:
    assert [label for label in label_contrasts() if label[2] < ENOUGH] == []


def test_the_reckoning_is_that_of_wcag() -> None:
    assert ratio((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert ratio((118, 118, 118), (255, 255, 255)) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(
    ("choice", "environment", "expected"),
    [
        ("auto", {"TERM": "xterm-256color"}, "dark"),
        ("auto", {"TERM": "xterm-256color", "COLORFGBG": "0;15"}, "light"),
        ("auto", {"TERM": "xterm-256color", "COLORFGBG": "15;default;0"}, "dark"),
        ("auto", {"TERM": "xterm-256color", "COLORFGBG": "12;8"}, "dark"),
        ("auto", {"TERM": "linux"}, "ansi"),
        ("auto", {"TERM": "xterm", "COLORTERM": "truecolor"}, "dark"),
        ("auto", {"TERM": "vt100"}, "none"),
        ("light", {"TERM": "linux"}, "light"),
        ("light", {"NO_COLOR": "1"}, "none"),
        ("dark", {"NO_COLOR": ""}, "dark"),
    ],
)
def test_which_colours_a_terminal_gets(choice: ThemeChoice, environment: dict[str, str], expected: str) -> None:
    assert resolve(choice, environment) == expected


@pytest.mark.parametrize("choice", ["ansi", "none"])
async def test_the_terminals_own_colours_are_left_to_it(gateway: GatewayRoot, choice: ThemeChoice) -> None:
    gateway.automation("alpha", enabled=False)
    app = ClawtuiApp(StatePaths(gateway.root), host="h", clock=lambda: NOON, zone=UTC, startup=Startup(environment={}))
    async with app.run_test(size=(120, 40)) as pilot:
        app.preferences.use_theme(choice)
        tester = DashboardTester(app, pilot)
        await tester.wait_for("disabled")
        strips = app.screen._compositor.render_strips(app.size)
        styles = [segment.style for strip in strips for segment in strip if segment.style is not None]
        colours = {colour for style in styles for colour in (style.color, style.bgcolor) if colour is not None}
        assert all(colour.triplet is None and (colour.number or 0) < 16 for colour in colours)
        assert (choice == "none") == all(colour.is_default for colour in colours)
        assert any(style.reverse for style in styles), "the cursor is to be seen without colours"


@pytest.mark.parametrize("choice", ["ansi", "none"])
async def test_the_row_with_the_cursor_has_one_style_in_all_its_cells(
    gateway: GatewayRoot, choice: ThemeChoice
) -> None:
    failed = {"timestamp": iso(NOON - timedelta(hours=1)), "status": "failed", "duration": 1000, "summary": "Push"}
    gateway.automation("alpha", runHistory=[failed], lastRun=failed, nextRun=iso(NOON + timedelta(hours=1)))
    gateway.append_log(
        "logs/smart-sync-fork/alpha-2025-01-26-11-00-00.jsonl", run_entry("alpha", "Push", level="error")
    )
    gateway.lock("github.com/acme/site", "alpha", pid=ended_pid())
    async with dashboard_at_noon(gateway) as tester:
        app = tester.app
        app.preferences.use_theme(choice)
        await tester.wait_for(lambda: "finding" in tester.rows[0])
        for keys, place in (
            ("1", "▌1"),
            ("4", "▌4"),
            ("3k", "▌3"),
            ("1H", "STARTED"),
            ("H", "▌1"),
            ("D", "goes there"),
        ):
            await tester.press(*keys)
            await tester.wait_for(place)
            view = app.screen.focused
            assert isinstance(view, LineView)
            await tester.wait_for(view._painter.highlighted_rows)
            for row in view._painter.highlighted_rows():
                y, x = view.region.y + row.y, view.region.x
                strip = app.screen._compositor.render_strips(app.size)[y].crop(x, x + row.width)
                assert strip.cell_length == row.width > 40
                assert len({segment.style for segment in strip if segment.text}) == 1, (place, list(strip))
                assert all(segment.style is not None and segment.style.reverse for segment in strip)


async def test_switching_back_from_no_colour_brings_the_colours_back(gateway: GatewayRoot) -> None:
    app = ClawtuiApp(
        StatePaths(gateway.root), host="h", clock=lambda: NOON, zone=UTC, startup=Startup(environment={"NO_COLOR": "1"})
    )
    async with app.run_test(size=(120, 40)) as pilot:
        assert app.no_color
        app.preferences.use_theme("dark")
        await pilot.pause()
        assert app.no_color, "NO_COLOR is the last word"


@pytest.mark.parametrize(
    ("choice", "environment", "expected"),
    [
        ("auto", {"LANG": "en_GB.UTF-8"}, False),
        ("auto", {"LANG": "en_GB.UTF-8", "LC_ALL": "C"}, True),
        ("auto", {"LANG": "de_DE.ISO-8859-1"}, True),
        ("auto", {"LC_CTYPE": "C.utf8"}, False),
        ("auto", {}, False),
        ("auto", {"TERM": "linux", "LANG": "en_GB.UTF-8"}, True),
        ("never", {"LC_ALL": "C"}, False),
        ("always", {"LANG": "en_GB.UTF-8"}, True),
    ],
)
def test_when_ascii_characters_are_used(choice: str, environment: dict[str, str], expected: bool) -> None:
    assert wants_ascii(choice, environment) is expected  # type: ignore[arg-type]


def test_every_character_that_we_draw_has_a_plain_one_of_its_width() -> None:
    drawn = {
        character
        for file in [*CLAWTUI.glob("tui/**/*.py"), *CLAWTUI.glob("model/**/*.py")]
        if file.name not in ("ascii_fallback.py", "cleaning.py")
        for character in file.read_text()
        if not character.isascii() and character.isprintable()
    }
    assert len(drawn) > 20
    poor = {c for c in drawn if (plain := encode(c, "ascii").decode()) == "?" * len(plain) or len(plain) != cell_len(c)}
    assert poor == set()
    assert all(encode(c, "ascii").decode() in string.printable for c in drawn)


class _Labelled(App[None]):
    """An app with one label, in a theme from its start."""

    def __init__(self, choice: ThemeChoice) -> None:
        super().__init__()
        self.parses = 0
        apply_theme(self, choice)

    def compose(self) -> ComposeResult:
        yield Label("text")

    def refresh_css(self, animate: bool = True) -> None:
        self.parses += self.is_running
        super().refresh_css(animate)


async def test_a_theme_from_the_start_is_that_of_a_later_change_without_styling_all_widgets_again() -> None:
    from_start, changed = _Labelled("light"), _Labelled("dark")
    async with from_start.run_test():
        assert from_start.parses == 0
        async with changed.run_test() as pilot:
            apply_theme(changed, "light")
            await pilot.pause()
            assert from_start.classes == changed.classes
            found = [app.query_one(Label).rich_style for app in (from_start, changed)]
    assert found[0] == found[1]
