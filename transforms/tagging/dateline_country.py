"""The country of a report's dateline, and whether something else in the report speaks for it."""

import re
from collections.abc import Sequence

from transforms.tagging.found import Found, Part
from transforms.tagging.gazetteer import Gazetteer

_WORD = re.compile(r"[a-z]*[$£€¥₹₦]|[a-z]+")


def dateline_country(part: Part, end: int) -> str | None:
    """Gives the country of the place that opens a report; None where it is not known.

    Args:
        part: The report.
        end: Where its dateline ends.
    """
    for found in part.found:
        if found.start < end and found.counts:
            return found.country
    for match in part.matches:  # "LARGO, Fla": the state of a town that is not known
        if match.start < end:
            first = match.meanings[0]
            if first.kind in ("admin1", "admin1_short", "country"):
                return first.country
    return None


def is_spoken_for(country: str, part: Part, end: int, gazetteer: Gazetteer) -> bool:
    """Says whether a report that does not name its dateline's country is of it all the same.

    Business and court reports name no country when they are of the one they are written in. The
    dateline alone does not tell (a correspondent's seat does not either), but together with the
    country's own money, companies of its legal forms, an organ of a state, or the country's
    well-known people and organisations, it does.
    """
    signs = gazetteer.words.get(f"signs {country}", frozenset()) | gazetteer.words["state_organs"]
    body = part.text[end:].lower()
    return any(match.group() in signs for match in _WORD.finditer(body)) or _has_people_of(
        country, part.found, end
    )


def _has_people_of(country: str, found: Sequence[Found], end: int) -> bool:
    agencies = {one.name for one in found if one.start < end}  # "LONDON (Reuters) -"
    return any(
        one.kind == "curated"
        and one.country == country
        and one.type in ("PERSON", "ORG")
        and one.name not in agencies
        for one in found
    )
