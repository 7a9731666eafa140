"""Cities, with the alternate names that are safe to look for."""

from typing import Any

from transforms.tagging import matcher
from transforms.tagging.sources.geography import SMALL_CITY, city_aliases, is_latin
from transforms.tagging.sources.table import NameTable

# The least population that a city needs to be found at all.
_LEAST_CITY = 1_000
# Degrees within which two places of one name are one place.
_NEAR = 1.5
# Countries whose name is that of well-known cities too.
_ALSO_CITIES = frozenset({"Georgia", "Jordan"})


def add_cities(
    table: NameTable, cities: list[dict[str, Any]], countries: dict[str, Any], ordinary: set[str]
) -> None:
    """Adds cities, largest first.

    Args:
        table: Where they go.
        cities: GeoNames' cities, largest first.
        countries: GeoNames' countries, for their capitals.
        ordinary: Words that are no alternate name of a city.
    """
    capitals = {(code, row["capital"]) for code, row in countries.items() if row["capital"]}
    # Jerusalem is the seat of government in fact, GeoNames leaves the capital's name open.
    capitals.add(("IL", "Jerusalem"))
    first_claim: set[str] = set()
    curated = {
        name: [table.entries[index] for index in indices if table.entries[index][0] == "curated"]
        for name, indices in table.names.items()
    }
    for city in cities:
        name, population = city["name"], city["population"]
        if population < _LEAST_CITY or len(name) < 3 or not name[0].isupper():
            continue
        capital = (city["countrycode"], name) in capitals
        index = table.entry(
            "city", "GPE", name, (f"geonames:{city['geonameid']}",), city["countrycode"],
            city["latitude"], city["longitude"], population, city["admin1code"], capital,
        )  # fmt: skip
        if (name not in table.taken or name in _ALSO_CITIES) and not any(
            _is_there(entry, city) for entry in curated.get(name, ())
        ):
            table.name(name, index)
        if name.startswith("Saint "):
            table.name("St. " + name[6:], index)
        if population < SMALL_CITY:
            continue
        for alias in city_aliases(city, capital):
            plain = matcher.normalized(alias)
            if plain in table.taken or plain in ordinary:
                continue
            short = name.startswith(plain + " ")  # "Frankfurt" of Frankfurt am Main
            if population < 1_000_000 and not capital and is_latin(plain) and not short:
                continue
            if plain in table.names and (is_latin(plain) or plain in first_claim):
                continue
            first_claim.add(plain)
            meant = index
            if short:  # news writes the short name
                meant = table.entry(*table.entries[index][:2], alias, *table.entries[index][3:])
            table.name(alias, meant)


def _is_there(curated: tuple[Any, ...], city: dict[str, Any]) -> bool:
    """Says whether a curated place is the city itself, or what it stands for: Gaza."""
    latitude, longitude = curated[5:7]
    return latitude is None or (
        abs(latitude - city["latitude"]) < _NEAR and abs(longitude - city["longitude"]) < _NEAR
    )
