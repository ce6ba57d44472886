"""Replacement characters of the same width for lines, bars and marks that the terminal's encoding lacks."""

from __future__ import annotations

import codecs

from clawtui.model.text.width import cell_width

_PLAIN = str.maketrans(
    {
        **dict.fromkeys("─╌┄▔▁", "-"),
        **dict.fromkeys("━═", "="),
        **dict.fromkeys("│┃║▌▐▏▎▍▋▊▉█", "|"),
        **dict.fromkeys("┌┐└┘├┤┬┴┼╭╮╰╯╔╗╚╝╠╣╦╩╬", "+"),
        **dict(zip("▂▃▄▅▆▇", "..::##", strict=True)),
        "░": ":",
        "×": "x",
        "╵": "'",
        **dict.fromkeys("▸›→▶", ">"),
        **dict.fromkeys("‹←◀", "<"),
        **dict.fromkeys("▾↓▼", "v"),
        **dict.fromkeys("▴↑▲", "^"),
        **dict.fromkeys("■●", "#"),
        **dict.fromkeys("□○", "o"),
        **dict.fromkeys("–—−", "-"),
        **dict.fromkeys("“”„", '"'),
        **dict.fromkeys("‘’", "'"),
        "✓": "+",
        "✗": "x",
        "◐": "/",
        "…": "~",
        "·": ".",
        "•": "*",
        "⏎": "$",
        "🔎": "/ ",  # Textual's, in the palette; two cells wide
    }
)

_HANDLER = "clawtui.plain"


def encode(text: str, encoding: str) -> bytes:
    """Encode `text` for the terminal; replace characters that `encoding` lacks by ASCII ones of the same width."""
    return text.encode(encoding, _HANDLER)


def _replace(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end].translate(_PLAIN)
    return "".join(part if part.isascii() else "?" * cell_width(part) for part in missing), error.end


codecs.register_error(_HANDLER, _replace)
