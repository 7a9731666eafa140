"""Countries, their peoples and seats of power, and macro-regions."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from transforms.tagging import name_forms
from transforms.tagging.sources.demonyms import demonyms_by_language
from transforms.tagging.sources.geography import (
    DATA,
    country_names,
    is_latin,
    read_yaml,
    region_names,
    without_marks,
)
from transforms.tagging.sources.table import NameTable

Countries = dict[str, tuple[str, float | None, float | None, int]]


# A city of so many inhabitants has its name to itself: Granada is Grenada to Spaniards.
_KNOWN_CITY = 100_000


class CountryNames(NamedTuple):
    """What adding the countries has found out.

    Attributes:
        countries: Name, point and population of each, by ISO code.
        metonyms: The names of metonyms.
        foreign: Names and demonyms in Latin letters that are no English ones: "Grenade", "Maurice".
    """

    countries: Countries
    metonyms: frozenset[str]
    foreign: frozenset[str]


def add_countries(
    table: NameTable, geonames: dict[str, Any], cities: list[dict[str, Any]]
) -> CountryNames:
    """Adds countries, demonyms and metonyms."""
    ours = read_yaml(DATA / "countries.yaml")
    items = read_yaml(DATA / "country_ids.yaml")
    named: dict[str, list[str]] = {}
    for code, name in country_names():
        named.setdefault(code, []).append(name)
    centres = _centres(cities)
    countries: Countries = {}
    owners: dict[str, str] = {}
    demonyms: dict[str, int] = {}
    people_of: dict[str, int] = {}
    metonyms: set[str] = set()
    for code in sorted(named, key=lambda code: (code not in ours, code)):
        row = ours.get(code, {})
        title = row.get("name") or named[code][0]
        known = geonames.get(code, {})
        population = known.get("population", 0)
        lat, lon = centres.get(code, (None, None))
        countries[code] = (title, lat, lon, population)
        ids = (
            *([f"geonames:{known['geonameid']}"] if known.get("geonameid") else []),
            *([f"wikidata:{items[code]}"] if code in items else []),
        )
        index = table.entry("country", "GPE", title, ids, code, lat, lon, population, "")
        for name in dict.fromkeys([title, *row.get("aliases", []), *named[code][:1]]):
            owners[name_forms.normalized(name)] = code
            table.name(name, index)
        demonym = table.entry("demonym", "NORP", title, ids, code, lat, lon, 0, "")
        people_of[code] = demonym
        for name in row.get("demonyms", []):
            demonyms.setdefault(name, demonym)
        for name in row.get("metonyms", []):
            table.name(name, table.entry("metonym", "ORG", name, (), code, lat, lon, 0, ""))
            metonyms.add(name)
    by_code = {entry[4]: i for i, entry in enumerate(table.entries) if entry[0] == "country"}
    in_languages = [(code, name) for code in sorted(named) for name in named[code][1:]]
    english = {*table.names, *demonyms}
    known_cities = {row["name"] for row in cities if row["population"] >= _KNOWN_CITY}
    for code, name in (*in_languages, *_cases()):
        plain = name_forms.normalized(name)
        if plain in known_cities and plain not in english:
            continue
        if plain not in demonyms and owners.setdefault(plain, code) == code:
            table.name(name, by_code[code])
    for code, name in demonyms_by_language():
        plain = name_forms.normalized(name)
        if plain not in owners and plain not in table.names:
            demonyms.setdefault(name, people_of[code])
    for name, index in demonyms.items():
        table.name(name, index)
    foreign = {
        name
        for name in table.names
        if is_latin(name) and name not in english and without_marks(name) not in english
    }
    table.countries = {name for name, code in owners.items() if name in english} | foreign
    table.taken = set(table.names)
    return CountryNames(countries, frozenset(metonyms), frozenset(foreign))


def _cases() -> Iterator[tuple[str, str]]:
    for language in read_yaml(DATA / "country_cases.yaml").values():
        for code, cases in language.items():
            yield from ((code, name) for name in cases)


def _centres(cities: list[dict[str, Any]]) -> dict[str, tuple[float, float]]:
    centres: dict[str, tuple[float, float]] = {}
    for city in cities:  # where we know no centre: the largest city
        centres.setdefault(city["countrycode"], (city["latitude"], city["longitude"]))
    ours = read_yaml(DATA / "centres.yaml")
    return centres | {code: (lat, lon) for code, (lat, lon) in ours.items()}


def add_macro_regions(
    table: NameTable, countries: Countries, continents: dict[str, Any]
) -> dict[str, tuple[bool, frozenset[str]]]:
    """Adds regions of several countries, and gives their members.

    Args:
        table: Where they go.
        countries: Name, point and population of each, by ISO code.
        continents: GeoNames' rows: their points and ids.
    """
    known = {row["name"]: row for row in continents.values()}
    regions = {}
    for row in read_yaml(DATA / "macro_regions.yaml"):
        regions[row["name"]] = (bool(row["implied"]), frozenset(row["codes"]))
        if row.get("club"):
            continue
        names = (row["name"], *row.get("aliases", []))
        lat, lon = _middle([countries[code] for code in row["codes"] if code in countries])
        for continent in (known[name] for name in names if name in known):
            lat, lon = float(continent["lat"]), float(continent["lng"])
        same = known.get(row["name"])  # another name may mean a little more: North America
        ids = (f"geonames:{same['geonameId']}",) if same else ()
        index = table.entry("macro", "LOC", row["name"], ids, None, lat, lon, 0, "")
        for name in dict.fromkeys((*names, *region_names().get(row["name"], ()))):
            if name in names or name_forms.normalized(name) not in table.names:
                table.name(name, index)
        people = table.entry("macro", "NORP", row["name"], ids, None, lat, lon, 0, "")
        for name in row.get("demonyms", []):
            table.name(name, people)
    return regions


def _middle(members: list[tuple[str, float | None, float | None, int]]) -> tuple[Any, Any]:
    """Gives the mean of the members' middles: where on a map a region's name would be written."""
    points = [(lat, lon) for _, lat, lon, _ in members if lat is not None and lon is not None]
    if not points:
        return None, None
    count = len(points)
    return (
        round(sum(lat for lat, _ in points) / count, 2),
        round(sum(lon for _, lon in points) / count, 2),
    )
