"""Places whose name begins with a title: Prince Albert, Queen Creek, King George County."""

import re
from bisect import bisect_left

from transforms.tagging.found import Part
from transforms.tagging.gazetteer import LOCAL_KINDS, Gazetteer
from transforms.tagging.matcher import Match, start_of
from transforms.tagging.person_signs import is_spoken_of_as_person

_BEFORE_PLACE = re.compile(
    r"\b(?:in|at|near|around|outside|throughout|across"
    r"|(?:city|cities|town|village|port|port city|mayor|council|community|district) of) $"
)
_BEHIND_PLACE = re.compile(
    r"(?:'s)? (?:police|residents|area|region|airport|mayor|council|city|town|school|courthouse"
    r"|RCMP|Airport|City Council|Police|Provincial Court)\b"
)
_CONTAINING = frozenset({"country", "admin1", "admin1_short"})


class TitledPlaces:
    """Tells such places from people."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._first, self._roles = gazetteer.first_names, gazetteer.words["roles"]

    def end_of_place(self, part: Part, start: int) -> int:
        """Gives where a place ends that begins with a title; 0 where a person may be meant.

        A county always is one. A town is one where its country or division follows, where a word
        for a place stands beside, or where no first name follows the title, nor speech the name.
        """
        match = _match_at(part, start)
        if match is None or " " not in part.text[start : match.end]:
            return 0
        kinds = {entry.kind for entry in match.meanings}
        if kinds.isdisjoint(LOCAL_KINDS):
            return 0
        name = part.text[start : match.end]
        if (
            "county" in kinds
            or _is_told(part, match)
            or not (
                name.split()[1] in self._first
                or is_spoken_of_as_person(part.text, start, match.end, self._roles)
            )
        ):
            return match.end
        same = (one for one in part.matches if part.text[one.start : one.end] == name)
        return match.end if any(_is_told(part, one) for one in same) else 0


def _match_at(part: Part, start: int) -> Match | None:
    index = bisect_left(part.matches, start, key=start_of)
    if index < len(part.matches) and part.matches[index].start == start:
        return part.matches[index]
    return None


def _is_told(part: Part, match: Match) -> bool:
    """Says whether what stands beside a name tells a place."""
    text, start, end = part.text, match.start, match.end
    if _BEFORE_PLACE.search(text, max(0, start - 16), start) or _BEHIND_PLACE.match(text, end):
        return True
    if not text.startswith(", ", end):
        return False
    behind = _match_at(part, end + 2)
    return behind is not None and any(entry.kind in _CONTAINING for entry in behind.meanings)
