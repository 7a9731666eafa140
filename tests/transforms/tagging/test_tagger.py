from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from transforms.tagging.tagger import Tagger

# Text, then what must be among its countries (all of them) and what must be among its names.
COUNTRY_TEXTS = {
    "english names": ("Kenya and Uganda signed the accord in Nairobi.", ["KE", "UG"]),
    "english demonyms": ("French and Polish farmers blocked the road.", ["FR", "PL"]),
    "abbreviation": (
        "Lawmakers in the U.S. met their counterparts from the U.K. again.",
        ["US", "GB"],
    ),
    "pronoun is no country": ("They asked us to wait in Norway.", ["NO"]),
    "possessive": ("Chile’s miners and Peru's fishermen protested.", ["CL", "PE"]),
    "metonym": ("The Kremlin rejected the proposal.", ["RU"]),
    "spanish": ("El presidente de Estados Unidos viajará a México y Colombia.", ["US", "MX", "CO"]),
    "french": ("Le premier ministre a quitté l'Allemagne pour la Belgique.", ["DE", "BE"]),
    "german": ("Die Regierung in Österreich verhandelt mit der Schweiz.", ["AT", "CH"]),
    "italian": ("Il governo della Germania incontra quello della Grecia.", ["DE", "GR"]),
    "portuguese": ("O presidente visitou Moçambique e Angola.", ["MZ", "AO"]),
    "russian cases": ("Переговоры о Турции прошли в Германии.", ["TR", "DE"]),
    "russian everyday": ("США ввели новые пошлины.", ["US"]),
    "ukrainian": ("Президент України відвідав Польщу.", ["UA", "PL"]),
    "arabic prefixes": ("وصل الوفد إلى لبنان والعراق أمس.", ["LB", "IQ"]),
    "hebrew prefixes": ("השר נחת ביפן ובצרפת.", ["JP", "FR"]),
    "japanese": ("アメリカと日本は共同訓練を始めた。", ["US", "JP"]),
    "katakana inside a word": ("新しいタイトルをドイツで発表した。", ["DE"]),
    "chinese": ("美国和越南签署了协议。", ["US", "VN"]),
    "korean particles": ("한국은 베트남과 협정을 맺었다.", ["KR", "VN"]),
    "hindi": ("भारत और नेपाल ने समझौता किया।", ["IN", "NP"]),
    "turkish": ("Almanya ile Fransa anlaştı.", ["DE", "FR"]),
    "thai": ("รัฐมนตรีเดินทางไปญี่ปุ่น", ["JP"]),
    "persian": ("وزیر به افغانستان و پاکستان سفر کرد.", ["AF", "PK"]),
}


@pytest.mark.parametrize("case", COUNTRY_TEXTS)
def test_countries_of_a_text_are_found(tagger: Tagger, case: str) -> None:
    text, countries = COUNTRY_TEXTS[case]
    assert {share.code for share in tagger.tag("", text).countries} == set(countries)


PEOPLE_TEXTS = {
    "title and name": ("Finance Minister Zelda Okonkwo spoke first.", ["Zelda Okonkwo"]),
    "role before": (
        "A spokesperson, Tuvaki Brimsel, declined; spokesman Orrin Valdtke too.",
        ["Tuvaki Brimsel", "Orrin Valdtke"],
    ),
    "role after": ("Yersin Golubov, a lawyer for the family, wept.", ["Yersin Golubov"]),
    "first name": ("Nobody had asked Maria Quendolin about it.", ["Maria Quendolin"]),
    "nickname": ("Gen. Robert “Buzz” Tarnquist retired.", ["Robert Tarnquist"]),
    "particles": ("Prime Minister Pieter van der Zwoll resigned.", ["Pieter van der Zwoll"]),
    "surname later": ("Susan Brackwell won. Brackwell thanked her team.", ["Susan Brackwell"]),
    "speech": ("“It is over,” said Thando Mbelzwa, who fled.", ["Thando Mbelzwa"]),
    "family name first": ("Wang Xiaoqiu resigned. Wang gave no reason.", ["Wang Xiaoqiu"]),
    "named like a place": (
        "Chad Bellwether sang. Michael Jordan watched.",
        ["Chad Bellwether", "Michael Jordan"],
    ),
}


