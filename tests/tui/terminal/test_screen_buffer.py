"""Whatever frames follow each other, the terminal shows the last one as if it had been painted cell by cell."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from rich.cells import split_graphemes
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widgets import Static

from clawtui.tui.terminal.cells import SURE, kind_of
from clawtui.tui.terminal.screen_buffer import PartialCompositor, ScreenBuffer
from clawtui.tui.terminal.screen_updates import PacedScreen
from clawtui.tui.terminal.textual_private import repaint
from tests.tui.terminal.emulated import Emulator, ambiguous_is_wide, difference, painted

COLUMNS, ROWS = 14, 3
TRUE = ColorSystem.TRUECOLOR

_COLOURS = st.sampled_from([None, "red", "bright_blue", "#c0ffee", "#112233", "default"])
_STYLES = st.builds(
    lambda fore, back, kinds: Style(color=fore, bgcolor=back, **dict.fromkeys(kinds, True)),  # type: ignore[arg-type]
    _COLOURS,
    _COLOURS,
    st.sets(st.sampled_from(["bold", "italic", "underline", "reverse", "strike", "blink"]), max_size=2),
)
_CHARACTERS = st.text(st.sampled_from("ab  xé─●…変更😀"), min_size=1, max_size=6)
_CLUSTERS = st.sampled_from(["⚠\ufe0f", "e\u0301x"])

Cell = tuple[str, Style | None]
"""What one cell shows, empty for the second cell of a wide character."""


class Frame(NamedTuple):
    """A change of the screen: a row from a column on, or all rows; first, the terminal may have changed its size."""

    segments: list[list[Segment]]
    y: int | None
    x: int
    columns: int


def frames(texts: st.SearchStrategy[str]) -> st.SearchStrategy[list[Frame]]:
    segments = st.lists(st.tuples(texts, _STYLES).map(lambda each: Segment(*each)), min_size=1, max_size=4)
    frame = st.builds(
        Frame,
        st.lists(segments, min_size=ROWS, max_size=ROWS),
        st.none() | st.integers(0, ROWS - 1),
        st.integers(0, COLUMNS - 1),
        st.sampled_from([COLUMNS, COLUMNS, COLUMNS, COLUMNS - 3]),
    )
    return st.lists(frame, min_size=2, max_size=5)


class Painter:
    """A buffer with a terminal that shows what it sends, and the content that it should show."""

    def __init__(self) -> None:
        self.buffer = ScreenBuffer()
        self.columns = COLUMNS
        self.terminal = Emulator(COLUMNS, ROWS)
        self.content: list[list[Cell]] = []

    def show(self, frame: Frame) -> str:
        if frame.columns != self.columns:
            self.columns = frame.columns
            self.terminal = Emulator(frame.columns, ROWS)
        if frame.y is None or not self.buffer.whole or self.buffer.size.width != self.columns:
            self.content = [cut(cells(each, self.columns), 0, self.columns) for each in frame.segments]
            strips: list[Iterable[Strip]] = [[strip(row)] for row in self.content]
            update: LayoutUpdate | ChopsUpdate = LayoutUpdate(strips, Region(0, 0, self.columns, ROWS))
        else:
            x, y = min(frame.x, self.columns - 1), frame.y
            piece = cut(cells(frame.segments[0]), 0, self.columns - x)
            end, row = x + len(piece), self.content[y]
            self.content[y] = cut(row, 0, x) + piece + cut(row, end, self.columns)
            chops: list[dict[int, Strip | None]] = [{} for _ in range(ROWS)]
            chops[y] = {0: None, x: strip(piece)} if x else {0: strip(piece)}
            update = ChopsUpdate(chops, [(y, x, end)], [[x, end] if x else [end]] * ROWS)
        sent = self.buffer.frame(update, Size(self.columns, ROWS), TRUE)
        self.terminal.feed(sent.encode())
        return sent


def cells(segments: list[Segment], width: int = 0) -> list[Cell]:
    """Return the cells of segments, and plain blanks up to a width; the second one of a wide character has no text."""
    found: list[Cell] = []
    for text, style, _ in segments:
        for start, end, size in split_graphemes(text)[0]:
            found += [(text[start:end], style), *[("", style)] * (size - 1)]
    return found + [(" ", None)] * (width - len(found))


def cut(row: list[Cell], start: int, end: int) -> list[Cell]:
    """Return a part of a row, with blanks in place of halves of characters."""
    part = row[start:end]
    if part and not part[0][0]:
        part[0] = (" ", part[0][1])
    if row[end : end + 1] and not row[end][0]:
        part[-1] = (" ", part[-1][1])
    return part


def strip(row: list[Cell]) -> Strip:
    return Strip([Segment(text, style) for text, style in row])


@settings(phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(frames(_CHARACTERS | _CLUSTERS))
def test_each_frame_leaves_the_screen_as_if_it_were_painted_whole(frames: list[Frame]) -> None:
    painter = Painter()
    for frame in frames:
        sent = painter.show(frame)
        wrong = difference(painter.terminal.shown(), painted([*map(strip, painter.content)], painter.columns).shown())
        assert not wrong, f"after {sent!r}: {wrong[0]}"


@settings(phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(frames(_CHARACTERS))
def test_other_text_stays_in_its_place_where_ambiguous_characters_are_wide(frames: list[Frame]) -> None:
    painter = Painter()
    with ambiguous_is_wide():
        for frame in frames:
            sent = painter.show(frame)
            shown = painter.terminal.shown()
            for y, row in enumerate(painter.content):
                for x, (text, _) in enumerate(row):
                    if text and kind_of(text) == SURE:
                        assert shown[y][x].text == text, f"row {y}, column {x} after {sent!r}"


@pytest.mark.parametrize(
    ("before", "after", "sent"),
    [
        ("abcdefgh", "abcdefgh", ""),
        ("abcdefgh", "abcXefgh", "\x1b[;4HX"),
        ("abcdefgh", "XbcXefgh", "\x1b[HXbcX"),  # what is between costs less than a movement
        ("abcdefgh", "X       ", "\x1b[HX       "),
        ("a●cdefgh", "b●cdefgh", "\x1b[Hb"),
        ("a●cdefgh", "a○cdefgX", "\x1b[;2H○\x1b[3GcdefgX"),  # the cell after it, which it covers where it is wide
        ("変cdefgh", "更cdefgh", "\x1b[H更"),
        ("変cdefgh", "a cdefgh", "\x1b[Ha "),
    ],
)
def test_only_changed_cells_are_sent(before: str, after: str, sent: str) -> None:
    buffer = ScreenBuffer()
    for text in (before, after):
        row = strip(cut(cells([Segment(text)], 8), 0, 8))
        frame = buffer.frame(LayoutUpdate([[row]], Region(0, 0, 8, 1)), Size(8, 1), TRUE)
    assert frame == sent


def test_all_is_sent_after_the_terminal_may_have_changed() -> None:
    buffer = ScreenBuffer()
    update = LayoutUpdate([[Strip([Segment("same")])]], Region(0, 0, 4, 1))
    assert buffer.frame(update, Size(4, 1), TRUE) == "\x1b[Hsame"
    assert buffer.frame(update, Size(4, 1), TRUE) == ""
    buffer.forget()
    assert not buffer.whole
    assert buffer.frame(update, Size(4, 1), TRUE) == "\x1b[Hsame"


class _Counted(Static):
    """Widget that counts the rows that are rendered."""

    rows = 0

    def render_lines(self, crop: Region) -> list[Strip]:
        self.rows += crop.height
        return super().render_lines(crop)


class _Screen(PacedScreen):
    CSS = "_Counted { height: 3; } Static { width: 12; } #over { layer: messages; offset: 2 1; width: 4; height: 1; }"

    def compose(self) -> ComposeResult:
        yield from (_Counted(name, id=name) for name in ("top", "middle", "bottom"))
        yield Static("over", id="over")


class _Layers(App[None]):
    def on_mount(self) -> None:
        self.push_screen(_Screen())


async def test_a_frame_renders_only_the_changed_rows_and_what_lies_over_them() -> None:
    app = _Layers()
    async with app.run_test(size=(20, 9)) as pilot:
        await pilot.pause()
        screen = app.screen
        top, middle, bottom = (screen.query_one(f"#{name}", _Counted) for name in ("top", "middle", "bottom"))
        compositor = screen._compositor
        assert isinstance(compositor, PartialCompositor)
        whole = [strip.text for strip in compositor.render_strips()]
        before = [each.rows for each in (top, middle, bottom)]
        for widget in (top, bottom):
            repaint(widget, [Region(0, 1, 9, 1)])
        compositor.update_widgets(screen._dirty_widgets)
        update = compositor.render_partial_update()
        assert isinstance(update, ChopsUpdate)
        assert [each.rows for each in (top, middle, bottom)] == [before[0] + 1, before[1], before[2] + 1]
        sent = {y: update.chops[y] for y, _, _ in update.spans}
        assert sorted(sent) == [1, 7]
        for y, chops in sent.items():
            for column, strip in chops.items():
                if strip is not None:
                    assert strip.text == whole[y][column : column + strip.cell_length]
        assert any(strip is not None and strip.text == "over" for strip in sent[1].values())


class _Box(Vertical):
    """Container that counts the rows that are rendered."""

    rows = 0

    def render_lines(self, crop: Region) -> list[Strip]:
        self.rows += crop.height
        return super().render_lines(crop)


class _Boxes(PacedScreen):
    CSS = "_Box { height: 4; width: 12; } Static { height: 1fr; } #small { height: 1; width: 5; }"

    def compose(self) -> ComposeResult:
        with _Box(id="covered"):
            yield from (Static("first"), Static("second"))
        with _Box(id="seen"):
            yield from (Static("third"), Static("small", id="small"))


async def test_a_whole_frame_renders_a_container_only_where_it_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    app: App[None] = App()
    async with app.run_test(size=(20, 9)) as pilot:
        await app.push_screen(_Boxes())
        await pilot.pause()
        compositor = app.screen._compositor
        covered, seen = (app.screen.query_one(f"#{name}", _Box) for name in ("covered", "seen"))
        covered.rows = seen.rows = 0
        strips = compositor.render_strips()
        assert (covered.rows, seen.rows) == (0, 1)
        monkeypatch.delattr(PartialCompositor, "_get_renders")  # Textual's own renders everything
        assert compositor.render_strips() == strips
        assert (covered.rows, seen.rows) == (4, 5)
