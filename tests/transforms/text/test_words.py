import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.text.words import code_points, word_characters, word_count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("one two-three it’s", 3),
        ("古い橋 bridge", 4),
        ("a – b", 2),
        ("'quoted' e.g. 3.5", 3),
        ("a--b a.-b", 4),
    ],
)
def test_word_count(text: str, count: int) -> None:
    assert word_count(text) == count


@given(st.text(alphabet="ab3_é'’.- \n\t,–𝔘"))
def test_a_word_is_what_the_pattern_says(text: str) -> None:
    assert word_count(text) == len(re.findall(r"\w+(?:['’.-]\w+)*", text))


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_word_characters_are_those_of_regular_expressions(text: str) -> None:
    found = word_characters()[code_points(text)].tolist()
    assert found == [re.match(r"\w", character) is not None for character in text]
