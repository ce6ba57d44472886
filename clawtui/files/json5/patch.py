"""Insert, replace and remove parts of a text, in the style of the text.

The functions that change a text return patches of it; none of them changes a comment.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from clawtui.files.json5.dialect import Dialect, is_broken, line_indent, quote_text, write_key
from clawtui.files.json5.serialize import render
from clawtui.files.json5.tree import Node, NotUnderstood, Part


class Patch(NamedTuple):
    """A replacement of the characters from ``start`` to before ``end`` by ``text``."""

    start: int
    end: int
    text: str


def patched(text: str, patches: Iterable[Patch]) -> str:
    """Return ``text`` with all patches made. Raises NotUnderstood if two of them concern the same characters."""
    pieces = []
    at = 0
    for patch in sorted(patches, key=lambda patch: patch[:2]):
        if patch.start < at:
            raise NotUnderstood(f"two changes meet at offset {patch.start}")
        pieces += [text[at : patch.start], patch.text]
        at = patch.end
    return "".join([*pieces, text[at:]])


def replace_value(text: str, node: Node, value: object, dialect: Dialect, *, one_line: bool) -> Patch:
    """Return the patch that replaces ``node`` by ``value``, with the same quotes, and on one line if ``node`` was."""
    if isinstance(value, str):
        quote = text[node.start] if text[node.start] in "'\"" else dialect.quote
        return Patch(node.start, node.end, quote_text(value, quote))
    one_line = one_line or (bool(node.parts) and not is_broken(text, node))
    written = render(value, dialect, base_indent=line_indent(text, node.start), one_line=one_line)
    return Patch(node.start, node.end, written)


def append(
    text: str, node: Node, added: Sequence[tuple[str | None, object]], dialect: Dialect, *, one_line: bool
) -> list[Patch]:
    """Return patches adding parts at the end of ``node``, after its last comment; ``one_line`` is for an empty one."""
    if not node.parts:
        return [_fill(text, node, added, dialect, one_line and not is_broken(text, node))]
    last = node.parts[-1]
    broken = is_broken(text, node)
    indent = line_indent(text, last.start)
    lead = dialect.newline + indent if broken else dialect.comma[1:]
    flat = not broken or _is_flat(text, last.value)
    written = [lead + _write_part(text, last, key, value, dialect, indent, flat) for key, value in added]
    at = _content_end(text, node)
    patches = [Patch(at, at, ",".join(written) + ("," if last.comma is not None else ""))]
    return patches if last.comma is not None else [Patch(last.end, last.end, ","), *patches]


def _fill(text: str, node: Node, added: Sequence[tuple[str | None, object]], dialect: Dialect, one_line: bool) -> Patch:
    outer = line_indent(text, node.start)
    indent = outer + dialect.indent
    written = [_write_part(text, None, key, value, dialect, indent, one_line) for key, value in added]
    if one_line:
        padding = dialect.padding if added[0][0] is not None else ""
        behind_comment = " " if _has_comments(text, node) else padding
        inside = behind_comment + dialect.comma.join(written) + padding
    else:
        lead = dialect.newline + indent
        trail = "," if dialect.trailing_commas else ""
        inside = lead + ("," + lead).join(written) + trail + dialect.newline + outer
    return Patch(_content_end(text, node), node.end - 1, inside)


def insert(text: str, node: Node, index: int, values: Sequence[object], dialect: Dialect) -> Patch:
    """Return the patch that adds items to a list before the one at ``index``."""
    assert node.parts is not None
    part = node.parts[index]
    indent = line_indent(text, part.start)
    starts_line = text[text.rfind("\n", 0, part.start) + 1 : part.start] == indent
    flat = not is_broken(text, node) or _is_flat(text, part.value)
    follow = "," + (dialect.newline + indent if starts_line and is_broken(text, node) else dialect.comma[1:])
    written = [_write_part(text, part, None, value, dialect, indent, flat) + follow for value in values]
    return Patch(part.start, part.start, "".join(written))


def remove(text: str, node: Node, indexes: AbstractSet[int]) -> list[Patch]:
    """Return patches that remove parts of ``node`` with their commas, and their lines if these become empty."""
    parts = node.parts or ()
    kept = [index for index in range(len(parts)) if index not in indexes]
    if not kept and not _has_comments(text, node):
        return [Patch(node.start + 1, node.end - 1, "")]
    spans = []
    for index in sorted(indexes):
        spans += _spans(text, parts[index], to_the_end=not kept or index > kept[-1])
    if kept and kept[-1] < len(parts) - 1 and parts[-1].comma is None:
        spans.append(_comma_span(parts[kept[-1]]))
    return [Patch(start, end, "") for start, end in _merged(spans)]


def _spans(text: str, part: Part, *, to_the_end: bool) -> list[tuple[int, int]]:
    """Return the spans that are removed with ``part``: itself, its comma, and the white space that would be left."""
    start, end = part.start, part.end
    apart = []
    if part.comma is not None:
        if text[end : part.comma].strip():
            apart.append(_comma_span(part))
        else:
            end = part.comma + 1
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end) + 1 or len(text)
    starts_line, ends_line = not text[line_start:start].strip(), not text[end:line_end].strip()
    if starts_line and ends_line:
        return [(line_start, line_end), *apart]
    if to_the_end and not starts_line:
        start = line_start + len(text[line_start:start].rstrip(" \t"))
    else:
        end = line_end - len(text[end:line_end].lstrip(" \t"))
    return [(start, end), *apart]


def _comma_span(part: Part) -> tuple[int, int]:
    assert part.comma is not None
    return part.comma, part.comma + 1


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _write_part(
    text: str, like: Part | None, key: str | None, value: object, dialect: Dialect, indent: str, one_line: bool
) -> str:
    """Return ``value``, with ``key`` in the quotes of the part ``like``."""
    written = render(value, dialect, base_indent=indent, one_line=one_line)
    if key is None:
        return written
    quote = text[like.start] if like is not None else ""
    return (quote_text(key, quote) if quote in ("'", '"') else write_key(key, dialect)) + dialect.colon + written


def _is_flat(text: str, node: Node) -> bool:
    return bool(node.parts) and not is_broken(text, node)


def _content_end(text: str, node: Node) -> int:
    """Return the offset after the last part or comment inside ``node``."""
    return node.start + 1 + len(text[node.start + 1 : node.end - 1].rstrip())


def _has_comments(text: str, node: Node) -> bool:
    at = node.start + 1
    for part in node.parts or ():
        if text[at : part.start].strip(", \t\r\n"):
            return True
        at = part.end
    return bool(text[at : node.end - 1].strip(", \t\r\n"))
