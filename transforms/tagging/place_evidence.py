"""What a document says of where its places lie: countries, divisions, and what lies in what."""

from collections import Counter
from collections.abc import Sequence

from schemas.prior import PublisherPrior
from transforms.tagging.containment import (
    INNER_KINDS,
    WIDEST_GAP,
    Candidate,
    nested_places,
    possessed,
)
from transforms.tagging.found import PLACE_TYPES, Part
from transforms.tagging.gazetteer import Entry
from transforms.tagging.publisher import Publisher

COUNTRY_KINDS = frozenset({"country", "demonym", "metonym"})


class Evidence:
    """Signs for countries and divisions, added up over a document.

    Attributes:
        countries: ISO code to how much the text speaks of it.
        divisions: "US.TX" to how much the text names it, or a place that can only lie in it.
        votes: "US.TX" to how many names have a place in it; a name of several places
            shares its vote among them.
        contained: Number of a candidate to the place that the X of "X, Y" means.
        containing: The same for its Y: the Georgia of "Athens, Georgia".
        publishers_names: Names of cities that the publisher bears.
        likeliest: What a name and its meanings came to, for the next time that it is met.
    """

    def __init__(
        self,
        parts: Sequence[Part],
        candidates: Sequence[Candidate],
        inside: Sequence[Candidate],
        publisher: Publisher,
        ordinary: frozenset[str],
        prior: PublisherPrior | None = None,
    ) -> None:
        """Adds up the signs.

        Args:
            parts: Title and text, with what earlier rules have settled.
            candidates: The names to resolve, in order.
            inside: Names inside those of organisations: the Texas of Texas Forest Service.
            publisher: What its domain tells of its country and city.
            ordinary: Words that tell nothing of where a text is, though places bear them: March.
            prior: What the publisher has written of before, if known.
        """
        self.countries: Counter[str] = Counter()
        self.divisions: Counter[str] = Counter()
        self.votes: dict[str, float] = {}
        self.contained: dict[int, Entry] = {}
        self.containing: dict[int, Entry] = {}
        self.likeliest: dict[tuple[str, int], Entry | None] = {}
        for part in parts:
            for found in part.found:
                if found.country:  # a person's or an organisation's own says a little too
                    self.countries[found.country] += 2 if found.type in PLACE_TYPES else 1
        self.publisher = publisher
        self._prior = prior
        if publisher.country:
            self.countries[publisher.country] += 1
        self.publishers_names: set[str] = set()
        self._dominant: set[str] = set()
        self._own_weight: Counter[str] = Counter()
        self._cells: dict[int, set[str]] = {}
        voters: dict[str, tuple[Entry, ...]] = {}
        for number, candidate in enumerate(candidates):
            entries = candidate.entries
            first = entries[0]
            nested = None
            behind = candidates[number + 1] if number + 1 < len(candidates) else None
            if behind is not None and 0 < behind.start - candidate.end <= WIDEST_GAP:
                nested = nested_places(candidate, behind)
                town = possessed(candidate, behind) if behind.word not in ordinary else None
                if town is not None:
                    self.contained[number + 1] = town
                    self._speak_of(town, 1)
            if first.kind in COUNTRY_KINDS:
                if _is_country(entries) and (nested is None or nested[0].country == first.country):
                    self.countries[first.country or ""] += 2
                    if len(entries) > 1:
                        self._own_weight[candidate.word] += 2
            elif first.kind in INNER_KINDS and candidate.word not in ordinary:
                if first.kind == "county":
                    self.countries["US"] += 2
                elif candidate.word not in voters and _dominates(entries):
                    self._speak_of(first, 1)  # once, however often it stands in the text
                    self._dominant.add(candidate.word)
                voters[candidate.word] = entries
            elif _is_division(entries):
                self._speak_of(first, 2)
            if nested is not None:
                inner, around = nested
                self.contained[number], self.containing[number + 1] = inner, around
                self._speak_of(inner, 2)
        for candidate in inside:
            entries = candidate.entries
            if _is_division(entries):
                self._speak_of(entries[0], 1)
            elif entries[0].kind in INNER_KINDS and candidate.word not in ordinary:
                voters.setdefault(candidate.word, entries)
        if publisher.name:
            self.publishers_names.update(
                word for word, entries in voters.items() if publisher.bears(word, entries)
            )
        self._countries_divided = {key.partition(".")[0] for key in self.divisions}
        for word, entries in voters.items():
            for entry in entries:
                self._cells.setdefault(_cell(entry), set()).add(word)
            keys = {division_key(entry) for entry in entries}
            for key in keys:
                self.votes[key] = self.votes.get(key, 0.0) + 1 / len(keys)

    def _speak_of(self, entry: Entry, weight: int) -> None:
        self.countries[entry.country or ""] += weight
        self.divisions[division_key(entry)] += weight

    def is_publishers(self, entry: Entry, word: str) -> bool:
        """Says whether the publisher may be named after a city: Paris, Texas, and not in France."""
        return word in self.publishers_names and self.publisher.may_be_in(entry.country)

    def prior_weight(self, entry: Entry) -> float:
        """Says how much the publisher's earlier articles speak for a place: at most 2.5."""
        if self._prior is None:
            return 0.0
        country = self._prior.countries.get(entry.country or "", 0.0)
        division = self._prior.divisions.get(division_key(entry), 0.0)
        # A division in which a tenth of the places lie is the publisher's own already.
        return country + 1.5 * min(1.0, division / 0.1)

    def weight_of_country(self, entry: Entry, word: str) -> int:
        """Says how much the text speaks of an entry's country, the name itself left out."""
        weight = self.countries.get(entry.country or "", 0)
        return weight - self._own_weight.get(word, 0) if entry.kind == "country" else weight

    def support(self, entry: Entry, word: str) -> float:
        """Says how much the text speaks of the division and the neighbourhood of a place."""
        key = division_key(entry)
        own = 1 if word in self._dominant else 0  # a name does not speak for itself
        named = min(max(self.divisions.get(key, 0) - own, 0), 6) * 0.5 + min(
            self.votes.get(key, 0.0), 2.0
        )
        neighbours = min(self.neighbours(entry, word), 4)
        return named + (2.0 + 0.7 * neighbours if neighbours else 0.0)

    def neighbours(self, entry: Entry, word: str) -> int:
        """Counts the text's other names that a place close by has."""
        cell, cells = _cell(entry), self._cells
        names: set[str] = set()
        for step in _AROUND:
            if cell + step in cells:
                names |= cells[cell + step]
        return len(names) - (word in names)

    def speaks_of_other_divisions(self, entry: Entry) -> bool:
        """Says whether the text names divisions of the country that a division lies in."""
        return entry.country in self._countries_divided


