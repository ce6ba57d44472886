"""Edit the text of a document: only the values concerned change, and no other byte."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from clawtui.files.json5.dialect import JSON, Dialect, dialect_of, is_broken
from clawtui.files.json5.diff import Change, Drop, Path, Put, applied, same
from clawtui.files.json5.document import Malformed, decode_text, parse_text
from clawtui.files.json5.patch import Patch, append, insert, patched, remove, replace_value
from clawtui.files.json5.tree import Node, NotUnderstood, read_tree


class SourceText:
    """A JSON5 text, parsed once: its value, and the position of each value in it."""

    def __init__(self, text: str) -> None:
        """Parse ``text``, which may begin with a byte order mark. Raises Malformed if it is not JSON5."""
        self.text = text
        self.value = parse_text(text.removeprefix("\ufeff"))

    @classmethod
    def from_bytes(cls, data: bytes) -> SourceText:
        """Parse the content of a file. Raises Malformed if it is not JSON5 in UTF-8."""
        return cls(decode_text(data))

    @cached_property
    def tree(self) -> Node:
        """The positions of all values. Raises NotUnderstood if the text has a form that is not handled."""
        return read_tree(self.text)

    @property
    def dialect(self) -> Dialect:
        """The dialect that the text is written in; the gateway's JSON if the text does not show one."""
        try:
            return dialect_of(self.text, self.tree)
        except NotUnderstood:
            return JSON


class CannotEdit(Exception):
    """The text cannot be edited safely; it has to be written as a whole."""


def edit(source: SourceText, changes: Sequence[Change]) -> str:
    """Return the text with ``changes`` made, and every other byte of it kept: comments, order, quotes, indentation.

    The outcome is parsed and compared with the intended value. Raises CannotEdit if they differ.
    """
    try:
        intended = applied(source.value, changes)
        edited = _put_in(source, changes)
        edited = _taken_out(edited, source.tree if edited == source.text else None, changes)
        outcome = parse_text(edited.removeprefix("\ufeff"))
    except (NotUnderstood, Malformed, LookupError, TypeError, RecursionError) as error:
        raise CannotEdit(str(error)) from error
    if not same(outcome, intended):
        raise CannotEdit("the outcome is not what was meant")
    return edited


def _put_in(source: SourceText, changes: Iterable[Change]) -> str:
    """Return the text with values changed in place and keys added."""
    puts = [change for change in changes if isinstance(change, Put)]
    text = source.text
    if not puts:
        return text
    root = source.tree
    dialect = dialect_of(text, root)
    patches = []
    added: dict[Path, list[tuple[str | None, object]]] = {}
    for put in puts:
        node = _find(root, put.path)
        if node is None:
            added.setdefault(put.path[:-1], []).append((str(put.path[-1]), put.value))
        else:
            one_line = _is_on_one_line(text, root, put.path, dialect)
            patches.append(replace_value(text, node, put.value, dialect, one_line=one_line))
    for path, members in added.items():
        one_line = _is_on_one_line(text, root, path, dialect)
        patches += append(text, _get(root, path), members, dialect, one_line=one_line)
    return patched(text, patches)


def _taken_out(text: str, tree: Node | None, changes: Iterable[Change]) -> str:
    """Return the text with keys dropped and items of lists replaced; ``tree`` is that of ``text``, if known."""
    rest = [change for change in changes if not isinstance(change, Put)]
    if not rest:
        return text
    root = tree or read_tree(text)
    dialect = dialect_of(text, root)
    removed: dict[Path, set[int]] = {}
    patches: list[Patch] = []
    for change in rest:
        if isinstance(change, Drop):
            path, key = change.path[:-1], change.path[-1]
            parts = _get(root, path).parts or ()
            removed.setdefault(path, set()).update(index for index, part in enumerate(parts) if part.key == key)
            continue
        node = _get(root, change.path)
        removed.setdefault(change.path, set()).update(range(change.start, change.stop))
        if change.values and change.stop < len(node.parts or ()):
            patches.append(insert(text, node, change.stop, change.values, dialect))
        elif change.values:
            one_line = _is_on_one_line(text, root, change.path, dialect)
            patches += append(text, node, [(None, value) for value in change.values], dialect, one_line=one_line)
    for path, indexes in removed.items():
        patches += remove(text, _get(root, path), indexes) if indexes else []
    return patched(text, patches)


def _find(root: Node, path: Path) -> Node | None:
    """Return the value at ``path``; None if only its last key is missing."""
    node = root
    for depth, step in enumerate(path):
        parts = node.parts
        if isinstance(step, int):
            node = (parts or ())[step].value
            continue
        part = node.member(step)
        if part is None:
            if depth == len(path) - 1 and parts is not None:
                return None
            raise NotUnderstood(f"no key {step}")
        node = part.value
    return node


def _get(root: Node, path: Path) -> Node:
    node = _find(root, path)
    if node is None:
        raise NotUnderstood(f"no key {path[-1]}")
    return node


def _is_on_one_line(text: str, root: Node, path: Path, dialect: Dialect) -> bool:
    """Return whether the value at ``path`` has no line of its own."""
    return not dialect.indent or (bool(path) and not is_broken(text, _get(root, path[:-1])))
