"""Patterns that are compiled at their first use."""

from __future__ import annotations

import re

import pytest

from clawtui.model.text.lazy_pattern import lazy_pattern


def test_it_is_compiled_once_at_its_first_use(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    compile_ = re.compile

    def counted(pattern: str, flags: int = 0) -> re.Pattern[str]:
        compiled.append(pattern)
        return compile_(pattern, flags)

    monkeypatch.setattr(re, "compile", counted)
    lazy = lazy_pattern("(?P<word>a+)b", re.I)
    assert compiled == []
    assert lazy.fullmatch("AAB")
    found = lazy.search("xaab")
    assert found is not None
    assert found["word"] == "aa"
    assert lazy.sub("-", "abAB") == "--"
    assert lazy.pattern == compiled[0]
    assert len(compiled) == 1


def test_an_invalid_pattern_raises_at_its_first_use() -> None:
    lazy = lazy_pattern("(")
    with pytest.raises(re.error):
        lazy.match("")