# Half degrees of longitude are -360 to 360, so that rows of a thousand keep them apart.
_ROW = 1_000
_AROUND = tuple(_ROW * north + east for north in (-1, 0, 1) for east in (-1, 0, 1))


def _cell(entry: Entry) -> int:
    """Gives a number to the half degree of latitude and longitude that a place lies in."""
    return _ROW * int((entry.lat or 0.0) * 2) + int((entry.lon or 0.0) * 2)


def division_key(entry: Entry) -> str:
    """Gives "US.TX" for a place in Texas."""
    return f"{entry.country}.{entry.admin1}"


def _is_country(entries: tuple[Entry, ...]) -> bool:
    """Says whether a name means a country, and beside it towns at most that have taken its name."""
    first = entries[0]
    return first.country is not None and all(
        other.country == first.country or other.kind == "city" for other in entries[1:]
    )


def _is_division(entries: tuple[Entry, ...]) -> bool:
    """Says whether a name means a division, and beside it much smaller cities at most: Virginia."""
    return entries[0].kind == "admin1" and all(
        other.kind == "city" and 5 * other.population <= entries[0].population
        for other in entries[1:]
    )


def _dominates(entries: tuple[Entry, ...]) -> bool:
    """Says whether the first is so much larger than its namesakes that it tells the country."""
    population = entries[0].population
    return population >= 200_000 and all(
        population >= 5 * other.population for other in entries[1:]
    )
