"""The name that an operator means by a part of it, and the names that they may have meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from clawtui.model.errors import Refused

_MOST = 5
"""How many names a message lists."""
_NEAR = 0.06
"""How much less like it than the likest name another one may be."""


def unique_part(text: str, names: Iterable[str], what: str) -> str | None:
    """Return the only one of ``names`` that contains ``text``, in upper or lower case; None if none does.

    Raises Refused if several do; ``what`` is their plural in the message, such as ``automations``.
    """
    part = text.casefold()
    found = sorted({name for name in names if part and part in name.casefold()})
    if len(found) > 1:
        raise Refused(f"“{text}” is a part of several {what}: {_listed(found)}", hint="Name more of it.")
    return found[0] if found else None


def did_you_mean(text: str, names: Iterable[str]) -> str | None:
    """Return a question that names what ``text`` may have been mistyped for; None if nothing is like it."""
    from difflib import SequenceMatcher, get_close_matches

    by_fold = {name.casefold(): name for name in names}
    close = get_close_matches(text.casefold(), by_fold, n=3)
    likeness = [SequenceMatcher(None, text.casefold(), fold).ratio() for fold in close]
    meant = [by_fold[fold] for fold, each in zip(close, likeness, strict=True) if each >= likeness[0] - _NEAR]
    return f"Did you mean {_or(meant)}?" if meant else None


def with_suggestion(text: str, names: Iterable[str], hint: str) -> str:
    """Return ``hint`` with a question before it that names what may have been meant."""
    question = did_you_mean(text, names)
    return hint if question is None else f"{question} {hint}"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return ", ".join(names[:_MOST]) + more


def _or(names: Sequence[str]) -> str:
    quoted = [f"“{name}”" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
