"""The request for another host."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawtui.model.errors import Invalid
from clawtui.remote.request import MAX_REQUEST, Request, decode, encode, greeting, read_greeting

NONCE = "0123456789abcdef" * 2
WORDS = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), max_size=6)


@given(words=WORDS, root=st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_any_words_arrive_unchanged_in_one_word_that_no_shell_changes(words: list[str], root: str | None) -> None:
    request = Request(nonce=NONCE, words=tuple(words), root=root)
    word = encode(request)
    assert re.fullmatch(r"[A-Za-z0-9_-]+", word)
    assert decode(word) == request


@given(st.text(max_size=300) | st.binary(max_size=300).map(lambda data: data.decode("latin-1")))
def test_anything_else_is_refused(word: str) -> None:
    with pytest.raises(Invalid):
        decode(word)


def test_an_oversized_request_is_refused_at_both_ends() -> None:
    with pytest.raises(Invalid):
        encode(Request(nonce=NONCE, words=("x" * MAX_REQUEST,)))
    with pytest.raises(Invalid):
        decode("x" * (MAX_REQUEST + 1))


def test_only_the_answer_to_this_request_begins_the_output() -> None:
    line = greeting(NONCE, "1.2.3")
    assert read_greeting(line, NONCE) == (1, "1.2.3")
    assert read_greeting(f"Welcome!{line}\r\n", NONCE) == (1, "1.2.3")
    assert read_greeting(line, "f" * 32) is None
    assert read_greeting("clawtui-agent 1", NONCE) is None
