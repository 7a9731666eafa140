"""Towns told by the country or division that stands before or behind them."""

import pytest

from transforms.tagging.tagger import Tagger

PADDING = " The rain fell on the hills, and the road to the north was shut for the day."


@pytest.mark.parametrize(
    ("text", "town", "country"),
    [
        ("Shells hit Thailand's Mae Sot.", "Mae Sot", "TH"),
        ("Snow fell on Slovenia's Bled.", "Bled", "SI"),
        ("They left Ontario's London.", "London", "CA"),
        ("They left London, Ontario.", "London", "CA"),
    ],
    ids=["of a country", "a small town", "a namesake", "behind a comma"],
)
def test_a_place_has_its_towns(tagger: Tagger, text: str, town: str, country: str) -> None:
    found = tagger.tag("", text + PADDING, "en").mentions
    assert (town, country) in [(one.text, one.country) for one in found]


def test_an_ordinary_word_behind_a_country_is_no_town(tagger: Tagger) -> None:
    found = tagger.tag("", "It was Germany's March." + PADDING, "en").mentions
    assert [one.text for one in found] == ["Germany"]
