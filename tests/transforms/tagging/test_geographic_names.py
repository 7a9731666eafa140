"""Names that are made of a known place's, and of which a part alone would be something else."""

import pytest

from transforms.tagging.tagger import Tagger


def _found(tagger: Tagger, text: str) -> list[tuple[str, str, str, str | None]]:
    return [
        (mention.text, mention.type, mention.name, mention.country)
        for mention in tagger.tag("", text).mentions
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ships left the Gulf of Aden on Monday.", "Gulf of Aden"),
        ("Fishermen of the Gulf of Nicoya waited.", "Gulf of Nicoya"),
        ("He lives above the Arctic Circle.", "Arctic Circle"),
        ("It is the coldest winter in Arctic Bay.", "Arctic Bay"),
        ("Storms crossed the Caribbean Sea.", "Caribbean Sea"),
    ],
)
def test_a_longer_name_hides_the_one_that_it_begins_with(
    tagger: Tagger, text: str, name: str
) -> None:
    assert [(text, type_) for text, type_, _, _ in _found(tagger, text)] == [(name, "LOC")]


@pytest.mark.parametrize(
    ("text", "mention", "name"),
    [
        ("Tankers left the Gulf again.", "Gulf", "Persian Gulf"),
        ("The Arctic Council met.", "Arctic Council", "Arctic Council"),
        ("The Guardian Council barred him.", "Guardian Council", "Guardian Council"),
        ("The Gambia held elections.", "The Gambia", "Gambia"),
    ],
)
def test_an_article_is_part_of_a_name_only_where_it_is_written_large(
    tagger: Tagger, text: str, mention: str, name: str
) -> None:
    assert [(text, name) for text, _, name, _ in _found(tagger, text)] == [(mention, name)]


@pytest.mark.parametrize(
    ("text", "mention", "name", "country"),
    [
        ("Rain fell in Hunan Province.", "Hunan Province", "Hunan", "CN"),
        ("Rain fell in Kigoma Region on Monday.", "Kigoma Region", "Kigoma", "TZ"),
        ("They live in Penghu County now.", "Penghu County", "Penghu", "TW"),
        ("Guards left Kinmen Island.", "Kinmen Island", "Kinmen Islands", "TW"),
        ("He governs the Republic of Honduras.", "Republic of Honduras", "Honduras", "HN"),
        (
            "It is law in the Commonwealth of Virginia.",
            "Commonwealth of Virginia",
            "Virginia",
            "US",
        ),
        ("The Islamic Republic of Iran agreed.", "Islamic Republic of Iran", "Iran", "IR"),
        ("He left the Tibet Autonomous Region.", "Tibet Autonomous Region", "Tibet", "CN"),
    ],
)
def test_a_noun_beside_its_name_is_part_of_a_place(
    tagger: Tagger, text: str, mention: str, name: str, country: str
) -> None:
    found = _found(tagger, text)
    assert [(one[0], one[3]) for one in found] == [(mention, country)]
    assert name in found[0][2]


@pytest.mark.parametrize(
    ("text", "mention", "type_", "country"),
    [
        ("They fled along the Okavango River.", "Okavango River", "LOC", "BW"),
        ("Aid reached Gaza Port.", "Gaza Port", "FAC", "PS"),
    ],
)
def test_a_water_or_a_building_lies_where_the_place_does_whose_name_it_bears(
    tagger: Tagger, text: str, mention: str, type_: str, country: str
) -> None:
    assert [(text, t, c) for text, t, _, c in _found(tagger, text)] == [(mention, type_, country)]


@pytest.mark.parametrize(
    ("text", "event"),
    [
        (
            "It opened the Zemblan International Film Festival.",
            "Zemblan International Film Festival",
        ),
        ("They signed the Indus Waters Treaty.", "Indus Waters Treaty"),
        ("He fought in the Battle of Puebla.", "Battle of Puebla"),
        ("Veterans of the Kargil War met.", "Kargil War"),
        ("She raced in the Monaco Grand Prix.", "Monaco Grand Prix"),
    ],
)
def test_an_event_is_told_by_its_noun(tagger: Tagger, text: str, event: str) -> None:
    assert [(text, type_) for text, type_, _, _ in _found(tagger, text)] == [(event, "EVENT")]


def test_a_festival_names_its_place(tagger: Tagger) -> None:
    found = {
        (text, type_) for text, type_, _, _ in _found(tagger, "The Toronto Film Festival began.")
    }
    assert found == {("Toronto Film Festival", "EVENT"), ("Toronto", "GPE")}


def test_titles_before_an_events_noun_make_no_event(tagger: Tagger) -> None:
    assert ("Mr Cup", "EVENT") not in {one[:2] for one in _found(tagger, "Mr Cup played.")}


@pytest.mark.parametrize(
    ("text", "whole", "type_"),
    [
        ("Floods hit Hunan province on Monday.", "Hunan province", "GPE"),
        ("Ships left the Port of Mombasa at dawn.", "Port of Mombasa", "FAC"),
        ("He was treated at Brackwell Hospital.", "Brackwell Hospital", "FAC"),
        ("The board of Brackwell Hospital resigned.", "Brackwell Hospital", "ORG"),
    ],
)
def test_a_noun_of_its_own_belongs_to_the_name(
    tagger: Tagger, text: str, whole: str, type_: str
) -> None:
    found = [(m.text, m.type) for m in tagger.tag("", text, "en").mentions]
    assert (whole, type_) in found


@pytest.mark.parametrize(
    ("text", "mention"),
    [
        ("The bus left for Santa Rosa de los Robles at noon.", "Santa Rosa de los Robles"),
        ("The candidate in Harrow East won the vote.", "Harrow East"),
        ("The Durban Central MP won the vote.", "Durban Central"),
        ("Flights to Durban South Africa were late.", "Durban"),
        ("Voters in Zumbara LGA waited.", "Zumbara LGA"),
        ("Voters in Zumbara Local Government Area waited.", "Zumbara Local Government Area"),
        ("Farmers of Zumbara Upazila waited.", "Zumbara Upazila"),
    ],
    ids=["particles", "a side", "a seat", "a country", "letters", "in full", "a district"],
)
def test_a_name_goes_on_behind_the_place_that_it_begins_with(
    tagger: Tagger, text: str, mention: str
) -> None:
    text += " The rain fell on the hills, and the road to the north was shut."
    assert (mention, "GPE") in [(one[0], one[1]) for one in _found(tagger, text)]
