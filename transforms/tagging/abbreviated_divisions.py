"""Abbreviations of states and provinces: most mean one only behind a place, "Halifax, N.S."."""

import re
from collections.abc import Sequence

from transforms.tagging.containment import Candidate
from transforms.tagging.gazetteer import Entry
from transforms.tagging.place_evidence import Evidence

_INITIALS = re.compile(r"(?:[A-Z]\.){2,3}")
_INSIDE = re.compile(r"\b(?:[Ii]n|[Aa]cross|[Tt]hroughout|[Ff]rom|[Oo]utside) $")
# "UP police": whom and what a division has.
_OF_DIVISION = re.compile(r" (?:police|government|assembly|elections?|polls|voters|constituenc)")
# So much must the text speak of the country.
_SPOKEN_OF = 4
_NAME_OR_YEAR_BEFORE = re.compile(r"\b[A-Z0-9][\w'-]* $")
_NAME_BEHIND = re.compile(r" ?[A-Z]")


def stands_for_itself(short: Candidate, entry: Entry, evidence: Evidence) -> bool:
    """Says whether an abbreviation can only be the state: "D.C. police", not "Mass. for all".

    Nor "44 B.C.", nor "Victoria Mining N.L.", whose last word is a company's form. Without its
    dots, as Indian and Australian papers write ("voters in UP", "rain in WA"), only inside a
    country that the text speaks of; those of the United States are cities and words as well.
    """
    text, start, end = short.part.text, short.start, short.end
    if _NAME_BEHIND.match(text, end) or _NAME_OR_YEAR_BEFORE.search(
        text, max(0, start - 24), start
    ):
        return False
    if _INITIALS.fullmatch(short.word) is not None:
        return True
    return (
        entry.country != "US"
        and short.word.isupper()
        and evidence.countries.get(entry.country or "", 0) >= _SPOKEN_OF
        and (
            _INSIDE.search(text, max(0, start - 12), start) is not None
            or _OF_DIVISION.match(text, end) is not None
        )
    )


def follows_place(
    candidates: Sequence[Candidate], chosen: Sequence[Entry | None], number: int
) -> bool:
    """Says whether a place of its country stands before an abbreviation: "Halifax, N.S."."""
    part, start = candidates[number].part, candidates[number].start
    if any(found.kind == "town" and found.end == start - 2 for found in part.found):
        return True
    if not number:
        return False
    previous, inner, short = candidates[number - 1], chosen[number - 1], chosen[number]
    return (
        previous.part is part
        and part.text[previous.end : start] in (", ", " (")
        and (inner is None or short is None or inner.country == short.country)
    )
