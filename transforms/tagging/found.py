"""What the rules pass to one another: names found so far in one part of a document."""

import re
from dataclasses import dataclass, field

from transforms.tagging.gazetteer import Gazetteer
from transforms.tagging.matcher import Match, find_names, normalized
from transforms.tagging.runs import Run, find_runs, without_shouting


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
    """A title or a text with what was found in it."""

    source: str
    text: str
    matches: list[Match]
    runs: list[Run]
    found: list[Found] = field(default_factory=list)
    taken: bytearray = field(default_factory=bytearray)

    def free(self, start: int, end: int) -> bool:
        """Says whether no settled name covers any of the span."""
        return not any(self.taken[start:end])

    def settle(self, found: Found) -> None:
        """Keeps a name; its span is closed to later rules."""
        self.found.append(found)
        self.taken[found.start : found.end] = b"\x01" * (found.end - found.start)


_CAPITALS = re.compile(r"\b[A-Z]{5,}\b")


def _place_in_capitals(word: str, gazetteer: Gazetteer) -> str:
    """Gives "Beirut" for BEIRUT; other words, and acronyms, stay as they are."""
    if word in gazetteer.words["known_acronyms"]:
        return word
    calm = word.capitalize()
    whole = [(start, end) for start, end, _ in gazetteer.automaton.find(calm)] == [(0, len(calm))]
    return calm if whole else word


def read_part(source: str, gazetteer: Gazetteer) -> Part:
    """Finds the gazetteer's names and the capitalised runs of a text."""
    text = normalized(source)
    lines = without_shouting(source, gazetteer.words["known_acronyms"])
    if lines is not source:
        text = normalized(lines)
    text = _CAPITALS.sub(lambda word: _place_in_capitals(word.group(), gazetteer), text)
    # A name never goes over the end of a line; the normalised text has spaces there.
    if "\n" in source:
        text = "".join(
            "\n" if original == "\n" else plain
            for original, plain in zip(source, text, strict=True)
        )
    return Part(
        source, text, find_names(text, gazetteer), find_runs(text), [], bytearray(len(text))
    )
