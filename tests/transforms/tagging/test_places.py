import pytest

from transforms.tagging.datelines import dateline_end
from transforms.tagging.tagger import Tagger


def _place(tagger: Tagger, text: str, name: str, domain: str = "") -> tuple[str | None, str | None]:
    mention = next(m for m in tagger.tag("", text, "en", domain).mentions if m.text == name)
    return mention.country, mention.admin1


@pytest.mark.parametrize(
    ("text", "name", "division"),
    [
        ("Jurors in Lamar County, Texas, met; Lamar County paid.", "Lamar County", "Texas"),
        ("Crews from Henry County, Tennessee, helped in Paris.", "Paris", "Tennessee"),
        ("Roads in Lamar County and in Paris were shut; Lamar County pays.", "Paris", "Texas"),
        ("The Ohio Department of Health sent a team to Athens. Ohio paid; so did Athens County.",
         "Athens", "Ohio"),
        ("Kansas, Nebraska and Kansas again: the mayor of Manhattan, Kansas, spoke.",
         "Manhattan", "Kansas"),
    ],
)  # fmt: skip
def test_divisions_counties_and_neighbours_tell_namesakes_apart(
    tagger: Tagger, text: str, name: str, division: str
) -> None:
    assert _place(tagger, text, name) == ("US", division)


def test_a_month_is_no_neighbour(tagger: Tagger) -> None:
    assert _place(tagger, "It rained in Boston in March.", "Boston") == ("US", "Massachusetts")


def test_a_publishers_country_settles_ties(tagger: Tagger) -> None:
    text = "Police in Lancaster closed a road."
    assert _place(tagger, text, "Lancaster", "news.example.co.uk")[0] == "GB"


def test_a_city_told_once_is_told_throughout(tagger: Tagger) -> None:
    text = "Rain fell in Rogersville, Tennessee. Rogersville waited. Schools: Rogersville."
    found = [m for m in tagger.tag("", text).mentions if m.text == "Rogersville"]
    assert [m.admin1 for m in found] == ["Tennessee"] * 3


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Talks were held in Canada.", "Canada"),
        ("A Brazilian firm won.", "Brazilian"),
        ("Voters in Ontario waited.", "Ontario"),
        ("Floods hit Virginia again.", "Virginia"),
        ("A judge in Walker County, Georgia, agreed.", "Walker County"),
        ("Clashes spread through Kilifi and Nairobi in Kenya.", "Kilifi"),
    ],
)
def test_every_place_has_a_point(tagger: Tagger, text: str, name: str) -> None:
    mention = next(m for m in tagger.tag("", text).mentions if m.text == name)
    assert mention.location is not None


def test_a_word_of_a_shouting_headline_is_no_town(tagger: Tagger) -> None:
    assert tagger.tag("ZEMBLA MINING SETS STOCK SPLIT", "").countries == ()


COMPANY = "ZEMBLA MINING SETS PAYOUT"


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("NEW YORK, March 3 - Zembla Mining said net rose to 3.2 mln dlrs.", ["US"]),
        ("LARGO, Fla., March 3 - Zembla Mining Inc named a treasurer.", ["US"]),
        ("TOKYO, March 3 - Zembla Mining said profit fell to two billion yen.", ["JP"]),
        ("LONDON, March 3 - Zembla Mining said profit rose to two mln dlrs.", []),
        ("PARIS, March 3 - Zembla Mining named a treasurer.", []),
        ("Zembla Mining said net rose to 3.2 mln dlrs.", []),
    ],
)
def test_a_dateline_is_the_focus_only_where_something_else_speaks_for_its_country(
    tagger: Tagger, text: str, countries: list[str]
) -> None:
    shares = tagger.tag(COMPANY, text).countries
    assert [share.code for share in shares if share.focus] == countries


@pytest.mark.parametrize(
    ("text", "opening"),
    [
        ("PARIS, Oct 3 (Reuters) - Rain fell.", "PARIS, Oct 3 (Reuters) -"),
        ("Paris (AP) — Rain fell.", "Paris (AP) —"),
        ("MOSCOW – Rain fell.", "MOSCOW –"),
        ("The long wait - as all knew - was over.", ""),
        ("Rain fell.", ""),
    ],
)
def test_the_line_that_opens_a_report_is_told_from_a_sentence(text: str, opening: str) -> None:
    assert text[: dateline_end(text)] == opening


