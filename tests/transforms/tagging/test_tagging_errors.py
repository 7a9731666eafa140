"""Each difference from a gold set gets one kind, and the kinds add up."""

from typing import Any

import pytest

from benchmarks.gold_errors import (
    RIGHT,
    Kinds,
    kilometres,
    of_countries,
    of_sense,
    words_in_full,
)
from benchmarks.gold_pairs import Name, paired, right_types
from benchmarks.tagging_errors import Tally, count
from transforms.tagging.gazetteer import Gazetteer, load_gazetteer
from transforms.tagging.tagger import Tagger


@pytest.fixture(scope="module")
def gazetteer(compiled_together: tuple[Any, list[bytes]]) -> Gazetteer:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATELINE_CACHE", str(compiled_together[0]))
        return load_gazetteer()


@pytest.fixture(scope="module")
def kinds(gazetteer: Gazetteer) -> Kinds:
    return Kinds(gazetteer)


def gold_name(text: str, name: str, type_: str) -> dict[str, Any]:
    return {"start": text.index(name), "end": text.index(name) + len(name), "type": type_}


@pytest.mark.parametrize(
    ("text", "name", "type_", "kind"),
    [
        ("She met max there.", "max", "PER", "in lower case"),
        ("Then Qwerfeld spoke.", "Qwerfeld", "PER", "one word, with neither full name nor"),
        ("Senator Qw Zx spoke.", "Qw Zx", "PER", "behind a title, yet passed over"),
        ("Then Maria Qwerfeld spoke.", "Maria Qwerfeld", "PER", "first name known"),
        ("Then Qwar Zxerfeld spoke.", "Qwar Zxerfeld", "PER", "neither title nor known"),
        ("It joined Qwerfeld.", "Qwerfeld", "ORG", "in no list, and not told by its words"),
        ("The QWX says so.", "QWX", "ORG", "letters, in no list and not introduced"),
        ("The United Nations says so.", "United Nations", "ORG", "in the gazetteer"),
        ("Qwerfeld Bank says so.", "Qwerfeld Bank", "ORG", "told by its own words"),
        ("They left Paris.", "Paris", "LOC", "in the gazetteer, yet passed over"),
        ("They left NAIROBI.", "NAIROBI", "LOC", "in the gazetteer, yet passed over"),
        ("They left Qwerfeld.", "Qwerfeld", "LOC", "in no list"),
        ("They left Qwerfeld Airport.", "Qwerfeld Airport", "FAC", "told by its own words"),
    ],
)
def test_a_missed_name_is_told_by_what_the_tagger_had_to_go_by(
    kinds: Kinds, text: str, name: str, type_: str, kind: str
) -> None:
    gold = Name(text.index(name), text.index(name) + len(name), type_)
    assert kinds.of_gold(text, gold, None, frozenset()).startswith(f"missed: {kind}")


def test_a_family_name_alone_is_told_apart_from_one_whose_full_name_stands_there(
    kinds: Kinds,
) -> None:
    text = "Qwar Zxerfeld came. Then Zxerfeld spoke."
    gold = [Name(0, 13, "PER"), Name(25, 33, "PER")]
    in_full = words_in_full(text, gold)
    assert in_full == {"Qwar", "Zxerfeld"}
    kind = kinds.of_gold(text, gold[1], None, frozenset(), in_full)
    assert kind == "missed: one word, though the text has the full name"


@pytest.mark.parametrize(
    ("found", "kind"),
    [
        (Name(10, 20, "ORG"), RIGHT),
        (Name(10, 16, "ORG"), "span: too short"),
        (Name(8, 20, "ORG"), "span: too long"),
        (Name(8, 16, "ORG"), "span: shifted"),
        (Name(10, 20, "PERSON"), "type: taken for a person"),
        (Name(8, 24, "FAC"), "type: taken into the name of a facility"),
        (Name(10, 16, "GPE"), "type: a part of it taken for a place"),
    ],
)
def test_a_name_found_otherwise_is_told_by_span_and_type(
    kinds: Kinds, found: Name, kind: str
) -> None:
    assert kinds.of_gold("x" * 30, Name(10, 20, "ORG"), found, frozenset({"ORG"})) == kind


@pytest.mark.parametrize(
    ("gold", "kind"),
    [
        ([], "no name in the set, by the rule 'person'"),
        ([Name(5, 30, "PER")], "a second piece of a name, or one within it"),
        ([Name(10, 20, "MISC")], "a name that the set counts as MISC"),
    ],
)
def test_a_false_alarm_is_told_by_what_stands_there(
    kinds: Kinds, gold: list[Name], kind: str
) -> None:
    alarm = Name(10, 20, "PERSON", "person")
    assert kinds.of_false_alarm(alarm, gold, frozenset({"PER"})) == kind


def test_the_same_span_goes_before_a_longer_overlap() -> None:
    gold = [Name(0, 10, "LOC"), Name(6, 9, "LOC")]
    found = [Name(6, 9, "GPE"), Name(0, 5, "GPE"), Name(20, 25, "GPE")]
    assert paired(gold, found) == [(gold[0], found[1]), (gold[1], found[0])]


