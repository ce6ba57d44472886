"""The arrangement of the dashboard is saved and restored."""

from __future__ import annotations

import json
import stat
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC
from pathlib import Path

import pytest
from textual import events

from clawtui.model.documents.settings import Settings
from clawtui.model.errors import ClawtuiError
from clawtui.operations.user.ui_state import load_arrangement, save_arrangement
from clawtui.storage.paths import StatePaths
from clawtui.tui.app import ClawtuiApp
from clawtui.tui.controllers.user.preferences import Startup
from clawtui.tui.widgets.line import Role
from clawtui.tui.widgets.line_table import LineTable
from clawtui.tui.widgets.line_view import LineView
from tests.gateway_root import NOON, GatewayRoot
from tests.tui.dashboard_at_noon import DashboardTester


@asynccontextmanager
async def at_home(
    gateway: GatewayRoot, place: Path, settings: Settings | None = None
) -> AsyncIterator[DashboardTester]:
    """Yield the dashboard with the state that was saved in ``place``."""
    startup = Startup(
        settings=settings or Settings(),
        ui_state=load_arrangement(place),
        save_ui_state=lambda arrangement: save_arrangement(arrangement, place),
        environment={},
    )
    app = ClawtuiApp(StatePaths(gateway.root), host="h", clock=lambda: NOON, zone=UTC, startup=startup)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        tester = DashboardTester(app, pilot)
        await tester.wait_until_loaded()
        yield tester
        await app.workers.wait_for_complete()


@pytest.fixture
def few(gateway: GatewayRoot) -> GatewayRoot:
    for name in ("alpha", "bravo"):
        gateway.automation(name)
    return gateway


@pytest.fixture
def locked(few: GatewayRoot) -> GatewayRoot:
    """Of more than one row is the pane of the locks only while there is one."""
    few.lock("github.com/user/alpha", "alpha")
    return few


def tops(tester: DashboardTester) -> list[int]:
    """Return the rows of the panes' titles."""
    titles = ("1 Automations", "2 Timeline", "4 Locks")
    return [next(row for row, text in enumerate(tester.rows) if title in text) for title in titles]


