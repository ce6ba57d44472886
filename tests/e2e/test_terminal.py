"""The harness itself: a test on top of it is worth no more than it is."""

from __future__ import annotations

import signal
import sys
import textwrap
from pathlib import Path

import pytest

from tests.e2e.keys import key_bytes
from tests.e2e.screen import Screen
from tests.e2e.terminal import Terminal
from tests.waiting import has_ended, wait_until

BACKGROUND_CHILD = """
import os, signal, subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import signal, time; signal.signal(signal.SIGHUP, signal.SIG_IGN); "
    "print('child ready', flush=True); time.sleep(600)"], start_new_session=%s)
time.sleep(600)
"""


def python(program: str, *, cols: int = 80, rows: int = 10) -> Terminal:
    return Terminal([sys.executable, "-c", textwrap.dedent(program)], cols=cols, rows=rows)


def drawn(data: bytes, *, cols: int = 20, rows: int = 2) -> Screen:
    screen = Screen(cols, rows)
    screen.feed(data)
    return screen


def test_the_output_of_a_program_is_shown_and_its_status_returned() -> None:
    with python("print('Grüße, 世界'); raise SystemExit(7)") as terminal:
        assert terminal.wait_for("Grüße, 世界")[0].startswith("Grüße, 世界")
        assert terminal.wait_exit() == 7
        assert terminal.text.splitlines()[0] == "Grüße, 世界"


def test_the_program_has_the_terminal_as_its_own() -> None:
    with python(
        """
        import os, sys
        print(all(os.isatty(n) for n in (0, 1, 2)), os.getsid(0) == os.getpid() == os.tcgetpgrp(0))
        print(*os.get_terminal_size(), os.environ["TERM"], os.ttyname(os.open("/dev/tty", os.O_RDWR)) != "")
        """,
        cols=93,
        rows=17,
    ) as terminal:
        terminal.wait_exit()
        assert terminal.text.split("\n")[:2] == ["True True", "93 17 xterm-256color True"]


def test_the_environment_of_the_test_run_is_not_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "COLUMNS", "TEXTUAL_THEME", "CLAWDBOT_STATE_DIR"):
        monkeypatch.setenv(name, "1")
    program = "import os; print([n for n in os.environ if n in ('NO_COLOR', 'COLUMNS', 'TEXTUAL_THEME', 'OURS')])"
    with Terminal([sys.executable, "-c", program], env={"OURS": "1"}) as terminal:
        terminal.wait_for("['OURS']")


def test_a_resize_signals_the_program() -> None:
    with python(
        """
        import os, signal
        def say(*_):  # not with print, which the next signal may interrupt
            os.write(1, "now {} {} ".format(*os.get_terminal_size()).encode())
        signal.signal(signal.SIGWINCH, say)
        print("ready", flush=True)
        while True: signal.pause()
        """
    ) as terminal:
        terminal.wait_for("ready")
        terminal.resize(40, 5)
        rows = terminal.wait_for("now 40 5")
        assert (len(rows), len(rows[0])) == (5, 40)


def test_ctrl_c_interrupts_and_a_signal_ends() -> None:
    sleeper = "import time; print('ready', flush=True); time.sleep(600)"
    with python(sleeper) as terminal:
        terminal.wait_for("ready")
        terminal.press("ctrl+c")
        assert terminal.wait_exit() != 0
        assert "KeyboardInterrupt" in terminal.text
    with python(sleeper) as terminal:
        terminal.wait_for("ready")
        terminal.signal(signal.SIGTERM)
        assert terminal.wait_exit() == -signal.SIGTERM


def test_every_key_arrives_as_a_terminal_sends_it() -> None:
    keys = ["j", "ä", "enter", "esc", "shift+tab", "up", "pagedown", "f1", "ctrl+a", "ctrl+\\", "alt+x", "space", "q"]
    with python(
        """
        import os, sys, tty
        tty.setraw(0)
        print("ready", end="\\r\\n", flush=True)
        got = b""
        while not got.endswith(b"q"): got += os.read(0, 100)
        print(got.hex(), flush=True)
        """
    ) as terminal:
        terminal.wait_for("ready")
        terminal.press(*keys)
        terminal.wait_for(b"".join(map(key_bytes, keys)).hex())


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(ValueError, match="hyper"):
        key_bytes("hyper+x")


def test_a_program_is_never_held_up_by_a_test_that_looks_elsewhere() -> None:
    with python("import sys; sys.stdout.write('x' * 500_000 + '\\n'); print('through')") as terminal:
        assert terminal.wait_exit(deadline=60) == 0
        terminal.wait_for("through", deadline=60)
        assert terminal.bytes_received > 500_000


def test_only_output_after_a_mark_is_measured() -> None:
    with python(
        """
        import sys
        print("first", flush=True)
        input()
        print("\\x1b[1;1Hagain", flush=True)
        input()
        """
    ) as terminal:
        terminal.wait_for("first")
        mark = terminal.settle()
        terminal.press("enter")
        terminal.wait_for("again")
        terminal.settle()
        assert terminal.since(mark) == b"\r\n\x1b[1;1Hagain\r\n"
        assert terminal.settle() == mark + len(terminal.since(mark))


def test_a_failed_wait_shows_the_screen() -> None:
    with python("print('something else', flush=True); input()") as terminal:
        terminal.wait_for("something else")
        with pytest.raises(AssertionError, match=r"(?s)within 0.05 s.*something else"):
            terminal.wait_for(lambda rows: "wanted" in rows[0], deadline=0.05)


def test_waiting_ends_at_once_when_nothing_more_can_come() -> None:
    with python("print('last words')") as terminal, pytest.raises(AssertionError, match=r"(?s)closed.*last words"):
        terminal.wait_for("wanted", deadline=100)