def test_an_unknown_town_lies_in_the_state_behind_it(tagger: Tagger) -> None:
    mention = tagger.tag("", "A barn burned in Zemblatown, Texas, on Friday.").mentions[0]
    assert (mention.text, mention.type, mention.admin1) == ("Zemblatown", "GPE", "Texas")
    assert mention.score < 0.7


def test_a_facility_lies_by_the_town_named_next_to_it(tagger: Tagger) -> None:
    mentions = tagger.tag("", "The Zemblan Arena in Houston, Texas, is full.").mentions
    arena, houston = mentions[:2]
    assert (arena.type, arena.text) == ("FAC", "Zemblan Arena")
    assert arena.location == houston.location


def test_a_numbered_road_is_a_facility(tagger: Tagger) -> None:
    mentions = tagger.tag("", "A truck overturned on Interstate 70 near Denver.").mentions
    assert [(m.text, m.type) for m in mentions] == [("Interstate 70", "FAC"), ("Denver", "GPE")]


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        ("Floods hit Chocó on Monday.", "Chocó", "CO"),
        ("Farmers in Veraguas lost cattle.", "Veraguas", "PA"),
        ("A school in Seine-Saint-Denis was shut.", "Seine-Saint-Denis", "FR"),
        ("Snow closed roads in Aberdeenshire.", "Aberdeenshire", "GB"),
        ("Troops returned to Warrap after the clashes.", "Warrap", "SS"),
        ("Voters in Castilla-La Mancha go to the polls.", "Castilla-La Mancha", "ES"),
    ],
    ids=lambda value: value if len(value) < 20 else "",
)
def test_divisions_of_countries_are_known(
    tagger: Tagger, text: str, name: str, country: str
) -> None:
    mention = next(m for m in tagger.tag("", text).mentions if m.text == name)
    assert (mention.country, mention.type) == (country, "GPE")
    assert mention.location is not None


@pytest.mark.parametrize("text", ["He has the Lot.", "Mr Herrera won.", "The Central is open."])
def test_ordinary_words_and_family_names_are_no_divisions(tagger: Tagger, text: str) -> None:
    assert [m.type for m in tagger.tag("", text).mentions if m.type == "GPE"] == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Fire hits mill. WAXAHACHIE — A fire hit a mill.", "WAXAHACHIE"),
        ("EAST LIVERPOOL, Ohio (AP) — A fire hit a mill.", "EAST LIVERPOOL"),
        ("McALLEN -- A fire hit a mill.", "McALLEN"),
        ("Waxahachie police closed a road.", "Waxahachie"),
        ("A Waxahachie couple won the lottery.", "Waxahachie"),
        ("A judge in D.C. agreed.", "D.C."),
    ],
)
def test_datelines_and_local_people_tell_small_towns(tagger: Tagger, text: str, name: str) -> None:
    mention = next(m for m in tagger.tag("", text).mentions if m.text == name)
    assert (mention.country, mention.type) == ("US", "GPE")


@pytest.mark.parametrize("text", ["N.C. Wyeth painted.", "WATCH — The race is on."])
def test_initials_and_calls_are_no_places(tagger: Tagger, text: str) -> None:
    assert [m.type for m in tagger.tag("", text).mentions if m.type == "GPE"] == []


def test_listed_counties_are_told_by_their_plural(tagger: Tagger) -> None:
    text = "Snow fell in Polk, Dallas and Warren counties in Iowa."
    found = {m.text: (m.name, m.admin1) for m in tagger.tag("", text).mentions}
    assert found["Polk"] == ("Polk County", "Iowa")
    assert found["Dallas"] == ("Dallas County", "Iowa")
    assert found["Warren"] == ("Warren County", "Iowa")


def test_a_county_inside_a_name_tells_namesakes_apart(tagger: Tagger) -> None:
    text = "The Clarke County Sheriff's Department said a bank in Athens was robbed."
    assert _place(tagger, text, "Athens") == ("US", "Georgia")