@pytest.mark.parametrize("case", PEOPLE_TEXTS)
def test_unknown_people_are_named_once_in_full(tagger: Tagger, case: str) -> None:
    text, people = PEOPLE_TEXTS[case]
    tags = tagger.tag("", text)
    assert list(tags.people) == people
    assert tags.countries == ()


def test_a_name_of_the_body_explains_the_headline(tagger: Tagger) -> None:
    tags = tagger.tag(
        "Brackwell Quits After Vote", "Senator Susan Brackwell said on Monday she quit."
    )
    assert tags.people == ("Susan Brackwell",)
    assert [mention.text for mention in tags.title_mentions] == ["Brackwell"]


@pytest.mark.parametrize(
    ("text", "organization"),
    [
        ("The Zembla Mining Corporation cut jobs.", "Zembla Mining Corporation"),
        ("She left the University of Trondvik.", "University of Trondvik"),
        ("The Ministry of Water warned farmers.", "Ministry of Water"),
        ("Doctors at American University of Beirut agreed.", "American University of Beirut"),
    ],
)
def test_organisations_are_found_by_their_own_words(
    tagger: Tagger, text: str, organization: str
) -> None:
    tags = tagger.tag("", text)
    assert organization in tags.organizations
    assert tags.countries == ()


def test_an_acronym_means_what_the_text_says(tagger: Tagger) -> None:
    tags = tagger.tag("", "The Zembla River Authority (ZRVA) met. Later the ZRVA voted.")
    assert tags.organizations == ("Zembla River Authority",)


@pytest.mark.parametrize(
    ("text", "country", "region"),
    [
        ("He moved to Paris, Texas, last year.", "US", "Texas"),
        ("He moved to Paris last year.", "FR", "Île-de-France"),
        ("Snow fell in London, Ontario, on Friday.", "CA", "Ontario"),
    ],
)
def test_places_of_one_name_are_told_apart(
    tagger: Tagger, text: str, country: str, region: str
) -> None:
    tags = tagger.tag("", text)
    assert [share.code for share in tags.countries] == [country]
    assert region in tags.region_names


def test_one_sense_per_document(tagger: Tagger) -> None:
    tags = tagger.tag("", "Paris, Texas, voted. Turnout in Paris was high.")
    cities = [mention for mention in tags.mentions if mention.text == "Paris"]
    assert len(cities) == 2
    assert {mention.country for mention in cities} == {"US"}


@pytest.mark.parametrize(
    "text",
    ["Gaza was quiet; aid reached the Gaza Strip.", "صباح هادئ في غزة", "В Газе спокойно."],
)
def test_gaza_is_the_strip_and_lies_in_palestine(tagger: Tagger, text: str) -> None:
    tags = tagger.tag("", text)
    assert "Gaza Strip" in tags.places
    assert tags.country_names == ("Palestine",)
    assert {"Middle East", "Western Asia"} <= set(tags.macro_regions)


@pytest.mark.parametrize(
    "place", ["Suez Canal", "Strait of Hormuz", "South China Sea", "Jerusalem"]
)
def test_places_that_news_names_are_known(tagger: Tagger, place: str) -> None:
    assert place in tagger.tag("", f"Ships and people near the {place} waited.").places


def test_a_region_needs_a_real_part_of_the_mentions(tagger: Tagger) -> None:
    text = "Peru and Bolivia talked. Peru, Bolivia and Chile agreed. Japan watched."
    regions = tagger.tag("Peru, Bolivia and Chile agree", text).macro_regions
    assert "South America" in regions
    assert "Eastern Asia" not in regions


