"""Names told by their form: what stands first, what stands before a country, and a name alone."""

import pytest

from transforms.tagging.tagger import Tagger


def _found(tagger: Tagger, text: str) -> list[tuple[str, str]]:
    return [(mention.text, mention.type) for mention in tagger.tag("", text).mentions]


@pytest.mark.parametrize(
    ("text", "name", "type_"),
    [
        ("Students of the Universidad Villa Sombría marched.", "Universidad Villa Sombría", "ORG"),
        ("Fans filled the Estadio Gral Ordóñez Pira.", "Estadio Gral Ordóñez Pira", "FAC"),
        ("Smoke rose over Volcán Tiquismo at dawn.", "Volcán Tiquismo", "LOC"),
        ("Rangers in Kivombo National Park found them.", "Kivombo National Park", "LOC"),
        ("Children played in Gilbrook Park on Sunday.", "Gilbrook Park", "FAC"),
        ("It was said by the Zemblan Farmers Forum.", "Zemblan Farmers Forum", "ORG"),
        ("Voters of Gilbrook School District agreed.", "Gilbrook School District", "ORG"),
        ("Floods reached Greater Accra Region.", "Greater Accra Region", "GPE"),
        ("The Western Cape High Court ruled.", "Western Cape High Court", "ORG"),
        ("The Lima-based Quorvex Institute agreed.", "Quorvex Institute", "ORG"),
        ("Latin American leaders met.", "Latin American", "NORP"),
    ],
)
def test_the_telling_word_may_come_first_or_last(
    tagger: Tagger, text: str, name: str, type_: str
) -> None:
    assert (name, type_) in _found(tagger, text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The Truth and Reconciliation Commission sat.", "Truth and Reconciliation Commission"),
        ("It asked the Zemblan Water and Power Authority.", "Zemblan Water and Power Authority"),
        ("He sued Quorvex and Zentrix Corporation.", "Zentrix Corporation"),
        ("The Zemblan People's Party won.", "Zemblan People's Party"),
        ("They built the Gilbrook Children's Hospital.", "Gilbrook Children's Hospital"),
        ("A Zemblan Workers’ Union struck.", "Zemblan Workers' Union"),
        ("It asked the Prime Minister's Office.", "Prime Minister's Office"),
        ("The Israeli Navy sailed.", "Israeli Navy"),
        ("Ships of the Kenya Navy sailed.", "Kenya Navy"),
    ],
)
def test_a_name_has_all_that_belongs_to_it(tagger: Tagger, text: str, name: str) -> None:
    found = [one for one, type_ in _found(tagger, text) if type_ == "ORG"]
    assert [one.replace("’", "'") for one in found] == [name]


@pytest.mark.parametrize(
    ("text", "organizations"),
    [
        ("He works for Zentrix Korea in Seoul.", ["Zentrix Korea"]),
        ("A spokesman of Quorvex Brandelmere Canada declined.", ["Quorvex Brandelmere Canada"]),
        ("Farmers in Northern Nigeria waited.", []),
        ("They fled Nazi Germany in winter.", []),
        ("Zentrix Korea.", []),
        ("She met Prime Minister Modi of India.", []),
    ],
)
def test_unknown_names_before_a_country_are_an_organisation_there(
    tagger: Tagger, text: str, organizations: list[str]
) -> None:
    assert list(tagger.tag("", text).organizations) == organizations


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("We asked what Amanda thinks of it.", ["Amanda"]),
        ("At noon Oyindasola, a lawyer, wept.", ["Oyindasola"]),
        ("“No,” Vermeulen said.", ["Vermeulen"]),
        ("They drove the Vermeulen to a shop.", []),
        ("Amanda wept.", []),
        ("Gangs rule in San Pedro Sula.", []),
        ("Buyers like San Miguel de Allende.", []),
    ],
)
def test_names_alone_are_people_by_what_stands_around_them(
    tagger: Tagger, text: str, people: list[str]
) -> None:
    assert list(tagger.tag("", text).people) == people


