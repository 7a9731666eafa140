import pytest

from transforms.tagging.tagger import Tagger


def texts_of(tagger: Tagger, text: str, type_: str) -> list[str]:
    return [one.text for one in tagger.tag("", text).mentions if one.type == type_]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Smoke hung over Prince Albert, Saskatchewan.", "Prince Albert"),
        ("The port of Prince Rupert was closed.", "Prince Rupert"),
        ("Prince George residents were told to boil water.", "Prince George"),
        ("King George County approved the plan.", "King George County"),
        ("The fair in Queen Anne's County is over.", "Queen Anne's County"),
        ("A home in Queen Creek, Arizona, burned.", "Queen Creek"),
    ],
    ids=["division", "port-of", "residents", "county", "possessive", "no-first-name"],
)
def test_a_place_may_begin_with_a_title(tagger: Tagger, text: str, place: str) -> None:
    assert place in texts_of(tagger, text, "GPE")
    assert texts_of(tagger, text, "PERSON") == []


@pytest.mark.parametrize(
    "text", ["Police in Prince George arrested two men.", "Queen Creek approved the plan."]
)
def test_a_place_that_is_not_sure_is_no_person(tagger: Tagger, text: str) -> None:
    assert texts_of(tagger, text, "PERSON") == []


@pytest.mark.parametrize("text", ["Prince George smiled.", "Prince Albert said he was glad."])
def test_where_a_person_may_be_meant_it_is_no_place(tagger: Tagger, text: str) -> None:
    assert texts_of(tagger, text, "GPE") == []
    assert texts_of(tagger, text, "PERSON") != []
