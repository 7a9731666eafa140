"""Places in the names of their own public bodies."""

import pytest

from transforms.tagging.tagger import Tagger


def _mentions(tagger: Tagger, text: str) -> set[tuple[str, str]]:
    return {(mention.text, mention.type) for mention in tagger.tag("", text).mentions}


@pytest.mark.parametrize(
    ("text", "body", "place"),
    [
        ("The Oakland Police Department said so.", "Oakland Police Department", "Oakland"),
        ("It asked the Tulsa City Council.", "Tulsa City Council", "Tulsa"),
        ("The Henry County Court agreed.", "Henry County Court", "Henry County"),
        ("The Texas Department of Health agreed.", "Texas Department of Health", "Texas"),
        ("He taught at Tulsa High School.", "Tulsa High School", "Tulsa"),
    ],
)
def test_a_public_body_names_its_place(tagger: Tagger, text: str, body: str, place: str) -> None:
    assert {(body, "ORG"), (place, "GPE")} <= _mentions(tagger, text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("It was bought by Oakland Steel Corporation.", "Oakland Steel Corporation"),
        ("The Tulsa Herald wrote so.", "Tulsa Herald"),
        ("The Kenya Navy sailed.", "Kenya Navy"),
    ],
)
def test_other_organisations_are_no_place(tagger: Tagger, text: str, name: str) -> None:
    assert _mentions(tagger, text) == {(name, "ORG")}


def test_the_place_of_a_public_body_is_told_from_its_namesakes(tagger: Tagger) -> None:
    text = "The Paris Police Department called. Lamar County, Texas, sent help; so did Paris."
    places = [m for m in tagger.tag("", text).mentions if m.text == "Paris"]
    assert [place.admin1 for place in places] == ["Texas", "Texas"]


def test_the_explanation_tells_of_both(tagger: Tagger) -> None:
    _, told = tagger.explain("", "The Oakland Police Department said so.")
    assert [(one.text, one.rule) for one in told] == [
        ("Oakland Police Department", "organization"),
        ("Oakland", "place"),
    ]
    assert told[1].meanings[0].country == "US"
