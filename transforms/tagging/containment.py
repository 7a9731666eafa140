"""Names that may be places, and which of them lie in one another: "Athens, Georgia"."""

from transforms.tagging.found import Part
from transforms.tagging.gazetteer import Entry

INNER_KINDS = frozenset({"city", "county"})
_OUTER = frozenset({"country", "admin1", "admin1_short"})
_POSSESSIVES = frozenset({"'s ", "' "})
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
    if part is not outer.part or part.text[outer.end : inner.start] not in _POSSESSIVES:
        return None
    for around in outer.entries:
        entry = _within(inner, around)
        if entry is not None:
            return entry
    return None


def nested_places(inner: Candidate, outer: Candidate) -> tuple[Entry, Entry] | None:
    """Gives the X and the Y that "X, Y" means when Y is a country or division that holds an X."""
    if inner.part is not outer.part:
        return None
    gap = inner.part.text[inner.end : outer.start]
    if gap not in (", ", " (", ", in ") and not (
        gap == " " and outer.entries[0].kind == "admin1_short"
    ):
        return None
    for around in outer.entries:
        entry = _within(inner, around)
        if entry is not None:
            return entry, around
    return None


def _within(inner: Candidate, around: Entry) -> Entry | None:
    """Gives the town or county of a name that lies in a country or division, if one does."""
    if around.kind not in _OUTER:
        return None
    for entry in inner.entries:
        if (
            entry.kind in INNER_KINDS
            and entry.country == around.country
            and (around.kind == "country" or entry.admin1 == around.admin1)
        ):
            return entry
    return None
