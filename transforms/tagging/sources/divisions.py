"""States, provinces and what else countries are divided into."""

from typing import Any

from transforms.tagging.sources.geography import DATA, SMALL_CITY, read_yaml
from transforms.tagging.sources.table import NameTable, middle

# Divisions that are called by a direction alone: the word mostly means no place.
_DIRECTIONS = frozenset(
    {"Northeast", "Northwest", "Southeast", "Southwest", "North East", "North West", "South East",
     "South West", "North-East", "North-West", "South-East", "South-West", "Centre", "Littoral",
     "Extreme-Nord", "Capital", "Plateau", "Highlands", "Islands", "Coast", "Lakes",
     "North", "South", "East", "West", "Northern", "Southern", "Eastern", "Western", "Central",
     "Nord", "Norte", "Sud", "Est", "Ouest", "Oeste", "Leste", "Maritime", "Unity", "Interior"}
)  # fmt: skip
# What a division without a known population counts as when it vies with a city of its name.
_PEOPLE = 1_000_000


def add_divisions(
    table: NameTable, us_states: dict[str, Any], cities: list[dict[str, Any]]
) -> dict[str, str]:
    """Adds first-level divisions; gives "US.TX" to name for all that a place may lie in."""
    rows = read_yaml(DATA / "divisions.yaml")
    abbreviations, centres = rows.pop("abbreviations"), rows.pop("centres")
    demonyms = rows.pop("demonyms")
    within: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for city in cities:
        point = (city["latitude"], city["longitude"])
        within.setdefault((city["countrycode"], city["admin1code"]), []).append(point)
    divisions = {
        f"{country}.{code}": name
        for country, names in read_yaml(DATA / "divisions_by_code.yaml").items()
        for code, name in names.items()
    }
    for code, state in us_states.items():
        divisions[f"US.{code}"] = state["name"]
        lat, lon = centres["US"].get(code) or middle(within[("US", code)])
        fields = ("GPE", state["name"], (f"geonames:{state['geonameid']}",), "US", lat, lon)
        table.name(state["name"], table.entry("admin1", *fields, _PEOPLE, code))
        short = table.entry("admin1_short", *fields, _PEOPLE, code)
        for name in (code, *abbreviations["US"].get(code, ())):
            table.name(name, short)
    places = _by_name(cities, rows)
    for country, names in rows.items():
        for name, town in names.items():
            aliases = name.split("|")
            if (country, town) not in places:
                raise ValueError(f"divisions.yaml: {country} {name}: there is no city {town!r}")
            code = places[(country, town)]["admin1code"]
            divisions[f"{country}.{code}"] = aliases[0]
            centre = centres.get(country, {}).get(aliases[0])
            lat, lon = centre or middle(within[(country, code)])
            meaning = ("GPE", aliases[0], (), country, lat, lon, _PEOPLE, code)
            index = table.entry("admin1", *meaning)
            for alias in aliases:
                table.name(alias, index)
            for short in abbreviations.get(country, {}).get(aliases[0], ()):
                table.name(short, table.entry("admin1_short", *meaning))
    _add_demonyms(table, demonyms)
    return divisions


def _add_demonyms(table: NameTable, demonyms: dict[str, dict[str, list[str]]]) -> None:
    """Adds what the people of divisions are called, with the division's point."""
    own = {(entry[4], entry[2]): entry for entry in table.entries if entry[0] == "admin1"}
    for country, names in demonyms.items():
        for division, forms in names.items():
            _, _, _, ids, _, lat, lon, _, code = own[(country, division)]
            index = table.entry("demonym", "NORP", division, ids, country, lat, lon, 0, code)
            for form in forms:
                if form not in table.names:
                    table.name(form, index)


def _by_name(
    cities: list[dict[str, Any]], countries: dict[str, Any]
) -> dict[tuple[str, str], dict[str, Any]]:
    """Gives the largest city of each country and name, by its other names too where large."""
    places: dict[tuple[str, str], dict[str, Any]] = {}
    for city in cities:
        places.setdefault((city["countrycode"], city["name"]), city)
    for city in cities:
        known = city["population"] >= SMALL_CITY and city["countrycode"] in countries
        for alias in city["alternatenames"] if known else ():
            places.setdefault((city["countrycode"], alias), city)
    return places


def add_counties(table: NameTable) -> None:
    """Adds the counties of the United States; most share their name with one in another state."""
    for state, counties in read_yaml(DATA / "us_counties.yaml").items():
        for name, (lat, lon) in counties.items():
            index = table.entry("county", "GPE", name, (), "US", lat, lon, 0, state)
            table.name(name, index)


def add_subdivisions(table: NameTable, ordinary: set[str]) -> None:
    """Adds divisions of all countries, of the first level and below.

    A name that cities elsewhere have too is one of its meanings; that of a country, a people or
    of anything curated stays what it is.

    Args:
        table: Where they go; it has the cities already.
        ordinary: Words that are no name of a division.
    """
    refused = table.taken | ordinary | _DIRECTIONS
    for country, rows in read_yaml(DATA / "subdivisions.yaml").items():
        for names, (code, lat, lon, thousands) in rows.items():
            aliases = names.split("|")
            fields = ("GPE", aliases[0], (), country, lat, lon, 1_000 * thousands, code)
            index = None
            for name in aliases:
                if name not in refused and _vies_with_cities_abroad(table, name, country):
                    index = table.entry("admin1", *fields) if index is None else index
                    table.name(name, index)


def _vies_with_cities_abroad(table: NameTable, name: str, country: str) -> bool:
    """Says whether nothing but cities of other countries has a division's name."""
    meanings = [table.entries[one] for one in table.names.get(name, ())]
    return all(meant[0] == "city" and meant[4] != country for meant in meanings)


def subdivision_names() -> set[str]:
    """Gives all names of `add_subdivisions`."""
    rows = read_yaml(DATA / "subdivisions.yaml").values()
    return {name for names in rows for aliases in names for name in aliases.split("|")}


def add_lesser_divisions(table: NameTable, divisions: dict[str, str], ordinary: set[str]) -> None:
    """Adds the divisions that nothing curated, no country and no city of theirs has the name of."""
    held: dict[str, list[tuple[Any, ...]]] = {}
    for entry in table.entries:
        if entry[0] == "city":
            held.setdefault(f"{entry[4]}.{entry[8]}", []).append(entry)
    for key, name in divisions.items():
        country, _, code = key.partition(".")
        cities = held.get(key, [])
        population = sum(city[7] for city in cities)
        if (
            population < 100_000
            or len(name) < 5
            or name in (ordinary | _DIRECTIONS)
            or not _vies_with_cities_abroad(table, name, country)
        ):
            continue
        lat, lon = middle((city[5], city[6]) for city in cities)
        index = table.entry("admin1", "GPE", name, (), country, lat, lon, population, code)
        table.name(name, index)
