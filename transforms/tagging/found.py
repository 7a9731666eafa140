"""What the rules pass to one another: names found so far in one part of a document."""

import re
from dataclasses import dataclass, field

from transforms.tagging.datelines import places_in_capitals
from transforms.tagging.gazetteer import Gazetteer
from transforms.tagging.matcher import Match, find_names, normalized
from transforms.tagging.runs import CAPITAL, UPPERCASE, Run, find_runs, without_shouting

PLACE_TYPES = frozenset({"GPE", "LOC", "FAC"})


@dataclass(slots=True)
class Found:
    """A name that a rule has settled.

    Attributes:
        counts: Whether it speaks for its country.
    """

    start: int
    end: int
    type: str
    name: str
    ids: tuple[str, ...] = ()
    country: str | None = None
    location: tuple[float, float] | None = None
    score: float = 0.8
    counts: bool = False
    kind: str = ""
    admin1: str = ""


@dataclass(slots=True)
class Part:
    """A title or a text with what was found in it.

    Attributes:
        source: As it came.
        text: The same with plain quotes, spaces and capitals; every code point keeps its place.
        matches: Names of the gazetteer, in order.
        runs: Capitalised words in a row, in order.
        names: Where a match starts, to the match; those of small towns alone, which may as well be
            a person's, are left out.
        found: What rules have settled.
        datelines: Where places in capitals open the text, or a report within it.
        in_headline_case: Whether nearly all words are capitalised, so that capitals tell nothing.
        taken: A byte for each code point: 1 where a settled name stands.
    """

    source: str
    text: str
    matches: list[Match]
    runs: list[Run]
    names: dict[int, Match]
    datelines: frozenset[int] = frozenset()
    in_headline_case: bool = False
    found: list[Found] = field(default_factory=list)
    taken: bytearray = field(default_factory=bytearray)

    def free(self, start: int, end: int) -> bool:
        """Says whether no settled name covers any of the span."""
        return self.taken.find(1, start, end) < 0

    def settle(self, found: Found) -> None:
        """Keeps a name; its span is closed to later rules."""
        self.found.append(found)
        self.taken[found.start : found.end] = b"\x01" * (found.end - found.start)

    def close(self, start: int, end: int) -> None:
        """Closes a span to all later rules: what stands there is no name."""
        self.taken[start:end] = b"\x01" * (end - start)


# A name of towns of fewer inhabitants, and of nothing else, may as well be a person's. The largest
# town comes first.
_SMALL_TOWN = 30_000
_OF_COUNTRIES = frozenset({"country", "demonym", "admin1"})
_CAPITALS = re.compile(rf"{UPPERCASE}(?<!\w.){UPPERCASE}{{4,}}\b")


def _place_in_capitals(word: str, gazetteer: Gazetteer) -> str:
    """Gives "Beirut" for BEIRUT; other words, and acronyms, stay as they are."""
    if word in gazetteer.words["known_acronyms"]:
        return word
    calm = word.capitalize()
    whole = [(start, end) for start, end, _ in gazetteer.automaton.find(calm)] == [(0, len(calm))]
    return calm if whole else word


def _is_headline_case(text: str) -> bool:
    if len(text) > 300 or text.rstrip().endswith((".", "!", '."')):
        return False
    words = [word for word in text.split() if len(word) > 3 and word[0].isalpha()]
    return len(words) >= 3 and sum(word[0] in CAPITAL for word in words) >= 0.8 * len(words)


def read_part(source: str, gazetteer: Gazetteer, english: bool) -> Part:
    """Finds the gazetteer's names and the capitalised runs of a text.

    Args:
        source: The text as it came.
        gazetteer: What is looked for.
        english: Whether the document is in English, so that other languages' names of countries
            mean something else: "Grenade attack", "Maurice said".
    """
    text = normalized(without_shouting(source, gazetteer.words["known_acronyms"]))
    datelines = places_in_capitals(source)
    for start, place in datelines.items():
        text = text[:start] + normalized(place) + text[start + len(place) :]
    text = _CAPITALS.sub(lambda word: _place_in_capitals(word.group(), gazetteer), text)
    matches = find_names(text, gazetteer)
    if english:
        foreign = gazetteer.words["foreign_names"]
        matches = [
            match
            for match in matches
            if match.meanings[0].kind not in _OF_COUNTRIES
            or text[match.start : match.end] not in foreign
        ]
    return Part(
        source,
        text,
        matches,
        find_runs(text),
        {
            match.start: match
            for match in matches
            if (first := match.meanings[0]).kind != "city" or first.population >= _SMALL_TOWN
        },
        frozenset(datelines),
        _is_headline_case(text),
        [],
        bytearray(len(text)),
    )
