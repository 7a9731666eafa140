"""What the rules on names share."""

import re
from collections.abc import Iterable

from transforms.tagging.found import Found, Part
from transforms.tagging.gazetteer import Entry
from transforms.tagging.runs import Token

_IN_DIVISION = frozenset({"city", "county", "admin1", "admin1_short", "pinned"})
_AMID_SENTENCE = re.compile(r"[a-z,;]['\"]? $")
_BEFORE_PLACE = re.compile(r"\b(?:in|at|to|from|near|of|into|across|outside|throughout|within) $")
ACRONYM = re.compile(r"[A-Z][A-Z&-]{1,6}")


def is_nation(part: Part, token: Token) -> bool:
    """Says whether a word is a country's name or people."""
    match = part.names.get(token.start)
    return (
        match is not None
        and match.end >= token.end
        and match.meanings[0].kind in ("country", "demonym")
    )


def is_amid_sentence(text: str, start: int) -> bool:
    """Says whether a capital stands where no sentence begins, so that it makes a name."""
    return _AMID_SENTENCE.search(text, max(0, start - 3), start) is not None


def is_after_place_word(text: str, start: int) -> bool:
    """Says whether a preposition such as "near" stands right before, as before a place."""
    return _BEFORE_PLACE.search(text, max(0, start - 12), start) is not None


def settled(start: int, end: int, entry: Entry, score: float, counts: bool = False) -> Found:
    """Makes a finding of a gazetteer entry."""
    location = (entry.lat, entry.lon) if entry.lat is not None and entry.lon is not None else None
    return Found(
        start, end, entry.type, entry.name, entry.ids, entry.country, location, score, counts,
        entry.kind, entry.admin1 if entry.kind in _IN_DIVISION else "",
    )  # fmt: skip


def unique(names: Iterable[str]) -> tuple[str, ...]:
    """Gives the names in order of first appearance."""
    return tuple(dict.fromkeys(names))