def test_a_large_city_is_meant_where_its_namesake_nearby_is_too_small(tagger: Tagger) -> None:
    text = "Flights link Dallas, Boston, Denver, Newark and Philadelphia."
    assert _place(tagger, text, "Denver") == ("US", "Colorado")


@pytest.mark.parametrize("name", ["Soviet Union", "Russian Federation"])
def test_a_country_called_a_union_is_no_organisation(tagger: Tagger, name: str) -> None:
    assert _place(tagger, f"The {name} agreed.", name)[0] == "RU"


def test_continents_have_geonames_own_points(tagger: Tagger) -> None:
    mention = next(m for m in tagger.tag("", "Drought hit Africa.").mentions)
    assert mention.ids == ("geonames:6255146",)
    assert mention.location == (7.1881, 21.09375)


@pytest.mark.parametrize(
    ("text", "mention"),
    [
        ("He lives in Eastern Algeria now.", "Eastern Algeria"),
        ("Trains in Central London stopped.", "Central London"),
        ("He lives in eastern Algeria now.", "Algeria"),
        ("It rained. Eastern Algeria was dry.", "Algeria"),
        ("Ice broke on the Upper Danube again.", "Upper Danube"),
        ("Rangers left North East Arnhem Land.", "North East Arnhem Land"),
    ],
)
def test_a_side_with_a_capital_is_a_part_of_the_name_amid_a_sentence(
    tagger: Tagger, text: str, mention: str
) -> None:
    assert [m.text for m in tagger.tag("", text).mentions] == [mention]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("She lives in Sydney, N.S., now.", [("Sydney", "CA"), ("N.S.", "CA")]),
        ("He left Moose Jaw, Sask., again.", [("Moose Jaw", "CA"), ("Sask.", "CA")]),
        ("It rained in Geelong, Vic. on Monday.", [("Geelong", "AU"), ("Vic.", "AU")]),
        ("It rained in Yakima, WA, too.", [("Yakima", "US"), ("WA", "US")]),
        ("It rained in Perth, WA, too.", [("Perth", "AU"), ("WA", "AU")]),
        ("Schools follow the B.C. rules.", [("B.C.", "CA")]),
        ("It was built in 44 B.C. by slaves.", []),
        ("Shares of Zentrix Mining N.L. fell.", []),
        ("He played in Athens, Georgia, for years.", [("Athens", "US"), ("Georgia", "US")]),
    ],
)
def test_an_abbreviated_province_is_that_of_the_place_before_it(
    tagger: Tagger, text: str, places: list[tuple[str, str]]
) -> None:
    found = tagger.tag("", text).mentions
    assert [(one.text, one.country) for one in found if one.type == "GPE"] == places


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("India votes. The BJP won in UP and India waits.", ["India", "UP", "India"]),
        ("India votes. UP police met in Delhi, India.", ["India", "UP", "Delhi", "India"]),
        ("Chile votes. They look UP in Chile.", ["Chile", "Chile"]),
        ("Herders of the N.W.T. came.", ["N.W.T."]),
    ],
    ids=["inside", "what it has", "a word in capitals", "initials"],
)
def test_a_division_may_be_called_by_its_letters_alone(
    tagger: Tagger, text: str, places: list[str]
) -> None:
    assert [one.text for one in tagger.tag("", text).mentions if one.type == "GPE"] == places


def test_the_end_of_a_countrys_name_is_no_town_of_the_next(tagger: Tagger) -> None:
    text = "They toured Africa (Democratic Republic of Congo, Kenya)."
    found = tagger.tag("", text).mentions
    assert [(one.text, one.country) for one in found if one.type == "GPE"] == [
        ("Democratic Republic of Congo", "CD"),
        ("Kenya", "KE"),
    ]


def test_a_people_before_a_word_for_a_division_is_no_division(tagger: Tagger) -> None:
    found = tagger.tag("", "They toured the Indian State of Gujarat.").mentions
    assert ("Indian", "NORP") in [(one.text, one.type) for one in found]