async def test_no_row_on_the_screen_moves_while_hundreds_are_read_in_a_saved_order(
    gateway: GatewayRoot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(300):
        gateway.automation(f"a-{number}", name=f"Sync {number * 7 % 300}")
    (tmp_path / "arrangement.json").write_text('{"orders": {"Automations": {"by": "name", "reverse": true}}}')
    tops: list[Sequence[str]] = []
    show_keys = LineTable.show_keys

    def record(table: LineTable, keys: Sequence[str], marks: Sequence[tuple[int, Role]]) -> None:
        if keys and keys[0].startswith("config/"):
            tops.append(keys[:40])
        show_keys(table, keys, marks)

    monkeypatch.setattr(LineTable, "show_keys", record)
    async with at_home(gateway, tmp_path) as tester:
        assert len(tester.app.dashboard.view.automations.table.cursor.keys) == 300
        assert any("Sync 299" in row for row in tester.rows[:6])
    assert len(tops) > 1, "a part was shown first"
    assert all(top == tops[-1] for top in tops)


def test_without_saved_state_the_defaults_are_used_and_a_broken_file_is_reported(tmp_path: Path) -> None:
    assert load_arrangement(tmp_path).rows == ()
    (tmp_path / "arrangement.json").write_text('{"rows": "wide"}')
    with pytest.raises(ClawtuiError, match="arrangement"):
        load_arrangement(tmp_path)


async def test_order_sizes_and_theme_are_there_again(locked: GatewayRoot, tmp_path: Path) -> None:
    place = tmp_path / "state/clawtui"
    async with at_home(locked, place) as tester:
        before = tops(tester)
        await tester.press("greater_than_sign", "r")
        await drag(tester, (50, before[2]), (50, before[2] - 5))
        column = tester.rows[before[1] + 2].index("│")
        await drag(tester, (column, before[1] + 2), (column + 10, before[1] + 2))
        tester.app.preferences.use_theme("light")
        await tester.pilot.pause()
        arranged = tops(tester)
        assert arranged == [before[0], before[1], before[2] - 5]
    file = place / "arrangement.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    assert json.loads(file.read_text())["orders"] == {"Automations": {"by": "name", "reverse": True}}
    async with at_home(locked, place) as tester:
        assert tops(tester) == arranged
        assert tester.rows[arranged[1] + 2].index("│") == column + 10
        assert "by name, reversed" in tester.text
        assert tester.app.current_theme.name == "clawtui-light"
    async with at_home(locked, place, Settings(theme="ansi")) as tester:
        assert tester.app.current_theme.name == "clawtui-ansi", "the settings say something else by now"


async def drag(tester: DashboardTester, start: tuple[int, int], end: tuple[int, int]) -> None:
    await tester.pilot.mouse_down(offset=start)
    await tester.pilot._post_mouse_events([events.MouseMove], None, end, button=1)
    await tester.pilot.mouse_up(offset=end)
    await tester.pilot.pause()


async def test_small_panes_and_places_beside_a_border_cannot_be_dragged(locked: GatewayRoot, tmp_path: Path) -> None:
    async with at_home(locked, tmp_path) as tester:
        before = tops(tester)
        await drag(tester, (50, before[2]), (50, 1))
        assert tops(tester)[2] >= tops(tester)[1] + 4
        arranged = tops(tester)
        await drag(tester, (50, 4), (50, 20))
        assert tops(tester) == arranged


async def test_the_one_row_of_a_pane_without_locks_stays_where_it_is(few: GatewayRoot, tmp_path: Path) -> None:
    async with at_home(few, tmp_path) as tester:
        before = tops(tester)
        await drag(tester, (50, before[2]), (50, before[2] - 5))
        assert tops(tester) == before
        await drag(tester, (50, before[1]), (50, before[1] + 4))
        assert tops(tester) == [before[0], before[1] + 4, before[2]]


async def test_a_click_selects_and_a_second_click_opens(few: GatewayRoot, tmp_path: Path) -> None:
    async with at_home(few, tmp_path) as tester:
        row = next(row for row, text in enumerate(tester.rows) if "Bravo" in text)
        await tester.pilot.click(offset=(10, row))
        await tester.wait_for("2 Timeline  Bravo")
        await tester.pilot.click(offset=(10, tops(tester)[2]))
        await tester.wait_for("▌4 Locks")
        await tester.pilot.click(offset=(10, row), times=2)
        await tester.wait_for("▌2 Timeline")


async def test_configured_columns_are_shown_and_an_unknown_name_is_reported(few: GatewayRoot, tmp_path: Path) -> None:
    settings = Settings(columns={"automations": ("automation", "Ago", "size")})
    async with at_home(few, tmp_path, settings) as tester:
        title = next(row for row, text in enumerate(tester.rows) if "1 Automations" in text)
        assert tester.rows[title + 1].split() == ["AUTOMATION", "AGO"]
        await tester.wait_for(
            lambda: any("“size” is no column" in message.text for message in tester.app.messages.history)
        )


async def test_the_label_of_a_root_is_always_in_the_header(few: GatewayRoot) -> None:
    startup = Startup(label="PRODUCTION", label_colour="red", environment={})
    paths = StatePaths(few.root)
    for width in (120, 80, 60):
        app = ClawtuiApp(paths, host="a-long-host-name", clock=lambda: NOON, zone=UTC, startup=startup, read_only=True)
        async with app.run_test(size=(width, 24)) as pilot:
            tester = DashboardTester(app, pilot)
            await tester.wait_until_loaded()
            assert "[PRODUCTION]" in tester.rows[0]
            assert isinstance(app.dashboard.view.header, LineView)
