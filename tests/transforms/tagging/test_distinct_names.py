"""Small towns whose names can hardly be a person's."""

import pytest

from transforms.tagging.tagger import Tagger

PADDING = " The rain fell on the hills, and the road to the north was shut for the day."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The bus from Tha Bo to Nong Khai was late.", ("Tha Bo", "GPE")),
        ("A man met Santa Claus there.", ("Santa Claus", "PERSON")),
        ("They fished in Twin Lake.", ("Twin Lake", "LOC")),
    ],
    ids=["no first name", "a person all the same", "told by a noun"],
)
def test_a_small_towns_name_of_several_words(
    tagger: Tagger, text: str, expected: tuple[str, str]
) -> None:
    found = tagger.tag("", text + PADDING, "en").mentions
    assert expected in [(one.text, one.type) for one in found]


@pytest.mark.parametrize(
    "town", ["Santo Domingo", "San Cristóbal de las Casas"], ids=["a saint", "with particles"]
)
def test_a_word_within_a_towns_name_is_no_persons(tagger: Tagger, town: str) -> None:
    text = f"Rosa Domingo and Pedro Casas voted. The bus to {town} left without Casas."
    found = [one for one in tagger.tag("", text + PADDING, "en").mentions if one.text == town]
    assert [one.type for one in found] == ["GPE"]
