"""The line that opens an agency's report with its place and time."""

import re

_DATELINE = re.compile(
    r"\s*[A-Z][^\n—–]{2,60}?(\([A-Za-z/ ]{2,20}\))?\s*(?:—|–|(?<=\s)--?(?=\s))", re.DOTALL
)
_DATE = re.compile(r"\b[A-Z][a-z]{2,8}\.? \d{1,2}\b|\b\d{1,2} [A-Z][a-z]{2,8}\b")


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
