"""Which name of a tagger's answer stands for which name of a gold set."""

from collections.abc import Mapping, Sequence, Set
from typing import NamedTuple

# Of a gold set's type, the tagger's types that are right.
SAME: Mapping[str, frozenset[str]] = {
    "PER": frozenset({"PERSON"}),
    "ORG": frozenset({"ORG"}),
    "LOC": frozenset({"GPE", "LOC"}),
    "NORP": frozenset({"NORP"}),
    "FAC": frozenset({"FAC"}),
    "PROD": frozenset({"PRODUCT"}),
    "TOPONYM": frozenset({"GPE", "LOC", "NORP"}),
}


class Name(NamedTuple):
    """A name in a text: code point offsets, type, and for the tagger's the rule that settled it."""

    start: int
    end: int
    type: str
    rule: str = ""


def right_types(present: Set[str]) -> dict[str, frozenset[str]]:
    """Gives, for each type that a set annotates, the tagger's types that are right.

    Sets without buildings and sites of their own count them among the places, as CoNLL does; what a
    set gathers as miscellaneous is left out.
    """
    right = {kind: SAME[kind] for kind in SAME if kind in present}
    if "FAC" not in present:
        for kind in ("LOC", "TOPONYM"):
            if kind in right:
                right[kind] |= {"FAC"}
    return right


def paired(gold: Sequence[Name], found: Sequence[Name]) -> list[tuple[Name, Name | None]]:
    """Gives each gold name with the one of the tagger's that stands for it, one to one.

    The same span goes first, then those of the longest common stretch.
    """
    free = {(one.start, one.end): one for one in found}
    taken: dict[Name, Name] = {}
    for one in gold:
        if (one.start, one.end) in free:
            taken[one] = free.pop((one.start, one.end))
    overlaps = sorted(
        (
            (max(one.start, other.start) - min(one.end, other.end), one, other)
            for one in gold
            if one not in taken
            for other in free.values()
            if one.start < other.end and other.start < one.end
        ),
    )
    for _, one, other in overlaps:
        if one not in taken and (other.start, other.end) in free:
            taken[one] = free.pop((other.start, other.end))
    return [(one, taken.get(one)) for one in gold]
