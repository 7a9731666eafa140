"""The compiled gazetteer in memory, and the one file it is kept in."""

import gc
import marshal
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

import daachorse

from transforms.tagging.cache import artefact_path
from transforms.tagging.version import tagger_version

# Kinds of towns and of what they lie in.
LOCAL_KINDS = frozenset({"city", "county", "admin1"})


class Entry:
    """One thing a name can mean.

    `kind` is `country`, `demonym`, `metonym`, `macro`, `group`, `admin1`, `admin1_short`, `county`,
    `city`, `curated` or `pinned` (a user's choice among namesakes); `population` is in inhabitants
    (0 where it says nothing); `admin1` is the division's code for places, the titles of their
    offices for curated people.
    """

    __slots__ = (
        "admin1", "capital", "country", "ids", "kind", "lat", "lon", "name", "population", "type",
    )  # fmt: skip

    def __init__(
        self,
        kind: str,
        type: str,
        name: str,
        ids: tuple[str, ...],
        country: str | None,
        lat: float | None,
        lon: float | None,
        population: int,
        admin1: str,
        capital: bool = False,
    ) -> None:
        self.kind: str = kind
        self.type: str = type
        self.name: str = name
        self.ids: tuple[str, ...] = ids
        self.country: str | None = country
        self.lat: float | None = lat
        self.lon: float | None = lon
        self.population: int = population
        self.admin1: str = admin1
        self.capital: bool = capital


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Names and what they mean.

    Attributes:
        version: Hash of rules and data.
        automaton: Finds the names in a text.
        patterns: For each name of the automaton, the indices of its entries.
        flags: For each name, how its ends may be glued to other letters (see `name_forms`).
        entries: What the names mean, as tuples in `Entry`'s order.
        countries: ISO code to (name, latitude, longitude, inhabitants).
        macro_regions: Name to ISO codes, and whether it is added when not named.
        admin1: Country and division code ("US.TX") to division name.
        first_names: First names in Latin script.
        words: Lists of words for the rules, by list name.
        surnames: Family name to entry indices of curated people.
    """

    version: str
    automaton: Any
    patterns: list[tuple[int, ...]]
    flags: bytes
    entries: list[tuple[Any, ...]]
    countries: dict[str, tuple[str, float | None, float | None, int]]
    macro_regions: dict[str, tuple[bool, frozenset[str]]]
    admin1: dict[str, str]
    first_names: frozenset[str]
    words: dict[str, frozenset[str]]
    surnames: dict[str, tuple[int, ...]]
    # Of those met so far: news speaks of the same few again and again.
    _met: dict[int, Entry] = field(default_factory=dict)
    _meanings: dict[int, tuple[Entry, ...]] = field(default_factory=dict)
    _regions: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def meanings(self, pattern: int) -> tuple[Entry, ...]:
        """Gives all that one name of the automaton can mean, in the order of their claims."""
        known = self._meanings.get(pattern)
        if known is None:
            known = tuple(self.entry(index) for index in self.patterns[pattern])
            self._meanings[pattern] = known
        return known

    def regions_of(self, country: str) -> tuple[str, ...]:
        """Gives the macro-regions that a country's mentions imply, by its ISO code."""
        known = self._regions.get(country)
        if known is None:
            known = tuple(
                name
                for name, (is_implied, codes) in self.macro_regions.items()
                if is_implied and country in codes
            )
            self._regions[country] = known
        return known

    def divisions_of_places(self) -> dict[str, str]:
        """Gives the division of each city by its GeoNames id: "geonames:4736286" to "US.TX"."""
        cities = (Entry(*fields) for fields in self.entries if fields[0] == "city")
        return {city.ids[0]: f"{city.country}.{city.admin1}" for city in cities if city.ids}

    def entry(self, index: int) -> Entry:
        """Gives one entry, the same object each time."""
        known = self._met.get(index)
        if known is None:
            known = self._met.setdefault(index, Entry(*self.entries[index]))
        return known


def load_gazetteer(extra_data: Sequence[Path] = ()) -> Gazetteer:
    """Loads the gazetteer, compiling it first where this version has no file yet."""
    version = tagger_version(extra_data)
    path = artefact_path(version)
    try:
        return read_artefact(path, version)
    except FileNotFoundError:
        pass
    except (ValueError, EOFError, TypeError, KeyError) as error:
        print(f"{path} is damaged ({error}); it is compiled again", file=sys.stderr)
    from transforms.tagging.compile import compile_artefact

    return read_artefact(compile_artefact(extra_data), version)


def read_artefact(path: Path, version: str) -> Gazetteer:
    """Reads one compiled file.

    Raises:
        FileNotFoundError: There is none.
        ValueError: It is damaged.
    """
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as content:
        # Out of memory, since `marshal.load` asks the file for each of a million objects.
        data = _unmarshalled(content)
    with suppress(OSError):
        os.utime(path)  # it is in use: see remove_unused
    return Gazetteer(
        version=version,
        automaton=daachorse.CharwiseDoubleArrayAhoCorasick.deserialize(data["automaton"]),
        patterns=data["patterns"],
        flags=data["flags"],
        entries=data["entries"],
        countries=data["countries"],
        macro_regions=data["macro_regions"],
        admin1=data["admin1"],
        first_names=data["first_names"],
        words=data["words"],
        surnames=data["surnames"],
    )


def _unmarshalled(content: mmap) -> Any:
    """Reads what holds no cycles, though the collector would look through it again and again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        return marshal.loads(content)
    finally:
        if enabled:
            gc.enable()
