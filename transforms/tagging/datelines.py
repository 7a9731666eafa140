"""The places that reports open with: "PARIS, Oct 3 (Reuters) -", "EAST HAMPTON —"."""

import re
from collections.abc import Iterator

from transforms.tagging.runs import UPPERCASE

_DATELINE = re.compile(
    rf"\s*{UPPERCASE}[^\n—–]{{2,60}}?(\([A-Za-z/ ]{{2,20}}\))?\s*(?:—|–|(?<=\s)--?(?=\s))",
    re.DOTALL,
)
_DATE = re.compile(r"\b[A-Z][a-z]{2,8}\.? \d{1,2}\b|\b\d{1,2} [A-Z][a-z]{2,8}\b")
# A place in capitals at the start of a line or a sentence, a state or an agency behind it, a dash.
_CAPITALS = rf"{UPPERCASE}(?:[a-z]?{UPPERCASE}|['.-](?={UPPERCASE}))+"
_DASHES = ("—", "–", " - ", " -- ")
_PLACE = re.compile(
    r"(?:^|[.!?\n][\"'”’]?\s+)"
    rf"((?=[^\W\d_][\w.' -]{{3}})(?:ST\. )?{_CAPITALS}(?: {_CAPITALS}){{0,3}})"
    rf"(?:, {UPPERCASE}[\w. ]{{1,20}})?(?: \({UPPERCASE}[\w/ ]{{1,20}}\))?\s*$"
)
_FURTHEST = 120
_PARTS = re.compile(rf"({UPPERCASE}[a-z])?({UPPERCASE})({UPPERCASE}*)")


def places_in_capitals(text: str) -> dict[int, str]:
    """Gives where the datelines of a text begin, to their places as written elsewhere.

    "DeKALB – Residents met": 0 to "DeKalb".
    """
    places = {}
    for end in _dashes(text):
        place = _PLACE.search(text, max(0, end - _FURTHEST), end)
        if place is not None:
            places[place.start(1)] = _PARTS.sub(
                lambda word: (word.group(1) or "") + word.group(2) + word.group(3).lower(),
                place.group(1),
            )
    return places


def _dashes(text: str) -> Iterator[int]:
    """Gives where dashes stand; a regular expression would take ten times as long."""
    for dash in _DASHES:
        place = text.find(dash)
        while place >= 0:
            yield place
            place = text.find(dash, place + 1)


def dateline_end(text: str) -> int:
    """Gives where the line that opens a report with its place and time ends; 0 without one.

    "PARIS, Oct 3 (Reuters) -" and "Paris (AP) —" are such lines: a dash ends them, and capitals,
    a date or an agency tell them from a sentence.
    """
    match = _DATELINE.match(text, 0, 120)
    if match is None:
        return 0
    opening = match.group()
    first = opening.split(",")[0].split("(")[0].strip(" -–—")
    told = first.isupper() or match.group(1) or _DATE.search(opening)
    return match.end() if told else 0
