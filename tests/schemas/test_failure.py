import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import failure
from schemas.entry import Entry
from schemas.failure import MAX_INPUT_CHARS, cut_input


def test_a_small_input_is_kept_whole() -> None:
    value = {"title": "x" * 10, "authors": ["A", "B"], "position": 3}
    assert cut_input(value) == (value, False)


@pytest.mark.parametrize(
    "value",
    [
        {"title": "t", "content": "x" * 3_000_000},
        {"title": "t", "authors": ["Ada Example"] * 300_000},
        {"title": "t", "categories": [""] * 3_000_000},
        {"title": "t", "authors": ["x" * 2_000_000, "Ada"], "summary": "y" * 900_000},
    ],
    ids=["text", "list", "empty items", "one long item"],
)
def test_a_huge_input_is_cut_and_still_an_entry(value: dict[str, Any]) -> None:
    kept, truncated = cut_input(value)
    assert truncated
    assert kept["title"] == "t"
    # Each item of a list has quotes and a comma beside the character that it counts for.
    assert len(json.dumps(kept, separators=(",", ":"))) < 3 * MAX_INPUT_CHARS + 200
    assert sum(map(characters, kept.values())) <= MAX_INPUT_CHARS
    Entry.model_validate(kept)


def characters(value: str | list[str]) -> int:
    return len(value) if isinstance(value, str) else sum(1 + len(item) for item in value)


texts = st.text(st.sampled_from("xy"), max_size=30)


@given(st.dictionaries(st.sampled_from("abc"), st.one_of(texts, st.lists(texts, max_size=9))))
def test_what_is_kept_is_the_beginning_of_what_was_there(value: dict[str, Any]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(failure, "MAX_INPUT_CHARS", 20)
        kept, truncated = cut_input(value)
    assert sum(map(characters, kept.values())) <= 20
    assert truncated == (kept != value) == (sum(map(characters, value.values())) > 20)
    assert all(value[key][: len(one)] == one for key, one in kept.items())
