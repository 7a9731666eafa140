"""Names of the gazetteer, where a longer one breaks off amid a word."""

import pytest

from transforms.tagging.gazetteer import Gazetteer
from transforms.tagging.matcher import find_names
from transforms.tagging.tagger import Tagger


@pytest.fixture
def gazetteer(tagger: Tagger) -> Gazetteer:
    """What the tagger of the tests has compiled."""
    return tagger._gazetteer


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Some British Indians left.", ["British", "Indians"]),
        ("An African Unionist left.", ["African"]),
        ("It was in British India then.", ["British India"]),
    ],
    ids=["two names", "one name", "whole"],
)
def test_a_name_that_breaks_off_amid_a_word_hides_no_shorter_one(
    gazetteer: Gazetteer, text: str, names: list[str]
) -> None:
    assert [text[one.start : one.end] for one in find_names(text, gazetteer)] == names
