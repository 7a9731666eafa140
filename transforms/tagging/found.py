"""What the rules pass to one another: names found so far in one part of a document."""

import re
from bisect import bisect_left

from transforms.tagging.context_signs import is_english
from transforms.tagging.datelines import places_in_capitals
from transforms.tagging.distinct_names import distinct_names
from transforms.tagging.gazetteer import Gazetteer
from transforms.tagging.matcher import Match, find_names, start_of
from transforms.tagging.name_forms import normalized
from transforms.tagging.runs import CAPITAL, UPPERCASE, Run, find_runs, without_shouting

PLACE_TYPES = frozenset({"GPE", "LOC", "FAC"})


class Found:
    """A name that a rule has settled.

    Attributes:
        counts: Whether it speaks for its country.
    """

    __slots__ = (
        "admin1",
        "country",
        "counts",
        "end",
        "ids",
        "kind",
        "location",
        "name",
        "score",
        "start",
        "type",
    )  # fmt: skip

    def __init__(
        self,
        start: int,
        end: int,
        type: str,
        name: str,
        ids: tuple[str, ...] = (),
        country: str | None = None,
        location: tuple[float, float] | None = None,
        score: float = 0.8,
        counts: bool = False,
        kind: str = "",
        admin1: str = "",
    ) -> None:
        self.start: int = start
        self.end: int = end
        self.type: str = type
        self.name: str = name
        self.ids: tuple[str, ...] = ids
        self.country: str | None = country
        self.location: tuple[float, float] | None = location
        self.score: float = score
        self.counts: bool = counts
        self.kind: str = kind
        self.admin1: str = admin1

    def at(self, start: int, end: int) -> "Found":
        """Gives the same for where the name stands again."""
        return Found(
            start, end, self.type, self.name, self.ids, self.country, self.location, self.score,
            self.counts, self.kind, self.admin1,
        )  # fmt: skip


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
        is_english: Whether its own words are English.
        in_headline_case: Whether nearly all words are capitalised, so that capitals tell nothing.
        taken: A byte for each code point: 1 where a settled name stands.
    """

    __slots__ = (
        "datelines", "found", "in_headline_case", "is_english", "matches", "names", "runs",
        "source", "taken", "text",
    )  # fmt: skip

    def __init__(
        self,
        source: str,
        text: str,
        matches: list[Match],
        runs: list[Run],
        names: dict[int, Match],
        datelines: frozenset[int],
        is_english: bool,
        in_headline_case: bool,
    ) -> None:
        self.source: str = source
        self.text: str = text
        self.matches: list[Match] = matches
        self.runs: list[Run] = runs
        self.names: dict[int, Match] = names
        self.datelines: frozenset[int] = datelines
        self.is_english: bool = is_english
        self.in_headline_case: bool = in_headline_case
        self.found: list[Found] = []
        self.taken: bytearray = bytearray(len(text))

    def match_before(self, place: int) -> Match | None:
        """Gives the last name of the gazetteer that begins before a place."""
        index = bisect_left(self.matches, place, key=start_of) - 1
        return self.matches[index] if index >= 0 else None

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


_OF_COUNTRIES = frozenset({"country", "demonym", "admin1"})
_CAPITALS = re.compile(rf"{UPPERCASE}(?<!\w.){UPPERCASE}{{4,}}\b")


def _has_capitals(runs: list[Run]) -> bool:
    """Says, quickly, whether a word may have as many capitals as a place that is shouted."""
    for run in runs:
        for token in run.tokens:
            word = token.text
            if len(word) > 4 and (word[:5].isupper() or word[-5:].isupper()):
                return True
    return False


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


def read_part(source: str, gazetteer: Gazetteer, in_english: bool) -> Part:
    """Finds the gazetteer's names and the capitalised runs of a text.

    Args:
        source: The text as it came.
        gazetteer: What is looked for.
        in_english: Whether the document is known to be in English, so that other languages' names
            of countries mean something else: "Grenade attack", "Maurice said". A text of its own
            words is found to be.
    """
    text = normalized(without_shouting(source, gazetteer.words["known_acronyms"]))
    datelines = places_in_capitals(source)
    for start, place in datelines.items():
        text = text[:start] + normalized(place) + text[start + len(place) :]
    runs = find_runs(text)
    if _has_capitals(runs):  # few texts have
        calm = _CAPITALS.sub(lambda word: _place_in_capitals(word.group(), gazetteer), text)
        if calm != text:
            text, runs = calm, find_runs(calm)
    matches = find_names(text, gazetteer)
    english = is_english(text)
    if english or in_english:
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
        runs,
        distinct_names(text, matches, gazetteer),
        frozenset(datelines),
        english,
        _is_headline_case(text),
    )
