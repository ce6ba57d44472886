from __future__ import annotations

import math

from clawtui.files.json5.serialize import to_json


def test_numbers_that_json_cannot_express_become_null_as_in_the_gateway() -> None:
    assert to_json({"a": math.nan, "b": [math.inf, 1.5, (-math.inf,)], "c": {"d": 10**400}}) == (
        b'{"a":null,"b":[null,1.5,[null]],"c":{"d":1' + b"0" * 400 + b"}}"
    )


def test_a_lone_surrogate_is_written_as_an_escape() -> None:
    assert to_json("é").decode() == '"é"'
    assert to_json("\ud83d", indent=2) == rb'"\ud83d"'
