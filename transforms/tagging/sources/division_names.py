"""Names of first-level divisions in other languages: 広島県, "Свердловской области"."""

from collections.abc import Iterator
from typing import Any

from transforms.tagging import name_forms
from transforms.tagging.sources.cases import division_cases
from transforms.tagging.sources.geography import DATA, is_latin, read_yaml
from transforms.tagging.sources.table import NameTable, middle

# A city of so many inhabitants has its name to itself.
_KNOWN_CITY = 100_000


def add_division_names(
    table: NameTable, divisions: dict[str, str], cities: list[dict[str, Any]], ordinary: set[str]
) -> frozenset[str]:
    """Adds what other languages call divisions; gives the names that are in Latin letters.

    They come last: a name that anything else has stays what it is.

    Args:
        table: Where they go; it has all else already.
        divisions: "JP.34" to the division's name.
        cities: GeoNames' cities, largest first.
        ordinary: Words that are no name of a division.

    Raises:
        ValueError: A division in the file is none that we know.
    """
    own: dict[tuple[str, str], int] = {}
    for index, entry in enumerate(table.entries):
        if entry[0] in ("admin1", "curated") and entry[1] == "GPE" and entry[4]:
            own.setdefault((entry[4], entry[2]), index)
    codes = {(key[:2], name): key[3:] for key, name in divisions.items()}
    # Those too whose English name means something else, to a user's own file perhaps.
    for country, rows in read_yaml(DATA / "subdivisions.yaml").items():
        for names, (code, *_) in rows.items():
            codes.setdefault((country, names.split("|")[0]), code)
    for city in cities:
        codes.setdefault((city["countrycode"], city["name"]), city["admin1code"])
    within: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for city in cities:
        within.setdefault((city["countrycode"], city["admin1code"]), []).append(city)
    latin = set()
    for country, division, name in _names():
        place = (country, division)
        if place not in own:
            if place not in codes:
                raise ValueError(f"divisions_by_language.yaml: {country} has no {division!r}")
            held = within[country, codes[place]]
            lat, lon = middle((city["latitude"], city["longitude"]) for city in held)
            people = sum(city["population"] for city in held)
            fields = ("GPE", division, (), country, lat, lon, people, codes[place])
            own[place] = table.entry("admin1", *fields)
        plain = name_forms.normalized(name)
        # Thüringen is a village in Austria, too.
        meanings = [table.entries[one] for one in table.names.get(plain, ())]
        small = all(one[0] == "city" and one[7] < _KNOWN_CITY for one in meanings)
        if small and plain not in ordinary and own[place] not in table.names.get(plain, ()):
            table.name(name, own[place])
            if is_latin(plain):
                latin.add(plain)
    return frozenset(latin)


def _names() -> Iterator[tuple[str, str, str]]:
    """Gives (country, division, name), the cases behind all nominatives."""
    rows = [
        (language, country, division, name)
        for language, countries in read_yaml(DATA / "divisions_by_language.yaml").items()
        for country, divisions in countries.items()
        for division, names in divisions.items()
        for name in names.split("|")
    ]
    yield from (row[1:] for row in rows)
    for language, country, division, name in rows:
        yield from ((country, division, form) for form in division_cases(name, language))