def test_an_unknown_first_name_before_a_family_name_is_a_person(tagger: Tagger) -> None:
    assert tagger.tag("", "The prize went to Tuvak Vermeulen on Monday.").people == (
        "Tuvak Vermeulen",
    )


@pytest.mark.parametrize(
    ("capital", "country"),
    [("Ulaanbaatar", "MN"), ("Bogotá", "CO"), ("Brasília", "BR"), ("Astana", "KZ"), ("Jeju", "KR")],
)
def test_a_city_is_known_under_the_name_that_news_has_for_it(
    tagger: Tagger, capital: str, country: str
) -> None:
    (mention,) = tagger.tag("", f"Talks went on in {capital} on Monday.").mentions
    assert (mention.text, mention.country) == (capital, country)


def test_a_storm_is_no_person_even_by_its_name_alone(tagger: Tagger) -> None:
    found = _found(
        tagger, "Hurricane Rita struck. By then Rita was weak, and Typhoon Vera was not."
    )
    assert found == [("Hurricane Rita", "EVENT"), ("Rita", "EVENT"), ("Typhoon Vera", "EVENT")]


@pytest.mark.parametrize("name", ["National Hurricane Center", "Storm Prediction Center"])
def test_who_watches_storms_is_none(tagger: Tagger, name: str) -> None:
    assert _found(tagger, f"The {name} warned them.") == [(name, "ORG")]


def test_what_a_country_has_is_no_part_of_its_name(tagger: Tagger) -> None:
    assert ("Kenya", "GPE") in _found(tagger, "He left Kenya's Supreme Court.")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The crash on I-95 closed the bridge.", ["I-95"]),
        ("Police closed the M25 and stood on the A1(M) all night.", ["A1(M)"]),
        (
            "They drove on State Highway 35 to County Road 12.",
            ["State Highway 35", "County Road 12"],
        ),
        ("He lives on U.S. 23 near the lake.", ["U.S. 23"]),
        ("The A380 landed, and N95 masks were given out.", []),
        ("In the US 40 people died, and on U.S. 12 million voters.", []),
    ],
)
def test_roads_are_known_by_their_numbers(tagger: Tagger, text: str, names: list[str]) -> None:
    roads = [mention.text for mention in tagger.tag("", text).mentions if mention.type == "FAC"]
    assert roads == names


@pytest.mark.parametrize(
    "body",
    ["82nd Airborne Division", "7th Fleet", "47th Mechanized Brigade", "118th Congress"],
)
def test_bodies_that_are_counted_begin_with_their_number(tagger: Tagger, body: str) -> None:
    mentions = tagger.tag("", f"The {body} met on Monday.").mentions
    assert [(mention.type, mention.text) for mention in mentions] == [("ORG", body)]


@pytest.mark.parametrize("name", ["Mount Elgon", "Lake Gnangara", "Waioweka Gorge", "Loch Awe"])
def test_mountains_and_lakes_are_told_by_their_first_word(tagger: Tagger, name: str) -> None:
    mentions = tagger.tag("", f"They went to {name} on Monday.").mentions
    assert [(mention.type, mention.text) for mention in mentions] == [("LOC", name)]


def test_a_hospital_named_after_a_mountain_is_no_mountain(tagger: Tagger) -> None:
    mentions = tagger.tag("", "She sued Mount Lawley Hospital on Monday.").mentions
    assert [mention.type for mention in mentions] == ["ORG"]


@pytest.mark.parametrize("road", ["I-77", "Interstate 77", "U.S. 321", "U.S. Highway 321"])
def test_a_road_of_the_united_states_tells_where_a_text_is_set(tagger: Tagger, road: str) -> None:
    text = f"The crash on {road} near Birmingham hurt a man. The road, {road}, was shut."
    assert {mention.country for mention in tagger.tag("", text).mentions} == {"US"}
