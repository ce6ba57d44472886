"""Mask secrets in texts and in documents: what is shown, printed, copied, exported or recorded of them.

What is on disk stays as it is. The rules are a table, `RULES`; each has the examples that are its tests. They find a
secret by its name (`secret_names`), by its place in an address or on a command line, or by the form that a service
gives its tokens (`secret_tokens`).

These are kept unmasked, on purpose:

- text that only looks random (hashes of commits, UUIDs, digests, session ids): an operator needs them, and a rule on
  entropy masks more of them than of secrets;
- a lower-case word behind a colon (``password: required``), because it is prose far more often than a password;
- names that identify (``repoKey``, ``publicKey``, ``sessionKey``, ``cacheKey``) and counts (``tokens: 12``);
- the user in an address, the id in front of a bot's token, key ids other than those of AWS: without them the thing
  that a secret belongs to cannot be found;
- references (``$TOKEN``, ``${TOKEN}``, ``{{token}}``, ``<token>``) and stars: they do not say what the secret is;
- names of files (``tokenFile``, ``keyPath``), and the paths by which an act is undone;
- a secret with a name of its own invention (``colour=hunter2``), and one that is spread over several lines other than
  a private key: nothing distinguishes it from other text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

from clawtui.model.text.secret_addresses import ADDRESS_RULES
from clawtui.model.text.secret_assignments import ASSIGNMENT_RULES
from clawtui.model.text.secret_commands import COMMAND_RULES
from clawtui.model.text.secret_headers import HEADER_RULES
from clawtui.model.text.secret_names import is_secret_name, is_secret_number, may_have_secret_name
from clawtui.model.text.secret_rule import MASK, Rule, is_reference
from clawtui.model.text.secret_tokens import FORM_RULES, TOKEN_RULES

__all__ = ["MASK", "RULES", "StillMasked", "is_secret_name", "mask", "masked", "masked_places", "restored"]

RULES: Final[tuple[Rule, ...]] = (
    *FORM_RULES,
    *ADDRESS_RULES,
    *ASSIGNMENT_RULES,
    *HEADER_RULES,
    *COMMAND_RULES,
    *TOKEN_RULES,
)
"""All rules, in the order in which they are applied."""


_WITHOUT_NAME: Final = tuple(rule for rule in RULES if not rule.needs_name)


def mask(text: str) -> str:
    """Return ``text`` with each secret in it replaced by `MASK`. Takes time linear in its length."""
    lowered = text.lower()
    has_name = may_have_secret_name(lowered)
    for rule in RULES if has_name else _WITHOUT_NAME:
        if not rule.hints:
            text = rule.apply(text)
            continue
        for hint in rule.hints:
            if hint in lowered:
                text = rule.apply(text)
                break
    return text


_MOST_KEPT: Final = 100
"""Characters of a text in a document that is kept with its result: ids and statuses come again and again."""
_mask_kept = lru_cache(maxsize=8192)(mask)


def _mask_text(text: str) -> str:
    return _mask_kept(text) if len(text) <= _MOST_KEPT else mask(text)


def masked(value: object, name: str = "") -> object:
    """Return a JSON ``value`` that is called ``name``, with each secret in it masked.

    Everything below the name of a secret is one, except flags and references.
    """
    if isinstance(value, str):
        return MASK if value and is_secret_name(name) and not is_reference(value) else _mask_text(value)
    if isinstance(value, Mapping):
        return {
            key: masked(below, called) for (key, below), called in zip(value.items(), _in(value, name), strict=True)
        }
    if isinstance(value, list | tuple):
        return [masked(below, called) for below, called in zip(value, _among(value, name), strict=True)]
    if isinstance(value, int | float) and value and not isinstance(value, bool):
        return MASK if is_secret_number(name) else value
    return value


_NAMING: Final = ("name", "key", "header", "variable")
_NAMED: Final = frozenset({"value", "val"})


def _in(mapping: Mapping[object, object], name: str) -> list[str]:
    """Return what each value of ``mapping``, which is itself called ``name``, is called.

    In ``{"name": "X-Api-Key", "value": …}`` the value is called by the name beside it.
    """
    beside = next(
        (named for key in _NAMING if isinstance(named := mapping.get(key), str) and is_secret_name(named)), None
    )
    return [
        beside if beside and str(key).lower() in _NAMED else _called(str(key), name, below)
        for key, below in mapping.items()
    ]


def _among(values: Sequence[object], name: str) -> list[str]:
    """Return what each of ``values`` is called; in ``["--token", …]`` the second by the option before it."""
    one = name.removesuffix("s")
    names = [_called(one, name, below) for below in values]
    for index, before in enumerate(values[:-1]):
        if isinstance(before, str) and before.startswith("-") and "=" not in before and is_secret_name(before):
            names[index + 1] = before
    return names


def _called(key: str, name: str, below: object) -> str:
    """Return what ``below`` is called, which is at ``key`` of what is called ``name``: below a secret, as that is.

    So are texts below several secrets; numbers are not: those of ``tokens`` count them.
    """
    if not name or is_secret_name(name):
        return name or key
    one = name.removesuffix("s")
    if one == name or not is_secret_name(one):
        return key
    return one if isinstance(below, str) else name


class StillMasked(Exception):
    """A secret is masked and its value is not known; the text of the error is the secret's place."""


def restored(value: object, current: object, name: str = "", place: str = "") -> object:
    """Return ``value`` with each masked secret put back from the same place of ``current``, where it is masked alike.

    Raises StillMasked where there is none.
    """
    if isinstance(value, str):
        if MASK not in value:
            return value
        if masked(current, name) == value:
            return current
        raise StillMasked(place)
    if isinstance(value, Mapping):
        known = current if isinstance(current, Mapping) else {}
        names = dict(zip(known, _in(known, name), strict=True))
        return {
            key: restored(below, known.get(key), names.get(key, ""), f"{place}.{key}" if place else str(key))
            for key, below in value.items()
        }
    if isinstance(value, list | tuple):
        present = list(current) if isinstance(current, list | tuple) else []
        called = _among(present, name)
        missing = len(value) - len(present)
        return [
            restored(below, was, word, f"{place}[{index}]")
            for index, (below, was, word) in enumerate(
                zip(value, present + [None] * missing, called + [""] * missing, strict=False)
            )
        ]
    return value


def masked_places(value: object, place: str = "") -> Iterator[str]:
    """Yield where in ``value``, which has been masked, a secret was."""
    if isinstance(value, str):
        if MASK in value:
            yield place
    elif isinstance(value, Mapping):
        for key, below in value.items():
            yield from masked_places(below, f"{place}.{key}" if place else str(key))
    elif isinstance(value, list | tuple):
        for index, below in enumerate(value):
            yield from masked_places(below, f"{place}[{index}]")
