"""Mask secrets in texts and documents before they are shown, printed, copied, exported or recorded.

Files on disk are not changed. The rules are a table, `RULES`; each has examples, which are its tests. They find a
secret by its name (`secret_names`), by its place in an address or on a command line, or by the form that a service
gives its tokens (`secret_tokens`).

These are kept unmasked, on purpose:

- text that only looks random (hashes of commits, UUIDs, digests, session ids): an operator needs them, and a rule on
  entropy masks more of them than of secrets;
- a lower-case word behind a colon (``password: required``), because it is prose far more often than a password;
- names that identify (``repoKey``, ``publicKey``, ``sessionKey``, ``cacheKey``) and counts (``tokens: 12``);
- the user in an address, the id before a bot's token, key ids other than those of AWS: without them an operator cannot
  find the account that a secret belongs to;
- references (``$TOKEN``, ``${TOKEN}``, ``{{token}}``, ``<token>``) and stars: they do not contain the secret;
- names of files (``tokenFile``, ``keyPath``), and the paths by which an act is undone;
- a secret whose name does not show it (``colour=hunter2``), and a secret on several lines, except a private key: they
  cannot be distinguished from other text.
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
"""The most characters of a text whose result is cached: ids and statuses are masked repeatedly."""
_mask_kept = lru_cache(maxsize=8192)(mask)


def _mask_text(text: str) -> str:
    return _mask_kept(text) if len(text) <= _MOST_KEPT else mask(text)


def masked(value: object, name: str = "") -> object:
    """Return the JSON ``value``, which has the name ``name``, with each secret in it masked.

    All values below the name of a secret are secrets, except flags and references.
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
    """Return the name by which each value of ``mapping`` is judged; ``name`` is that of the mapping itself.

    In ``{"name": "X-Api-Key", "value": …}`` the value is judged by the name beside it.
    """
    beside = next(
        (named for key in _NAMING if isinstance(named := mapping.get(key), str) and is_secret_name(named)), None
    )
    return [
        beside if beside and str(key).lower() in _NAMED else _called(str(key), name, below)
        for key, below in mapping.items()
    ]


def _among(values: Sequence[object], name: str) -> list[str]:
    """Return the name by which each of ``values`` is judged; in ``["--token", …]`` the second by the first."""
    one = name.removesuffix("s")
    names = [_called(one, name, below) for below in values]
    for index, before in enumerate(values[:-1]):
        if isinstance(before, str) and before.startswith("-") and "=" not in before and is_secret_name(before):
            names[index + 1] = before
    return names


def _called(key: str, name: str, below: object) -> str:
    """Return the name by which ``below`` is judged, the value at ``key`` of an object with the name ``name``.

    That is ``key``, or ``name`` if that is the name of a secret. Texts below the plural of such a name, as in
    ``tokens``, are judged by the singular; numbers are not, as they count the secrets.
    """
    if not name or is_secret_name(name):
        return name or key
    one = name.removesuffix("s")
    if one == name or not is_secret_name(one):
        return key
    return one if isinstance(below, str) else name


class StillMasked(Exception):
    """A secret is masked and its value is unknown; the text of the error is the place of the secret."""


def restored(value: object, current: object, name: str = "", place: str = "") -> object:
    """Return ``value`` with each masked secret replaced by the value at the same place of ``current``.

    Raises StillMasked if the value there does not look the same when it is masked.
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
    """Yield the place of each masked secret in ``value``, such as ``servers[0].token``."""
    if isinstance(value, str):
        if MASK in value:
            yield place
    elif isinstance(value, Mapping):
        for key, below in value.items():
            yield from masked_places(below, f"{place}.{key}" if place else str(key))
    elif isinstance(value, list | tuple):
        for index, below in enumerate(value):
            yield from masked_places(below, f"{place}[{index}]")
