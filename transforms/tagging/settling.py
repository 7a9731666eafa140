"""Findings made of gazetteer entries, and repeated where a name stands again."""

from collections.abc import Mapping, Sequence

from transforms.tagging.found import Found, Part
from transforms.tagging.gazetteer import Entry

_IN_DIVISION = frozenset({"city", "county", "admin1", "admin1_short", "pinned"})


def settled(start: int, end: int, entry: Entry, score: float, counts: bool = False) -> Found:
    """Makes a finding of a gazetteer entry."""
    return Found(
        start, end, entry.type, entry.name, entry.ids, entry.country, location_of(entry), score,
        counts, entry.kind, entry.admin1 if entry.kind in _IN_DIVISION else "",
    )  # fmt: skip


def location_of(entry: Entry) -> tuple[float, float] | None:
    """Gives an entry's latitude and longitude, where both are known."""
    return None if entry.lat is None or entry.lon is None else (entry.lat, entry.lon)


def settle_repeats(parts: Sequence[Part], names: Mapping[str, Found]) -> None:
    """Settles what else stands in a document under some names, alone, as what they were told to be.

    Args:
        parts: Title and text.
        names: What is looked for, and the finding that it repeats.
    """
    if not names:
        return
    for part in parts:
        for run in part.runs:
            first = names.get(part.text[run.start : run.end])
            if first is not None and part.free(run.start, run.end):
                part.settle(first.at(run.start, run.end))
