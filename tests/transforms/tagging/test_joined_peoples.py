"""Groups that two names make together, and those that stay two."""

import pytest

from transforms.tagging.tagger import Tagger

PADDING = " The rain fell on the hills, and the road to the north was shut for the day."


def _groups(tagger: Tagger, text: str) -> list[tuple[str, str | None]]:
    found = tagger.tag("", text + PADDING, "en").mentions
    return [(mention.text, mention.country) for mention in found if mention.type == "NORP"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Most Turkish Kurds voted.", ("Turkish Kurds", "TR")),
        ("Several British Indians voted.", ("British Indians", "GB")),
        ("She met Aboriginal Tasmanians there.", ("Aboriginal Tasmanians", "AU")),
        ("The Torres Strait Islanders voted.", ("Torres Strait Islanders", None)),
        ("Five sub-Saharan African states agreed.", ("sub-Saharan African", None)),
    ],
    ids=["ethnic", "two countries", "people first", "of a strait", "of a region"],
)
def test_two_names_of_peoples_make_one_group(
    tagger: Tagger, text: str, expected: tuple[str, str | None]
) -> None:
    assert _groups(tagger, text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Most Kenyan Christians voted.", ["Kenyan", "Christians"]),
        ("The Kurds, Yazidis and Druze voted.", ["Kurds", "Yazidis", "Druze"]),
        ("The Chilean and Peruvian teams met.", ["Chilean", "Peruvian"]),
    ],
    ids=["a faith", "a list", "two countries"],
)
def test_a_faith_and_a_list_are_groups_of_their_own(
    tagger: Tagger, text: str, expected: list[str]
) -> None:
    assert [name for name, _ in _groups(tagger, text)] == expected


def test_a_country_is_spoken_of_by_the_group_that_is_part_of_it(tagger: Tagger) -> None:
    shares = tagger.tag("", "Turkish Kurds voted." + PADDING, "en").countries
    assert [share.code for share in shares] == ["TR"]
