"""Which names of a text can hardly be a person's."""

from collections.abc import Iterable

from transforms.tagging.gazetteer import Gazetteer
from transforms.tagging.matcher import Match

# A name of towns of fewer inhabitants, and of nothing else, may as well be a person's. The largest
# town comes first.
_SMALL_TOWN = 30_000
# With what towns begin that are named after a saint.
SAINTS = frozenset({"San", "Santa", "Santo", "São"})
_TAILS = ("water_tail", "facility_tail", "protected_tail")
_HEADS = ("water_head", "nature_first")


def distinct_names(text: str, matches: Iterable[Match], gazetteer: Gazetteer) -> dict[int, Match]:
    """Gives the names that can hardly be a person's, by where they begin.

    Args:
        text: In which they stand.
        matches: All names of the gazetteer in it.
        gazetteer: Where they come from.
    """
    return {
        match.start: match
        for match in matches
        if (first := match.meanings[0]).kind != "city"
        or first.population >= _SMALL_TOWN
        or (
            text.find(" ", match.start, match.end) > 0
            and _is_no_persons(text[match.start : match.end], gazetteer)
        )
    }


def _is_no_persons(name: str, gazetteer: Gazetteer) -> bool:
    """Says whether a town's name of several words does not begin as a person's: "Tha Bo".

    A saint's name may go on: San Fermín in "San Fermín Brackal". Nor is a word of it a noun that
    tells something else: "Twin Lake", "Villa Park".
    """
    first, *others = name.split(" ")
    if first in gazetteer.first_names or first in SAINTS:
        return False
    words = gazetteer.words
    return all(words[tail].isdisjoint(others) for tail in _TAILS) and not any(
        first in words[head] for head in _HEADS
    )
