"""Gives a person found in a text the name that the gazetteer knows them by."""

from transforms.tagging.found import Found, Part
from transforms.tagging.gazetteer import Entry, Gazetteer
from transforms.tagging.runs import Token
from transforms.tagging.settling import settled

_SUFFIXES = frozenset({"Jr", "Jr.", "Sr", "Sr.", "MP", "MD"})


class KnownPeople:
    """Joins names found in a text with curated people."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer

    def settle(
        self,
        part: Part,
        tokens: tuple[Token, ...],
        titled: bool,
        surnames: list[tuple[Part, Found]],
    ) -> None:
        """Settles one person, as a curated one where first and last name are theirs.

        A family name behind a title, known by no other name, goes to `surnames`: what it means is
        only known when all parts of the document have been read.
        """
        while len(tokens) > 2 and tokens[-1].text in _SUFFIXES:
            tokens = tokens[:-1]
        name = " ".join(token.text for token in tokens)
        start, end = tokens[0].start, tokens[-1].end
        if len(tokens) == 1:
            entry = known_surname(self._gazetteer, name)
            if entry is not None and titled:
                part.settle(settled(start, end, entry, 0.85))
            elif titled:
                surnames.append((part, Found(start, end, "PERSON", name, score=0.55)))
            return
        entry = self._curated_like(tokens)
        part.settle(
            settled(start, end, entry, 0.85)
            if entry
            else Found(start, end, "PERSON", name, score=0.75)
        )

    def _curated_like(self, tokens: tuple[Token, ...]) -> Entry | None:
        """Finds the curated person whose first and last names these are, middle names aside."""
        for index in self._gazetteer.surnames.get(tokens[-1].text, ()):
            entry = self._gazetteer.entry(index)
            if entry.name.split()[0] == tokens[0].text:
                return entry
        return None


def known_surname(gazetteer: Gazetteer, surname: str) -> Entry | None:
    """Gives the one curated person of a family name; None where there are several or none."""
    indices = gazetteer.surnames.get(surname, ())
    return gazetteer.entry(indices[0]) if len(indices) == 1 else None
