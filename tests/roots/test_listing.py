"""The roots that are shown together, by the settings and the command line."""

from __future__ import annotations

import pytest

from clawtui.model.documents.settings import RootSettings, Settings
from clawtui.model.errors import NoSuch
from clawtui.roots.listing import list_roots

SETTINGS = Settings(
    roots={
        "prod": RootSettings(path="/srv/prod", colour="red", read_only=True),
        "home": RootSettings(path="/home/me/.clawdbot"),
        "work": RootSettings(host="ops@gw1", path="/srv/work"),
    }
)


def test_all_roots_of_the_settings_are_listed_without_a_look_at_the_disk() -> None:
    prod, home, work = list_roots((), SETTINGS)
    assert (prod.name, prod.path, prod.host, prod.colour, prod.read_only) == ("prod", "/srv/prod", None, "red", True)
    assert (home.path, home.read_only) == ("/home/me/.clawdbot", False)
    assert (work.path, work.host) == (None, "ops@gw1")
    assert len({prod.colour, home.colour, work.colour}) == 3, "who has no colour gets one of its own"


def test_a_root_of_the_command_line_has_a_name_that_no_other_one_has() -> None:
    named = ("prod", "/srv/a/clawdbot", "/srv/b/clawdbot", "ssh://me@gw2:2222/srv/x", "/srv/prod", "prod")
    roots = list_roots(named, SETTINGS)
    assert [root.name for root in roots] == ["prod", "/srv/a/clawdbot", "/srv/b/clawdbot", "me@gw2"]
    assert [root.argument for root in roots] == [*named[:4]]
    assert roots[0].read_only, "the settings hold for a root that is named"


def test_without_a_root_in_the_settings_there_is_nothing_to_list() -> None:
    with pytest.raises(NoSuch, match="the settings name no roots"):
        list_roots((), Settings())
