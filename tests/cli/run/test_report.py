"""``clawtui run report``: a page that needs nothing else, in which no text from disk does anything."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner

from clawtui.cli.framework.context import Invocation
from clawtui.cli.main import main
from tests.cli.calls import Caller
from tests.gateway_root import NOON, GatewayRoot, iso, run_entry
from tests.openclaw.gateway_store import GatewayStore, now_ms

ID = "sync-main"
OLD = NOON - timedelta(hours=2)
HOSTILE = (
    "</title></style></pre></svg><script>alert(1)</script><img src=x onerror=alert(1)>\"'><a href='javascript:x'>"
    "&lt;<link rel=stylesheet href=//evil.example/x.css>\x1b[2J\u202e]]>\x00"
)
SECRET = "sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH"
FETCHING = {"src", "href", "xlink:href", "srcset", "action", "data", "poster", "background", "formaction", "ping"}


class Seen(HTMLParser):
    """The content of a page as a browser shows it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.styles = ""
        self._inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        if self._inside == "style":
            self.styles += data
        self.text += data


def fill(gateway: GatewayRoot) -> None:
    """Write a failed run in which every text is hostile."""
    result = {"timestamp": iso(OLD), "status": "failed", "duration": 164000, "summary": f"{HOSTILE} {SECRET}"}
    gateway.automation(ID, runHistory=[result], lastRun=result, name=HOSTILE[:90])
    same = run_entry(ID, "waiting", OLD + timedelta(seconds=30))
    gateway.append_log(
        f"logs/smart-sync-fork/{ID}-{OLD:%Y-%m-%d-%H-%M-%S}.jsonl",
        run_entry(ID, "Starting", OLD, phase="init"),
        run_entry(ID, HOSTILE, OLD + timedelta(seconds=5), branch=HOSTILE, note={HOSTILE: HOSTILE}),
        *[same | {"timestamp": iso(OLD + timedelta(seconds=31 + n))} for n in range(38)],
        run_entry(ID, HOSTILE, OLD + timedelta(seconds=90), level="error", error=HOSTILE, phase="merge"),
        {HOSTILE: HOSTILE},
    )


def assert_harmless(page: str) -> Seen:
    seen = Seen(page)
    assert not seen.tags & {"script", "img", "link", "a", "iframe", "object", "embed", "form", "base", "use", "image"}
    assert not seen.attributes & FETCHING
    assert not [name for name in seen.attributes if name.startswith("on")]
    assert "url(" not in seen.styles
    assert "@import" not in seen.styles
    assert "default-src &#x27;none&#x27;" in page
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert "\x00" not in page
    assert not re.findall(r"https?://(?!www\.w3\.org/2000/svg)", page)
    return seen


def test_the_page_has_everything_and_hostile_text_does_nothing(gateway: GatewayRoot, call: Caller) -> None:
    fill(gateway)
    answer = call("run", "report", ID, "--html")
    assert answer.status == 0
    seen = assert_harmless(answer.out)
    assert seen.text.count("<script>alert(1)</script>") >= 4, "shown as text"
    for expected in ("failed", "2m44s", "Starting", "×38", "All 42 lines.", "merge"):
        assert expected in seen.text, expected
    assert SECRET not in answer.out
    assert SECRET in call("run", "report", ID, "--show-secrets").out


def test_the_picture_is_well_formed_and_has_a_bar_for_each_step(gateway: GatewayRoot, call: Caller) -> None:
    fill(gateway)
    answer = call("run", "report", ID, "--svg")
    assert answer.status == 0
    picture = ET.fromstring(answer.out)
    names = [element.tag.rpartition("}")[2] for element in picture.iter()]
    assert set(names) == {"svg", "title", "style", "rect", "line", "text"}
    bars = [element for element in picture.iter() if element.get("class") in ("done", "failed", "current")]
    steps = call("run", "show", ID, "--json").json["timeline"]
    assert len(bars) == len(steps) >= 3
    assert [bar.get("class") for bar in bars].count("failed") >= 1
    assert all(0 <= float(bar.get("x", "-1")) <= 960 for bar in bars)


@pytest.mark.parametrize("minutes", [0, 1, 100, 100_000])
def test_a_run_in_progress_of_any_length_has_a_picture(gateway: GatewayRoot, minutes: int) -> None:
    gateway.automation(ID)
    gateway.state(ID, startTime=iso(NOON - timedelta(minutes=5)), lastUpdate=iso(NOON + timedelta(minutes=minutes)))
    gateway.lock("github.com/user/repo", ID, hostname="elsewhere")
    gateway.progress(ID, ("Cloning", 10), ("Resolving", 45))
    answer = Caller(gateway, NOON + timedelta(minutes=minutes))("run", "report", ID, "--svg")
    picture = ET.fromstring(answer.out)
    assert [e.get("class") for e in picture.iter() if e.get("class") in ("done", "current")] == ["done", "current"]
    assert 1 <= len([e for e in picture.iter() if e.get("class") == "grid"]) <= 12


def test_a_run_without_log_and_timeline_has_a_page(gateway: GatewayRoot, call: Caller) -> None:
    result = {"timestamp": iso(OLD), "status": "success", "duration": 1000, "summary": "fine"}
    gateway.automation(ID, runHistory=[result], lastRun=result)
    seen = assert_harmless(call("run", "report", ID).out)
    assert "The run has left no log." in seen.text
    assert "no timeline is left" in seen.text


def test_it_is_written_to_a_file_that_only_the_operator_can_read(
    gateway: GatewayRoot, call: Caller, tmp_path: Path
) -> None:
    fill(gateway)
    file = tmp_path / "report.html"
    answer = call("run", "report", ID, "--output", str(file))
    assert (answer.status, answer.out) == (0, "")
    assert file.read_text() == call("run", "report", ID).out
    assert file.stat().st_mode & 0o077 == 0
    assert call("run", "report", ID, "--output", str(file)).status == 3, "it exists already"
    assert call("run", "report", ID, "--output", str(file), "--yes", "--lines", "2").status == 0
    assert "The last 2 lines." in file.read_text()


def test_a_stock_gateways_run_has_a_page(tmp_path: Path) -> None:
    store, now = GatewayStore(tmp_path), now_ms()
    store.job("digest", definition={"name": HOSTILE})
    store.receipt("r-1", "digest", "error", now - 60_000, now - 50_000, error=f"{HOSTILE} {SECRET}")
    runner = CliRunner()
    done = runner.invoke(main, ["--root", str(tmp_path), "run", "report", "digest"], obj=Invocation())
    picture = runner.invoke(main, ["--root", str(tmp_path), "run", "report", "digest", "--svg"], obj=Invocation())
    store.close()
    assert done.exit_code == 0, done.output
    seen = assert_harmless(done.stdout)
    assert "10s" in seen.text
    assert "has no log" in seen.text
    assert SECRET not in done.stdout
    assert ET.fromstring(picture.stdout) is not None
