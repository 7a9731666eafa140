"""Abbreviations of states and provinces: most mean one only behind a place, "Halifax, N.S."."""

import re
from collections.abc import Sequence

from transforms.tagging.containment import Candidate
from transforms.tagging.gazetteer import Entry

_INITIALS = re.compile(r"(?:[A-Z]\.){2}")
_NAME_OR_YEAR_BEFORE = re.compile(r"\b[A-Z0-9][\w'-]* $")
_NAME_BEHIND = re.compile(r" ?[A-Z]")


def stands_for_itself(short: Candidate) -> bool:
    """Says whether an abbreviation can only be the state: "D.C. police", not "Mass. for all".

    Nor "44 B.C.", nor "Victoria Mining N.L.", whose last word is a company's form.
    """
    text, start = short.part.text, short.start
    return (
        _INITIALS.fullmatch(short.word) is not None
        and not _NAME_BEHIND.match(text, short.end)
        and not _NAME_OR_YEAR_BEFORE.search(text, max(0, start - 24), start)
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