def test_one_name_stands_for_one_gold_name_only() -> None:
    gold = [Name(0, 5, "LOC"), Name(6, 15, "LOC")]
    found = [Name(0, 15, "GPE")]
    assert paired(gold, found) == [(gold[0], None), (gold[1], found[0])]


def test_buildings_are_places_where_a_set_has_no_type_for_them() -> None:
    assert right_types({"LOC", "MISC"}) == {"LOC": {"GPE", "LOC", "FAC"}}
    assert right_types({"LOC", "FAC"}) == {"LOC": {"GPE", "LOC"}, "FAC": {"FAC"}}


@pytest.mark.parametrize(
    ("country", "far", "kind"),
    [
        ("GB", 20.0, RIGHT),
        ("GB", 161.0, RIGHT),
        ("US", 6_000.0, "a namesake in another country"),
        ("GB", 300.0, "elsewhere, in no other country"),
        ("GB", None, "no place chosen for the name"),
    ],
)
def test_a_place_is_right_within_a_hundred_miles(
    country: str, far: float | None, kind: str
) -> None:
    gold = {"lat": 52.5, "lon": -1.9, "country": "GB"}
    assert of_sense(gold, country, far) == kind
    assert of_sense({"country": "GB"}, country, far) is None


def test_a_quarter_of_a_meridian_is_a_quarter_of_the_earths_circumference() -> None:
    assert kilometres((0.0, 0.0), (90.0, 0.0)) == pytest.approx(10_008, rel=0.001)


def test_countries_are_told_by_how_far_they_got() -> None:
    kinds, alarms = of_countries(
        gold={"BR", "DE", "FR", "JP"},
        focus={"BR", "US"},
        listed={"BR", "US", "DE"},
        named={"BR", "US", "DE", "FR"},
    )
    assert kinds == [
        RIGHT,
        "missed: listed, not in focus",
        "missed: only in names that do not count",
        "missed: no name of it found",
    ]
    assert alarms == ["in focus, not in the set"]


def kinds_of(tally: Tally, group: str) -> dict[str, int]:
    return dict(tally.counts[group])


def test_every_name_of_a_set_is_counted_once(tagger: Tagger, kinds: Kinds) -> None:
    text = "The United Nations met in Nairobi. Zxerfeld was glad, and Qwerfeld joined."
    names = [
        gold_name(text, "United Nations", "ORG"),
        gold_name(text, "Nairobi", "PER"),
        gold_name(text, "Zxerfeld", "PER"),
        gold_name(text, "Qwerfeld", "MISC"),
    ]
    tally = count([{"text": text, "mentions": names}], tagger, kinds)
    assert kinds_of(tally, "ORG") == {RIGHT: 1}
    assert kinds_of(tally, "PER") == {
        "type: taken for a place": 1,
        "missed: one word, with neither full name nor title": 1,
    }
    assert "MISC" not in tally.counts
    assert tally.totals["false alarms: ORG"] == 1
    assert kinds_of(tally, "false alarms: ORG") == {}


def test_the_sense_of_a_place_is_counted_where_it_was_found(tagger: Tagger, kinds: Kinds) -> None:
    text = "They flew to Nairobi, and the mayor of Paris was glad."
    names = [
        {**gold_name(text, "Nairobi", "TOPONYM"), "lat": -1.28, "lon": 36.82, "country": "KE"},
        {**gold_name(text, "Paris", "TOPONYM"), "lat": 33.66, "lon": -95.56, "country": "US"},
    ]
    tally = count([{"text": text, "mentions": names}], tagger, kinds)
    assert kinds_of(tally, "TOPONYM") == {RIGHT: 2}
    assert kinds_of(tally, "sense of the places found") == {
        RIGHT: 1,
        "a namesake in another country": 1,
    }


def test_documents_without_mentions_are_counted_by_country(tagger: Tagger, kinds: Kinds) -> None:
    document = {"id": 1, "text": "Peru and Chile signed it.", "countries": ["CL", "BO"]}
    tally = count([{**document, "mentions": []}], tagger, kinds)
    assert kinds_of(tally, "countries in focus") == {RIGHT: 1, "missed: no name of it found": 1}
    assert kinds_of(tally, "false alarms: countries") == {"in focus, not in the set": 1}
    assert tally.totals["false alarms: countries"] == 2


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"text": "x", "mentions": [{"start": 0, "end": 1, "type": "GPE"}]}, "types GPE; must"),
        ({"text": "x"}, 'neither "mentions" nor "countries"'),
    ],
)
def test_a_set_that_cannot_be_counted_says_why(
    tagger: Tagger, kinds: Kinds, document: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        count([document], tagger, kinds)


def test_the_table_gives_counts_shares_and_examples() -> None:
    tally = Tally()
    for kind, example in ((RIGHT, "Oslo"), (RIGHT, "Lima"), (RIGHT, "Rome"), ("span", "New York")):
        tally.add("LOC", kind, example)
    assert [line.strip() for line in tally.lines(1)] == [
        "LOC: 4",
        "3   75.0%  right",
        "1   25.0%  span",
        "New York",
    ]
