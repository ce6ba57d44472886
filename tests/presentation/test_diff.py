"""The roles of a diff's lines."""

from __future__ import annotations

import difflib

from hypothesis import given
from hypothesis import strategies as st

from clawtui.presentation.roles import diff_roles

texts = st.lists(st.text("+-@\\ a", max_size=4), max_size=12)


@given(texts, texts)
def test_added_and_removed_lines_have_their_roles(old: list[str], new: list[str]) -> None:
    difference = list(difflib.unified_diff(old, new, "a/x", "b/x", lineterm=""))
    shown = list(diff_roles(difference))
    assert [line for line, _ in shown] == difference
    assert [role for _, role in shown[:2]] == ["strong", "strong"][: len(shown)]
    for line, role in shown[2:]:
        heading = line.startswith("@@ -") and role == "active"
        assert heading or role == {"+": "ok", "-": "bad", " ": "plain"}[line[0]]


def test_a_removed_line_that_looks_like_a_heading_is_a_removed_line() -> None:
    patch = ["diff --git a/x b/x", "index 1..2", "--- a/x", "+++ b/x", "@@ -1,2 +1 @@", " same", "--- old", "--- a/y"]
    assert [role for _, role in diff_roles(patch)] == [
        *("strong", "dim", "strong", "strong", "active", "plain", "bad", "strong")
    ]


def test_the_note_about_a_missing_newline_does_not_count_as_a_line() -> None:
    patch = ["@@ -1 +1 @@", "-old", "\\ No newline at end of file", "+new", "--- a/y"]
    assert [role for _, role in diff_roles(patch)] == ["active", "bad", "plain", "ok", "strong"]
