"""Peoples, religions and currents: which words are theirs, with a direction before them."""

import pytest

from transforms.tagging.tagger import Tagger

PADDING = " The rain fell on the hills, and the road to the north was shut for the day."


def _groups(tagger: Tagger, text: str) -> list[tuple[str, str]]:
    found = tagger.tag("", text + PADDING, "en").mentions
    return [(mention.text, mention.name) for mention in found if mention.type == "NORP"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Some Western powers sent help.", ("Western", "Westerners")),
        ("Western diplomats left the town.", ("Western", "Westerners")),
        ("He wooed Liberal voters.", ("Liberal", "Liberals")),
        ("They studied Islamic law.", ("Islamic", "Muslims")),
        ("They wrote of Hinduism in verse.", ("Hinduism", "Hindus")),
        ("Chiefs of the First Nations met.", ("First Nations", "First Nations")),
        ("They sang in Hindi at dusk.", ("Hindi", "Hindi speakers")),
        ("She plays in South Indian films.", ("South Indian", "India")),
        ("Most Northern Irish farms are small.", ("Northern Irish", "United Kingdom")),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0],
)
def test_words_for_a_group_are_known(tagger: Tagger, text: str, expected: tuple[str, str]) -> None:
    assert expected in _groups(tagger, text)


@pytest.mark.parametrize(
    "text",
    ["Western parts of the valley were dry.", "The Western Morrow Club won.", "They went West."],
)
def test_a_direction_alone_is_no_group(tagger: Tagger, text: str) -> None:
    assert _groups(tagger, text) == []


def test_a_religion_may_be_a_family_name(tagger: Tagger) -> None:
    text = "The trial of Mohammad Shahinur Islam began."
    found = [(m.text, m.type) for m in tagger.tag("", text + PADDING, "en").mentions]
    assert found == [("Mohammad Shahinur Islam", "PERSON")]