def test_a_town_that_no_list_holds_is_told_for_all_its_mentions(tagger: Tagger) -> None:
    text = "He lived in Zembrook, Texas. Rain fell. Zembrook elders met, and Zembrook slept."
    found = [one for one in tagger.tag("", text).mentions if one.text == "Zembrook"]
    assert [(one.type, one.country) for one in found] == [("GPE", "US")] * 3


def test_a_small_town_is_told_from_a_capital_by_its_county_and_state(tagger: Tagger) -> None:
    text = "London officials met the clerk of Laurel County. London is the seat, in Kentucky."
    assert _place(tagger, text, "London") == ("US", "Kentucky")
    assert _place(tagger, "London officials met.", "London") == ("GB", "England")


@pytest.mark.parametrize("name", ["Sharm el-Sheikh", "Sharm El-Sheikh", "Sharm El Sheikh"])
def test_an_arabic_article_is_written_in_many_ways(tagger: Tagger, name: str) -> None:
    text = f"Egypt held the talks in {name}."
    mention = next(m for m in tagger.tag("", text).mentions if m.text == name)
    assert (mention.name, mention.country) == ("Sharm el-Sheikh", "EG")


def test_the_short_name_of_a_city_is_one_of_its_namesakes(tagger: Tagger) -> None:
    text = "Trains from Manchester and Leeds, in England, reach Newcastle at noon."
    assert _place(tagger, text, "Newcastle") == ("GB", "England")


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        ("A man of Peru, Indiana, won the race.", "Peru", "US"),
        ("LEBANON, Pa. — The council met on Monday.", "LEBANON", "US"),
        ("He lives in Norfolk, Virginia, with the dog.", "Norfolk", "US"),
        ("The bridge of Granada, Spain, is old.", "Granada", "ES"),
        ("Salvador is the capital of the state of Bahia in Brazil.", "Salvador", "BR"),
        ("The president of Peru met the president of Chile.", "Peru", "PE"),
        ("The war in Lebanon went on, the president of the United States said.", "Lebanon", "LB"),
    ],
)
def test_a_city_may_have_a_countrys_name(
    tagger: Tagger, text: str, name: str, country: str
) -> None:
    assert _place(tagger, text, name)[0] == country


@pytest.mark.parametrize(
    "text", ["Grenade attack kills three.", "Island residents fled.", "Chili for the winter."]
)
def test_other_languages_names_of_countries_mean_something_else_in_english(
    tagger: Tagger, text: str
) -> None:
    assert not tagger.tag("", text, "en").countries
    body = "The mayor said that the fire in the hall was out, and the people were safe."
    assert not tagger.tag(text, body).countries


def test_other_languages_names_of_countries_count_in_those(tagger: Tagger) -> None:
    text = "Le Premier ministre de Maurice a rencontré celui de la Grenade."
    assert [share.code for share in tagger.tag("", text, "fr").countries] == ["MU", "GD"]


@pytest.mark.parametrize("capital", ["Bridgetown", "Nuuk", "Funafuti", "Castries"])
def test_a_capital_is_known_however_small_it_is(tagger: Tagger, capital: str) -> None:
    mentions = tagger.tag("", f"The minister toured {capital} on Monday.").mentions
    assert [mention.name for mention in mentions] == [capital]


@pytest.mark.parametrize(
    ("dateline", "city"),
    [
        ("BOGOTÁ, Colombia (AP)", "Bogotá"),
        ("SÃO PAULO (AP)", "São Paulo"),
        ("ZÜRICH", "Zürich"),
        ("МОСКВА, 12 ноября", "Moscow"),
    ],
)
def test_capitals_with_accents_and_of_other_alphabets_open_a_report(
    tagger: Tagger, dateline: str, city: str
) -> None:
    assert tagger.tag("", f"{dateline} — The council met on Monday.").places[0] == city


def test_the_seat_of_a_territory_is_known_however_few_live_in_it(tagger: Tagger) -> None:
    text = "The premier spoke in Hamilton, Bermuda. Shops in Hamilton were shut."
    found = [m for m in tagger.tag("", text).mentions if m.text == "Hamilton"]
    assert [m.country for m in found] == ["BM", "BM"]
    ontario = tagger.tag("", "A house in Hamilton, Ontario, burnt down.").mentions[0]
    assert ontario.country == "CA"
