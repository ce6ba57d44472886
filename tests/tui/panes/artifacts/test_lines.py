"""The content of an artifact as lines."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from clawtui.model.text.cleaning import clean
from clawtui.tui.panes.artifacts.lines import MAX_LINES, artifact_lines, patch_lines
from clawtui.tui.panes.artifacts.markdown import markdown_lines
from clawtui.tui.widgets.line import Line, width_of

REPORT = """# Conflicts of a/x with b/x

2 found, **1 resolved**, 1 left to [mara](https://example.org/mara).

| file | hunks | remark |
|---|---|---|
| `src/a.ts` | 3 | no test covers `this \\| that` |
| src/b.ts | 12 | |

- one
  1. two, which is long enough that it has to go on below where it began

> quoted

```python
x = [1](2)
```
"""


def texts(lines: list[Line]) -> list[str]:
    return ["".join(span.text for span in line).rstrip() for line in lines]


def test_a_report_has_headings_tables_lists_quotes_and_code() -> None:
    assert texts(markdown_lines(REPORT, 46)) == [
        "Conflicts of a/x with b/x",
        "",
        "2 found, 1 resolved, 1 left to mara",
        "(https://example.org/mara).",
        "",
        "file      hunks  remark",
        "─" * 43,
        "src/a.ts  3      no test covers this | that",
        "src/b.ts  12",
        "",
        "• one",
        "  1. two, which is long enough that it has to",
        "     go on below where it began",
        "",
        "│ quoted",
        "",
        "    x = [1](2)",
    ]


def test_known_parts_of_an_artifact_have_roles() -> None:
    roles = {span.text.strip(): span.role for line in markdown_lines(REPORT, 80) for span in line}
    assert (roles["1 resolved"], roles["src/a.ts"], roles["file"]) == ("strong", "strong", "strong")


def test_added_and_removed_lines_of_a_patch_have_roles() -> None:
    patch = "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n same\n-old\n+new\n"
    lines = patch_lines(patch)
    assert texts(lines) == patch.splitlines()
    assert [line[0].role for line in lines] == ["strong", "strong", "strong", "active", "plain", "bad", "ok"]


def test_a_summary_is_indented_and_invalid_json_unchanged() -> None:
    value = {"a": [1, 2], "b": {"c": "d"}}
    assert texts(artifact_lines("summary", json.dumps(value).encode(), 80)) == json.dumps(value, indent=2).split("\n")
    assert texts(artifact_lines("summary", b"{ half", 80)) == ["{ half"]


def test_binary_content_is_not_shown_and_invalid_utf8_reported() -> None:
    assert texts(artifact_lines("file", b"\x7fELF\0\0", 80)) == ["This is not text."]
    assert texts(artifact_lines("file", b"caf\xe9", 80)) == ["Some of it is not UTF-8 and cannot be shown.", "caf�"]
    assert texts(artifact_lines("patch", b"", 80)) == ["It is empty."]


def test_a_huge_artifact_is_cut_with_a_note() -> None:
    lines = artifact_lines("file", b"x\n" * (MAX_LINES + 5), 80)
    assert len(lines) == MAX_LINES + 1
    assert "first 20,000 lines" in texts(lines)[0]


HOSTILE = st.text(st.sampled_from("ab |-*_`[]()#>~\n\\1.<&é\x1b]8;;\x07\u202e\u200b漢"), max_size=200)


@given(HOSTILE, st.sampled_from(["report", "summary", "patch", "file"]), st.integers(20, 120))
def test_the_content_of_an_artifact_is_cleaned(text: str, kind: str, width: int) -> None:
    for line in artifact_lines(kind, text.encode(), width):  # type: ignore[arg-type]
        for span in line:
            assert span.text == clean(span.text)


@given(HOSTILE.filter(lambda text: "|" not in text and "```" not in text and "~~~" not in text), st.integers(20, 120))
def test_paragraphs_fit_unless_a_word_is_too_long(text: str, width: int) -> None:
    for line in markdown_lines(text, width):
        assert width_of(line) <= width or len("".join(span.text for span in line).split()) <= 2
