"""Names in no list, told by what English says beside one of their mentions."""

import pytest

from transforms.tagging.tagger import Tagger

PADDING = " The rain fell on the hills, and the road to the north was shut for the day."


def _types(tagger: Tagger, text: str) -> set[tuple[str, str]]:
    return {(m.text, m.type) for m in tagger.tag("", text + PADDING, "en").mentions}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Floods hit Zumbara district.", ("Zumbara", "GPE")),
        ("She was born in the village of Zumbara.", ("Zumbara", "GPE")),
        ("The clinic in Zumbara is new.", ("Zumbara", "GPE")),
        ("Fighting in Zumbara went on. In Zumbara, people hid.", ("Zumbara", "GPE")),
        ("The road links Nairobi, Zumbara and Mombasa.", ("Zumbara", "GPE")),
        ("Zumbara said he was tired.", ("Zumbara", "PERSON")),
        ('"I am tired," said Zumbara.', ("Zumbara", "PERSON")),
        ("Angela Merkel and Zumbara met.", ("Zumbara", "PERSON")),
        ("The band Zumbara won.", ("Zumbara", "ORG")),
        ("Zumbara shares fell.", ("Zumbara", "ORG")),
        ("A spokesman was seen. ZumBara said it expects a loss.", ("ZumBara", "ORG")),
    ],
    ids=lambda value: value if isinstance(value, str) else value[1],
)
def test_one_telling_mention_is_enough(
    tagger: Tagger, text: str, expected: tuple[str, str]
) -> None:
    assert expected in _types(tagger, text)


@pytest.mark.parametrize(
    "text",
    [
        "Lessons in Esperanto begin.",
        "He works in Diplomacy.",
        "Zumbara was seen.",
        "In Zumbara, it rained. Zumbara lost. Zumbara won.",
        "The money is at Zumbara.",
        "Er sitzt in Haft und wartet in Zumbara auf den Anwalt.",
    ],
)
def test_without_a_telling_mention_nothing_is_guessed(tagger: Tagger, text: str) -> None:
    padding = "" if text.startswith("Er ") else PADDING  # which makes it English
    found = {m.text for m in tagger.tag("", text + padding).mentions}
    assert found.isdisjoint({"Esperanto", "Diplomacy", "Zumbara", "Haft"})


def test_all_mentions_of_a_name_and_a_family_name_follow_the_one_that_tells(
    tagger: Tagger,
) -> None:
    text = "Okwem Zumbara said no. The king saw Okwem Zumbara. Then the king met Zumbara."
    mentions = [m for m in tagger.tag("", text + PADDING).mentions if "Zumbara" in m.text]
    assert [(m.text, m.name) for m in mentions] == [
        ("Okwem Zumbara", "Okwem Zumbara"),
        ("Okwem Zumbara", "Okwem Zumbara"),
        ("Zumbara", "Okwem Zumbara"),
    ]


def test_those_who_say_something_in_business_news_are_no_people(tagger: Tagger) -> None:
    text = "Microsoft and Siemens signed the deal. Zumbara said no."
    assert ("Zumbara", "PERSON") not in _types(tagger, text)


def test_such_a_name_lies_near_the_place_that_the_text_speaks_of(tagger: Tagger) -> None:
    text = "Police in Nairobi closed the market of Zumbara district."
    tags = tagger.tag("", text + PADDING)
    found = next(m for m in tags.mentions if m.text == "Zumbara")
    assert (found.country, found.score) == ("KE", 0.35)
    assert [share.code for share in tags.countries] == ["KE"]


def test_an_explanation_says_that_the_context_told(tagger: Tagger) -> None:
    _, explained = tagger.explain("", "Floods hit Zumbara district." + PADDING)
    one = next(one for one in explained if one.text == "Zumbara")
    assert one.rule == "context"
    assert "beside one of its mentions" in one.why


def test_a_place_of_a_list_that_is_known_lies_where_the_text_speaks_of(tagger: Tagger) -> None:
    text = "French teams won in Toulouse, Nice and Marseille." + PADDING
    found = {m.text: m.country for m in tagger.tag("", text, "en").mentions}
    assert found["Nice"] == "FR"


def test_a_place_that_opens_a_sentence_lists_nothing(tagger: Tagger) -> None:
    assert ("Zumbara", "GPE") not in _types(tagger, "In Mombasa, Zumbara will sell its ships.")
