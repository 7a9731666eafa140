"""The country of a report that names none: its dateline's, where something else speaks for it."""

import re
from collections.abc import Sequence

from transforms.tagging.found import Found, Part
from transforms.tagging.gazetteer import Gazetteer

_WORD = re.compile(r"[a-z]*[$£€¥₹₦]|[a-z]+")


def implied_country(part: Part, end_of_dateline: int, gazetteer: Gazetteer) -> str | None:
    """Gives the country that a report speaks of without naming it; None where nothing tells.

    Business and court reports name no country when they are of the one they are written in. The
    dateline alone does not tell (a correspondent's seat does not either), but together with the
    country's own money, companies of its legal forms, an organ of a state, or the country's
    well-known people and organisations, it does.
    """
    country = _country_of_dateline(part, end_of_dateline, gazetteer)
    if country is None:
        return None
    signs = gazetteer.words.get(f"signs {country}", frozenset()) | gazetteer.words["state_organs"]
    body = part.text[end_of_dateline:].lower()
    if any(match.group() in signs for match in _WORD.finditer(body)):
        return country
    return country if _has_people_of(part.found, country) else None


def _country_of_dateline(part: Part, end: int, gazetteer: Gazetteer) -> str | None:
    for found in part.found:
        if found.start < end and found.counts:
            return found.country
    for match in part.matches:  # "LARGO, Fla": the state of a town that is not known
        if match.start < end:
            first = match.meanings[0]
            if first.kind in ("admin1", "admin1_short", "country"):
                return first.country
    return None


def _has_people_of(found: Sequence[Found], country: str) -> bool:
    return any(
        one.kind == "curated" and one.country == country and one.type in ("PERSON", "ORG")
        for one in found
    )
