"""Clicks as a terminal sends them."""

from __future__ import annotations

from tests.e2e.dashboard import dashboard
from tests.e2e.remote_gateway import RemoteGateway


def test_a_click_reaches_headings_header_and_footer(remote: RemoteGateway) -> None:
    remote.dispatcher()
    for name in ("beta", "alpha"):
        remote.automation(name, name=name.title())
    remote.write("config/smart-sync-fork/broken.json", "{")
    with dashboard(remote) as terminal:
        for text, shown in (("AUTOMATION", "by name"), ("1 problem", "─ Problems ─")):
            terminal.wait_for(text)
            terminal.click(*terminal.locate(text))
            terminal.wait_for(shown)
        terminal.press("escape")
        terminal.wait_for(lambda rows: not any("─ Problems ─" in row for row in rows))
        terminal.wait_for(lambda rows: "? help" in rows[-1])
        terminal.click(39, terminal.screen()[-1].index("?"))
        terminal.wait_for("─ Keys ─")
