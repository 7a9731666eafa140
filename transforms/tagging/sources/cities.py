"""Cities, with the alternate names that are safe to look for."""

import re
from typing import Any

from transforms.tagging import name_forms
from transforms.tagging.sources.cases import city_cases
from transforms.tagging.sources.city_names import city_aliases
from transforms.tagging.sources.geography import (
    DATA,
    SMALL_CITY,
    is_latin,
    read_yaml,
    without_marks,
)
from transforms.tagging.sources.table import NameTable

# The least population that a city needs to be found at all.
_LEAST_CITY = 1_000
# Degrees within which two places of one name are one place.
_NEAR = 1.5
# English news leaves out what is above and below a letter: Krakow, Lodz, Iasi. Of smaller towns, a
# short name without it may be a word: "Bar" is not Bār.
_PLAIN_FROM = 100_000
_LONG_PLAIN = 5
# The article amid an Arabic name, which news writes in eight ways: "Sharm el-Sheikh".
_ARABIC_ARTICLE = re.compile(r"(?<=\w )[AaEe]l[- ](?=[A-Z])")


def add_cities(
    table: NameTable,
    cities: list[dict[str, Any]],
    countries: dict[str, Any],
    ordinary: set[str],
    others: frozenset[str],
) -> None:
    """Adds cities, largest first.

    Args:
        table: Where they go.
        cities: GeoNames' cities, largest first.
        countries: GeoNames' countries, for their capitals.
        ordinary: Words that are no alternate name of a city.
        others: What is no town's name without its marks: family names (Gomez of Gómez), and those
            of divisions, which stand for the town as well.
    """
    capitals = _capitals(cities, countries)
    first_claim: set[str] = set()
    curated = {
        name: [table.entries[index] for index in indices if table.entries[index][0] == "curated"]
        for name, indices in table.names.items()
    }
    speaks_arabic = {
        code: "ar" in {language.partition("-")[0] for language in row["languages"].split(",")}
        for code, row in countries.items()
    }
    news_names = well_known_names()
    spoken_for = {
        name_forms.normalized(alias) for _, aliases in news_names.values() for alias in aliases
    }
    for city in cities:
        name = city["name"]
        population, aliases = news_names.pop((city["countrycode"], name), (0, ()))
        capital = city["geonameid"] in capitals
        # The seat of a territory is known however few live in it (Hamilton in Bermuda), and a place
        # of which no figure is known is none of the least (Warrington, Bhaktapur), but less well
        # known than a division of its name.
        known = capital or (city["population"] == 0 and name not in others)
        population = max(population, city["population"], _LEAST_CITY if known else 0)
        if population < _LEAST_CITY or len(name) < 3 or not name[0].isupper():
            continue
        index = table.entry(
            "city", "GPE", name, (f"geonames:{city['geonameid']}",), city["countrycode"],
            city["latitude"], city["longitude"], population, city["admin1code"], capital,
        )  # fmt: skip
        if (name not in table.taken or name in table.countries) and not any(
            _is_there(entry, city) for entry in curated.get(name, ())
        ):
            table.name(name, index)
        plain_name = without_marks(name)
        if population >= _PLAIN_FROM or (
            len(plain_name) >= _LONG_PLAIN and plain_name not in others
        ):
            aliases = (*aliases, plain_name, *_marked(city, plain_name))
        if speaks_arabic[city["countrycode"]]:
            aliases = (
                *aliases,
                *(spelt for one in (name, *aliases) for spelt in _spellings_of_article(one)),
            )
        for alias in dict.fromkeys(aliases):
            plain = name_forms.normalized(alias)
            if alias != name and plain not in table.taken and plain not in ordinary:
                table.name(alias, index)
        if name.startswith("Saint "):
            table.name("St. " + name[6:], index)
        if population < SMALL_CITY:
            continue
        for alias in city_aliases(city, capital):
            plain = name_forms.normalized(alias)
            if plain in table.taken or plain in ordinary or plain in spoken_for:
                continue
            short = name.startswith(plain + " ")  # "Frankfurt" of Frankfurt am Main
            if population < 1_000_000 and not capital and is_latin(plain) and not short:
                continue
            # Newcastle upon Tyne is one of the Newcastles.
            namesake = short and population >= _PLAIN_FROM
            claimed = plain in table.names and (is_latin(plain) or plain in first_claim)
            if claimed and not namesake:
                continue
            first_claim.add(plain)
            meant = index
            if short:  # news writes the short name
                meant = table.entry(*table.entries[index][:2], alias, *table.entries[index][3:])
            table.name(alias, meant)


def add_city_cases(table: NameTable) -> None:
    """Adds the cases of cities' names that nothing else has the name of, largest city first."""
    for name, indices in list(table.names.items()):
        entry = table.entries[indices[0]]
        if entry[0] == "city" and entry[7] >= SMALL_CITY:
            for form in city_cases(name, entry[4]):
                if form not in table.names:
                    table.name(form, indices[0])


def _marked(city: dict[str, Any], plain: str) -> list[str]:
    """Gives a city's other names that are its own with other marks: Guéckédou of Gueckedou."""
    return [name for name in city["alternatenames"] if without_marks(name) == plain]


def _spellings_of_article(name: str) -> list[str]:
    name = without_marks(name)
    article = _ARABIC_ARTICLE.search(name)
    if article is None:
        return []
    return [
        f"{name[: article.start()]}{first}l{joint}{name[article.end() :]}"
        for first in "AaEe"
        for joint in "- "
    ]


def _capitals(cities: list[dict[str, Any]], countries: dict[str, Any]) -> set[int]:
    """Gives the GeoNames ids of capitals: cities that have a capital's name, or it among others.

    The list of countries writes "Brasilia" and "Ulaanbaatar", the one of cities "Brasília" and
    "Ulan Bator".
    """
    wanted = {code: row["capital"].strip() for code, row in countries.items() if row["capital"]}
    # Jerusalem is the seat of government in fact, GeoNames leaves the capital's name open.
    wanted["IL"] = "Jerusalem"
    by_name: dict[str, int] = {}
    by_other: dict[str, int] = {}
    for city in cities:  # the largest of a name first
        code = city["countrycode"]
        capital = wanted.get(code)
        if capital == city["name"]:
            by_name.setdefault(code, city["geonameid"])
        elif capital is not None and capital in city["alternatenames"]:
            by_other.setdefault(code, city["geonameid"])
    return set({**by_other, **by_name}.values())


def well_known_names() -> dict[tuple[str, str], tuple[int, tuple[str, ...]]]:
    """Gives what news calls well-known cities, cases included, by country and GeoNames' name.

    The first figure is the municipality's population where GeoNames has less of it, else 0.
    """
    found: dict[tuple[str, str], tuple[int, tuple[str, ...]]] = {}
    for file in ("cities.yaml", "city_cases.yaml"):
        for country, cities in read_yaml(DATA / file).items():
            for name, row in cities.items():
                names = row["names"] if isinstance(row, dict) else row
                population = row["population"] if isinstance(row, dict) else 0
                known = found.get((country, name), (0, ()))
                found[country, name] = (max(population, known[0]), (*known[1], *names))
    return found


def _is_there(curated: tuple[Any, ...], city: dict[str, Any]) -> bool:
    """Says whether a curated place is the city itself, or what it stands for: Gaza."""
    latitude, longitude = curated[5:7]
    return latitude is None or (
        abs(latitude - city["latitude"]) < _NEAR and abs(longitude - city["longitude"]) < _NEAR
    )
