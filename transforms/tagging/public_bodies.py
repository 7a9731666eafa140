"""Places in the names of their own bodies and events: the Alexandria of "Alexandria Police"."""

from collections.abc import Iterable, Iterator, Sequence

from transforms.tagging.containment import Candidate
from transforms.tagging.found import Part
from transforms.tagging.gazetteer import LOCAL_KINDS, Entry, Gazetteer


class PublicBodies:
    """Tells bodies and feasts of a town, a county or a state from others that bear a place's name.

    News of them is news of the place, which a bank, a club or a war of that name may have left.
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._words = gazetteer.words["public_bodies"]

    def places(self, parts: Sequence[Part], inside: Iterable[Candidate]) -> Iterator[Candidate]:
        """Gives the places that unknown public bodies, and festivals, are named after.

        Args:
            parts: Title and text, with the organisations and events that rules have settled.
            inside: Names of the gazetteer within settled names.
        """
        bodies = {
            (id(part), found.start): found
            for part in parts
            for found in part.found
            if not found.kind and found.type in ("ORG", "FAC", "EVENT")
        }
        for candidate in inside:
            part = candidate.part
            body = bodies.get((id(part), candidate.start))
            if (
                body is not None
                and any(entry.kind in LOCAL_KINDS for entry in candidate.entries)
                and not self._words.isdisjoint(part.text[candidate.end : body.end].split())
            ):
                yield candidate


def _is_local(entry: Entry) -> bool:
    return entry.kind in LOCAL_KINDS or (entry.kind == "curated" and entry.type == "GPE")
