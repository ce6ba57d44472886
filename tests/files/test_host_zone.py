"""The zone of this host, and of the gateway's."""

from __future__ import annotations

from pathlib import Path

import pytest

from clawtui.files import host_zone
from clawtui.files.host_zone import gateway_zone, local_zone


@pytest.mark.parametrize(
    ("tz", "name"),
    [("Europe/Berlin", "Europe/Berlin"), (":Asia/Kolkata", "Asia/Kolkata"), ("", "UTC"), ("CET-1CEST", "None")],
)
def test_tz_has_priority(tz: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", tz)
    assert str(local_zone()) == name


def test_without_tz_it_is_that_of_etc_localtime(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("TZ", raising=False)
    place = tmp_path / "localtime"
    monkeypatch.setattr(host_zone, "_LOCAL_TIME", place)
    assert str(local_zone()) == "UTC"
    place.symlink_to("/usr/share/zoneinfo/America/New_York")
    assert str(local_zone()) == "America/New_York"


def test_on_a_file_system_that_hosts_share_it_is_unknown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    assert str(gateway_zone(tmp_path)) == "Europe/Berlin"
    monkeypatch.setattr(host_zone, "network_file_system", lambda path: "nfs4")
    assert gateway_zone(tmp_path / "other") is None
