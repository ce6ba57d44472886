"""An entry of a log, as lines of a dialog."""

from __future__ import annotations

import json
from collections.abc import Sequence

from clawtui.model.line_test import said
from clawtui.model.text.secrets import masked
from clawtui.tui.widgets.line import Line, Role
from clawtui.tui.widgets.links import linked
from clawtui.tui.widgets.wrapping import wrap

_WIDTH = 92


def entry_lines(text: str) -> Sequence[Line]:
    """The line as indented JSON, with every key that it has; one that is none as it stands."""
    content = said(text)
    rows = json.dumps(masked(content), indent=2, ensure_ascii=False).split("\n") if content else [text]
    role: Role = "plain" if content else "warn"
    return [part for row in rows for part in wrap(tuple(linked(row, role)), _WIDTH, indent=4)]
