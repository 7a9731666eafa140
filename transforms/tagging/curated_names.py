"""Settles the names of curated entries, the surest that there are."""

import re
from collections.abc import Sequence

from transforms.tagging.found import Part
from transforms.tagging.gazetteer import Entry, Gazetteer
from transforms.tagging.geographic_names import GeographicNames
from transforms.tagging.runs import CAPITAL
from transforms.tagging.settling import settled

_PLACES = frozenset({"country", "admin1", "city"})
_ARTICLES = frozenset({"Al-", "El-", "al-", "el-"})
_FIRST_NAME = re.compile(r"\b([A-Z]\w+) (?:[Aa]l-|[Ee]l-)?$")


class CuratedNames:
    """Finds what curated entries name, where it is no part of a longer name."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._first_names = gazetteer.first_names
        self._geographic = GeographicNames(gazetteer)
        words = gazetteer.words
        self._titles, self._tail = words["titles"], words["org_tail"]

    def settle(self, parts: Sequence[Part]) -> None:
        """Settles what curated entries name, people first by whole name."""
        for part in parts:
            for start, end, entries in part.matches:
                chosen = next((entry for entry in entries if entry.kind == "curated"), None)
                if chosen is None or not part.free(start, end):
                    continue
                if chosen.type == "NONE":
                    part.close(start, end)
                    continue
                if chosen.type in ("GPE", "LOC"):
                    if any(
                        entry.kind in _PLACES for entry in entries
                    ) or self._geographic.opens_other(part.text, start, end):
                        continue  # one of several places: they are told apart together
                    end = self._geographic.end_of_land(part.text, end)
                if self._is_part_of_longer(part, start, end, chosen):
                    continue
                if chosen.type == "PERSON" and part.text[start - 3 : start] in _ARTICLES:
                    start -= 3  # "President El-Sisi"
                part.settle(settled(start, end, chosen, 0.95))

    def _is_part_of_longer(self, part: Part, start: int, end: int, entry: Entry) -> bool:
        """A family-name-like alias inside an unknown person's name is not that entry."""
        text = part.text
        if entry.type == "PERSON" and " " not in text[start:end]:
            before = _FIRST_NAME.search(text, max(0, start - 24), start)
            if before and before.group(1) in self._first_names:
                return before.group(1) not in self._titles  # "Margaret" before "Kenyatta"
        if entry.type in ("PERSON", "ORG", "PRODUCT", "EVENT") and text[end : end + 1] == " ":
            after = re.match(r"\w+", text[end + 1 : end + 40])
            word = after.group() if after else ""
            if word and word[0] in CAPITAL and word in self._tail and entry.type == "ORG":
                return word not in ("Group",)
        return False
