"""Names that may be places, and which of them lie in one another: "Athens, Georgia"."""

from transforms.tagging.found import Part
from transforms.tagging.gazetteer import Entry
from transforms.tagging.name_signs import POSSESSIVES

INNER_KINDS = frozenset({"city", "county"})
_OUTER = frozenset({"country", "admin1", "admin1_short"})
# As far as the two names of a pair may stand from one another: ", in ".
WIDEST_GAP = 5


class Candidate:
    """A name that may be a place, what it may mean, and how it is written."""

    __slots__ = ("end", "entries", "part", "start", "word")

    def __init__(
        self, part: Part, start: int, end: int, entries: tuple[Entry, ...], word: str
    ) -> None:
        self.part: Part = part
        self.start: int = start
        self.end: int = end
        self.entries: tuple[Entry, ...] = entries
        self.word: str = word


def possessed(outer: Candidate, inner: Candidate) -> Entry | None:
    """Gives the town that a country or division has: the Rutba of "Anbar's Rutba"."""
    part = inner.part
    if part is not outer.part or part.text[outer.end : inner.start] not in POSSESSIVES:
        return None
    held = _held(inner, outer)
    return None if held is None else held[0]


def nested_places(inner: Candidate, outer: Candidate) -> tuple[Entry, Entry] | None:
    """Gives the X and the Y that "X, Y" means when Y is a country or division that holds an X."""
    if inner.part is not outer.part:
        return None
    gap = inner.part.text[inner.end : outer.start]
    if gap not in (", ", " (", ", in ") and not (
        gap == " " and outer.entries[0].kind == "admin1_short"
    ):
        return None
    return _held(inner, outer)


def _held(inner: Candidate, outer: Candidate) -> tuple[Entry, Entry] | None:
    """Gives a town or county of the one name, and the country or division that it lies in."""
    for around in outer.entries:
        if around.kind not in _OUTER:
            continue
        for entry in inner.entries:
            if (
                entry.kind in INNER_KINDS
                and entry.country == around.country
                and (around.kind == "country" or entry.admin1 == around.admin1)
            ):
                return entry, around
    return None
