"""The difference between two versions of a mapping, and what is derived from them, equal the full computation."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from clawtui.model.versioned_map import Derived, Ordered, VersionedMap, VersionedMapBuilder, changed_keys, paths_by

KEYS = ("a", "b", "c", "d")
CHANGES = st.tuples(st.sampled_from(KEYS), st.sampled_from((None, 1, 2, 3)))
STEPS = st.lists(st.lists(CHANGES, max_size=4), max_size=8)
"""The changes before each version; None removes the entry."""


def versions_of(steps: list[list[tuple[str, int | None]]], begin: Mapping[str, int]) -> list[Mapping[str, int]]:
    builder = VersionedMapBuilder(begin)
    versions = [builder.build()]
    for changes in steps:
        for key, value in changes:
            builder.put(key, value)
        versions.append(builder.build())
    return versions


def plainly_changed(new: Mapping[str, int], old: Mapping[str, int]) -> set[str]:
    return {key for key in {*new, *old} if new.get(key) is not old.get(key)}


@given(STEPS)
def test_the_changed_keys_of_any_two_versions_are_those_of_comparing_each_entry(
    steps: list[list[tuple[str, int | None]]],
) -> None:
    versions = versions_of(steps, {"a": 1})
    for new in (*versions, dict(versions[-1])):
        for old in versions:
            found = list(changed_keys(new, old))
            assert len(found) == len(set(found))
            assert set(found) == plainly_changed(new, old)


@given(STEPS)
def test_a_version_keeps_its_entries_and_is_shared_while_nothing_changes(
    steps: list[list[tuple[str, int | None]]],
) -> None:
    expected: list[dict[str, int]] = [{"a": 1}]
    for changes in steps:
        entries = dict(expected[-1])
        for key, value in changes:
            if value is None:
                entries.pop(key, None)
            else:
                entries[key] = value
        expected.append(entries)
    versions = versions_of(steps, {"a": 1})
    assert versions == expected
    for changes, before, after in zip(steps, versions, versions[1:], strict=False):
        assert changes or after is before


@given(STEPS)
def test_derived_values_and_paths_are_those_of_the_whole_mapping(steps: list[list[tuple[str, int | None]]]) -> None:
    odd: Derived[str, int, str] = Derived(lambda value: f"is {value}" if value % 2 else None)
    ordered: Ordered[str, int, tuple[int, str]] = Ordered(lambda key, value: [(n, key) for n in range(value)])
    for version in versions_of(steps, {"d": 2}):
        assert list(ordered.of(version)) == sorted((n, key) for key, value in version.items() for n in range(value))
        assert odd.of(version) == {key: f"is {value}" for key, value in version.items() if value % 2}
        assert paths_by(bool, version) == ({True: sorted(version)} if version else {})


def test_only_the_logged_changes_are_looked_at() -> None:
    one, two = versions_of([[("a", 1)], [("b", 2)]], {})[1:]
    assert isinstance(two, dict)
    two["c"] = 3  # not by the builder, so that comparing each entry would find it
    assert list(changed_keys(two, one)) == ["b"]


def test_many_changes_begin_a_new_log_so_that_it_does_not_grow_for_ever() -> None:
    builder = VersionedMapBuilder[str, int]({"a": 0})
    logs = []
    for number in range(5000):
        builder.put("a", 1000 + number)
        version = builder.build()
        assert isinstance(version, VersionedMap)
        assert version.log is not None
        logs.append(len(version.log))
    assert max(logs) <= 1001
