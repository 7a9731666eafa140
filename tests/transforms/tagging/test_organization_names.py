"""How far the name of an organisation goes, and which words in capitals are none."""

import pytest

from transforms.tagging.tagger import Tagger

PADDING = " The rain fell on the hills, and the road to the north was shut for the day."


def _organizations(tagger: Tagger, text: str) -> list[tuple[str, str]]:
    found = tagger.tag("", text + PADDING, "en").mentions
    return [(mention.text, mention.name) for mention in found if mention.type == "ORG"]


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("The Argyll and Bute Council met.", "Argyll and Bute Council"),
        ("The Trinidad and Tobago Swimming Association met.",
         "Trinidad and Tobago Swimming Association"),
        ("The African and Caribbean Growers Association met.",
         "African and Caribbean Growers Association"),
        ("The Forest Authority of Kenya met.", "Forest Authority of Kenya"),
        ("Brackwell Tools, Inc sold the land.", "Brackwell Tools, Inc"),
        ("They called the Cabinet together.", "Cabinet"),
    ],
    ids=lambda value: value[:30],
)  # fmt: skip
def test_a_name_is_found_whole(tagger: Tagger, text: str, whole: str) -> None:
    assert (whole, whole) in _organizations(tagger, text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Shares of Siemens AG fell.", ("Siemens AG", "Siemens")),
        ("Shares of Microsoft Corp fell.", ("Microsoft Corp", "Microsoft")),
        ("The head of Nestlé Kenya resigned.", ("Nestlé Kenya", "Nestle")),
        ("He told Reuters Kenya would wait.", ("Reuters", "Reuters")),
        ("It was Reuters Kenya would not talk to.", ("Reuters", "Reuters")),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0],
)
def test_a_legal_form_or_a_country_belongs_to_a_known_company(
    tagger: Tagger, text: str, expected: tuple[str, str]
) -> None:
    assert expected in _organizations(tagger, text)


@pytest.mark.parametrize("word", ["FREE", "WOW", "VERY", "COVID", "PCR", "XIX"])
def test_stress_and_common_abbreviations_are_no_organisations(tagger: Tagger, word: str) -> None:
    assert _organizations(tagger, f"The tickets were {word} and few.") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He joined the Hong Kong-listed Brackwell Bank.", "Brackwell Bank"),
        ("It is shown on The Brackwell Channel.", "The Brackwell Channel"),
    ],
    ids=["behind where it is listed", "a broadcaster"],
)
def test_an_organisations_name_has_its_own_beginning(
    tagger: Tagger, text: str, expected: str
) -> None:
    found = tagger.tag("", text).mentions
    assert [one.text for one in found if one.type == "ORG"] == [expected]


def test_a_place_with_letters_in_brackets_is_no_organisation(tagger: Tagger) -> None:
    found = tagger.tag("", "The plane flew from Los Angeles (LAX) on Monday.").mentions
    assert ("Los Angeles", "GPE") in [(one.text, one.type) for one in found]
