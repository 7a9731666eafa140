import pytest

from transforms.tagging.tagger import Tagger


def texts_of(tagger: Tagger, text: str, *types: str) -> list[str]:
    return [one.text for one in tagger.tag("", text).mentions if one.type in types]


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Sen. Lake voted no.", ["Lake"]),
        ("Gen. Park An-su flew home.", ["Park An-su"]),
        ("Justice Park wrote that it was too late.", ["Park"]),
        ("Gov. Olga Banks voted no.", ["Olga Banks"]),
        ("Susan Lake said it was late.", ["Susan Lake"]),
        ("Skier Brimma Street fell.", ["Brimma Street"]),
        ("Susan Park lost. It was not fair, Park said.", ["Susan Park", "Park"]),
        ("Susan Lake, a lawyer, lost. Lake wept by the Lake.", ["Susan Lake", "Lake"]),
    ],
    ids=[
        "title", "title-and-given-name-behind", "weak-title-and-speech", "title-and-first-name",
        "speech", "role-and-unknown-first-name", "alone-later", "told-before",
    ],
)  # fmt: skip
def test_a_person_may_be_called_like_a_lake(tagger: Tagger, text: str, people: list[str]) -> None:
    assert texts_of(tagger, text, "PERSON") == people


@pytest.mark.parametrize(
    "text",
    [
        "They walked to Grant Park before dawn.",
        "The Susan Lake said nothing.",
        "Grace Church burned down.",
        "Boats crossed Susan Lake, where a lawyer drowned.",
    ],
)
def test_without_a_sign_of_a_person_the_noun_tells(tagger: Tagger, text: str) -> None:
    assert texts_of(tagger, text, "PERSON") == []
    assert texts_of(tagger, text, "FAC", "LOC", "ORG") != []
