"""What the rules on names share."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

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
    return Found(
        start, end, entry.type, entry.name, entry.ids, entry.country, location_of(entry), score,
        counts, entry.kind, entry.admin1 if entry.kind in _IN_DIVISION else "",
    )  # fmt: skip


def location_of(entry: Entry) -> tuple[float, float] | None:
    """Gives an entry's latitude and longitude, where both are known."""
    return None if entry.lat is None or entry.lon is None else (entry.lat, entry.lon)


def settle_repeats(parts: Sequence[Part], names: Mapping[str, Found]) -> None:
    """Settles what else stands in a document under some names, alone, as what they were told to be.

    Args:
        parts: Title and text.
        names: What is looked for, and the finding that it repeats.
    """
    if not names:
        return
    for part in parts:
        for run in part.runs:
            first = names.get(part.text[run.start : run.end])
            if first is not None and part.free(run.start, run.end):
                part.settle(replace(first, start=run.start, end=run.end))


def unique(names: Iterable[str]) -> tuple[str, ...]:
    """Gives the names in order of first appearance."""
    return tuple(dict.fromkeys(names))