def test_a_named_region_is_tagged_without_a_country(tagger: Tagger) -> None:
    assert tagger.tag("", "Leaders across Southeast Asia met.").macro_regions == (
        "South-eastern Asia",
    )


def test_a_dateline_is_never_the_focus(tagger: Tagger) -> None:
    tags = tagger.tag("", "PARIS, Oct. 3 (Reuters) - Brazil raised rates. Brazil's bank said so.")
    assert [share.code for share in tags.countries if share.focus] == ["BR"]


def test_shouting_headlines_are_read(tagger: Tagger) -> None:
    tags = tagger.tag("GERMANY AND POLAND REACH DEAL ON BORDER", "")
    assert {share.code for share in tags.countries} == {"DE", "PL"}
    assert [mention.text for mention in tags.title_mentions] == ["GERMANY", "POLAND"]


def test_the_title_weighs_more(tagger: Tagger) -> None:
    tags = tagger.tag("Chile votes", "Peru and Chile differ; Peru objects.")
    assert tags.countries[0].code == "CL"


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    pieces=st.lists(
        st.sampled_from(
            ["Kenya", "U.S.", " ", "\n", "’s ", "“", "Dr. ", "van ", "Jordan", "東京", "в Москве ",
             "😀", "ß", "İSTANBUL İÇİN BÜYÜK", "University of ", "Mayor ", "é", "(WHO)", ", Texas",
             "-", "GAZA"]
        )
        | st.text(max_size=8),
        max_size=25,
    )
)  # fmt: skip
def test_offsets_cut_the_mention_out_of_the_text(tagger: Tagger, pieces: list[str]) -> None:
    text = "".join(pieces)
    tags = tagger.tag(text, text)
    for mention in (*tags.mentions, *tags.title_mentions):
        assert mention.start < mention.end
        assert text[mention.start : mention.end] == mention.text
        assert 0 < mention.score <= 1
    assert sum(share.share for share in tags.countries) <= 1.01
    assert tagger.tag(text, text) == tags


def test_an_answer_never_depends_on_other_documents(tagger: Tagger) -> None:
    texts = [text for text, _ in (*COUNTRY_TEXTS.values(), *PEOPLE_TEXTS.values())]
    forward = [tagger.tag("", text) for text in texts]
    backward = [tagger.tag("", text) for text in reversed(texts)]
    assert forward == backward[::-1]
    assert replace(forward[0], version="") == replace(
        Tagger(tagger._gazetteer).tag("", texts[0]), version=""
    )


def test_mentions_do_not_overlap(tagger: Tagger) -> None:
    text = " ".join(text for text, _ in (*COUNTRY_TEXTS.values(), *PEOPLE_TEXTS.values()))
    mentions = tagger.tag("", text).mentions
    assert len(mentions) > 40
    assert all(one.end <= two.start for one, two in pairwise(mentions))


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Georgia lawmakers met in Atlanta. Voters in Georgia waited.", "US"),
        ("Police in Georgia cleared the square in Tbilisi.", "GE"),
    ],
)
def test_other_places_of_the_text_tell_which_georgia(
    tagger: Tagger, text: str, country: str
) -> None:
    assert [share.code for share in tagger.tag("", text).countries] == [country]


def test_a_price_in_dollars_is_no_mention_of_the_country(tagger: Tagger) -> None:
    assert tagger.tag("", "It cost 50 million US dollars.").countries == ()
    tags = tagger.tag("", "Kenya borrowed US$300 million for the railway.")
    assert [share.code for share in tags.countries] == ["KE"]


def test_the_nationality_of_an_organisation_adds_no_country(tagger: Tagger) -> None:
    tags = tagger.tag("", "The Bank of Zembla and the Korea Herald Foundation met in Peru.")
    assert [share.code for share in tags.countries] == ["PE"]