@pytest.mark.parametrize("own_session", [False, True])
def test_remaining_processes_are_found_and_ended(own_session: bool) -> None:
    with python(BACKGROUND_CHILD % own_session) as terminal:
        terminal.wait_for("child ready")
        left = terminal.left_behind()
        assert len(left) == 2
    wait_until(lambda: all(has_ended(process) for process in left))


def test_nothing_is_left_behind_by_a_program_that_ended() -> None:
    with python("print('done')") as terminal:
        terminal.wait_exit()
        assert terminal.left_behind() == []


def test_hanging_up_is_noticed_as_when_a_window_is_closed(tmp_path: Path) -> None:
    witness = tmp_path / "hung up"
    with python(
        f"""
        import pathlib, signal
        signal.signal(signal.SIGHUP, lambda *_: (pathlib.Path({str(witness)!r}).touch(), exit(3)))
        print("ready", flush=True)
        while True: signal.pause()
        """
    ) as terminal:
        terminal.wait_for("ready")
        terminal.hang_up()
        assert terminal.wait_exit() == 3
        assert witness.exists()


def test_how_a_cell_is_drawn_is_known() -> None:
    screen = drawn("a世\x1b[1;4;31;48;2;1;2;3mb\x1b[0;7mc".encode())
    assert screen.locate("世") == (0, 1)
    assert screen.locate("b") == (0, 3)
    assert screen.attributes_at(0, 3)[:5] == ("b", "red", "010203", True, True)
    assert screen.attributes_at(0, 4).reverse
    assert screen.attributes_at(0, 0)[:4] == ("a", "default", "default", False)
    with pytest.raises(AssertionError, match="nowhere"):
        screen.locate("nowhere")


@pytest.mark.parametrize(
    ("written", "row"), [("世界\x1b[1;1Hx", "x 界"), ("世界\x1b[1;2Hx", " x界"), ("世界\x1b[1;3Hx", "世x")]
)
def test_a_wide_character_that_is_half_overwritten_leaves_a_blank(written: str, row: str) -> None:
    assert drawn(written.encode()).screen()[0].rstrip() == row


def test_modes_cursor_and_title_are_known() -> None:
    screen = drawn(b"\x1b[?1049h\x1b[?25l\x1b]0;clawtui\x07\x1b[2;5H")
    assert (screen.mode(1049), screen.mode(1000), screen.cursor, screen.title) == (True, False, None, "clawtui")
    screen.feed(b"\x1b[?1049l\x1b[?25h")
    assert (screen.mode(1049), screen.cursor) == (False, (1, 4))


NOT_DRAWN = [
    b"\x1b[>25u",
    b"\x1b[<u",
    b"\x1b[=1;1u",
    b"\x1b[?2026h\x1b[?2026l",
    b"\x1b[?2026$p",
    b"\x1b[?2048$p",
    b"\x1b[>4;2m",
    b"\x1b[4:3m\x1b[24m",
    b"\x1b[?1000h\x1b[?1003h\x1b[?1006h\x1b[?1004h\x1b[?2004h",
    b"\x1b]22;pointer\x1b\\",
    b"\x1b]52;c;aGk=\x07",
    b"\x1b]8;;https://example.com\x1b\\\x1b]8;;\x1b\\",
    b"\x1b]11;?\x1b\\",
    b"\x1bP+q544e\x1b\\",
    b"\x1b_Gi=1;AAAA\x1b\\",
    b"\x1b[1 q",
    b"\x1b[c\x1b[6n\x1b[>c\x1b[14t",
]


@pytest.mark.parametrize("sequence", NOT_DRAWN)
def test_a_sequence_that_draws_nothing_draws_nothing_wherever_it_is_cut_in_two(sequence: bytes) -> None:
    written = b"a" + sequence + b"b"
    for cut in range(len(written) + 1):
        screen = drawn(written[:cut])
        screen.feed(written[cut:])
        assert screen.text.rstrip() == "ab"
        assert screen.title == ""
        assert not screen.attributes_at(0, 1).underline


APP = """
from textual.app import App
from textual.widgets import Input, Label

class Tiny(App):
    CSS = "#size { color: #ff0000; }"

    def compose(self):
        yield Label("size ?", id="size")
        yield Label("count 0", id="count")
        yield Input(id="typed")

    def on_resize(self, event):
        self.query_one("#size").update(f"size {event.size.width}x{event.size.height}")

    def on_input_changed(self, event):
        self.query_one("#count").update(f"count {len(event.value)}")

Tiny().run()
"""


@pytest.mark.parametrize("synchronized", [False, True])
def test_a_textual_app_runs_in_it(tmp_path: Path, synchronized: bool) -> None:
    app = tmp_path / "tiny.py"
    app.write_text(APP)
    with Terminal([sys.executable, app], cols=80, rows=24) as terminal:
        terminal.wait_for("size 80x24")
        if synchronized:
            terminal.send(b"\x1b[?2026;2$y")
        terminal.settle()
        assert terminal.mode(1049)
        assert terminal.attributes_at(*terminal.locate("size"))[:2] == ("s", "ff0000")

        mark = terminal.bytes_received
        terminal.press("h", "é", "y")
        terminal.wait_for("count 3")
        terminal.settle()
        assert "héy" in terminal.text
        assert (b"\x1b[?2026h" in terminal.since(mark)) is synchronized

        terminal.resize(60, 15)
        rows = terminal.wait_for("size 60x15")
        assert len(rows) == 15

        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
        assert not any(terminal.mode(mode) for mode in (1049, 1000, 1003, 1006, 2004))
        assert terminal.cursor is not None
