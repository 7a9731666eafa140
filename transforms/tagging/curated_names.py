"""Settles the names of curated entries, the surest that there are."""

import re
from collections.abc import Sequence

from transforms.tagging.found import Part
from transforms.tagging.gazetteer import LOCAL_KINDS, Entry, Gazetteer
from transforms.tagging.geographic_names import GeographicNames, start_of_side
from transforms.tagging.name_signs import word_before, word_possessed
from transforms.tagging.runs import CAPITAL
from transforms.tagging.settling import settled
from transforms.tagging.titled_places import TitledPlaces

_PLACES = frozenset({"country", "admin1", "city"})
_ARTICLES = frozenset({"Al-", "El-", "al-", "el-"})
_WORDS_BEHIND = re.compile(r"(?: [A-Z][\w'.-]*){1,4}")
_HYPHENATED = re.compile(r"\b(?![Pp]ro|[Aa]nti|[Ee]x|[Nn]on|[Pp]ost|[Tt]hen|[AaEe]l)[A-Z]\w+-$")
_LAND = frozenset({"FAC", "LOC"})
_NOUN_BEHIND = re.compile(r" ([a-z]+)")
# What the full name of a company ends with; it is the same company.
_LEGAL_FORM = re.compile(
    r"(?:,? (?:Inc|Ltd|Limited|PLC|Plc|plc|LLC|LLP|Corp|Corporation|Co|Company|Group|Holdings?|GmbH"
    r"|AG|SA|S\.A|SpA|NV|N\.V|AB|Oyj|Bhd|Berhad|Pte|Pty|Sdn))+(?![\w&-])"
)
# Whom somebody tells something of a country: "told Reuters Kenya would".
_TOLD = re.compile(r"\b(?:told|tells?|telling|asked|with|by) $")
_SENTENCE_GOES_ON = re.compile(r"(?: [A-Z]|-|'s [A-Z]| (?:would|will|had|was|were|is|are)\b)")
_FIRST_NAME = re.compile(r"\b([A-Z]\w+) (?:[Aa]l-|[Ee]l-)?$")


class CuratedNames:
    """Finds what curated entries name, where it is no part of a longer name."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._first_names = gazetteer.first_names
        self._geographic = GeographicNames(gazetteer)
        words = gazetteer.words
        self._places = TitledPlaces(gazetteer)
        self._titles, self._tail = words["titles"] - words["in_names"], words["org_tail"]
        self._roles, self._company_nouns = words["roles"], words["company_nouns"]
        self._no_first_name = words["stop"].union(words["org_tail"], words["acronyms"])
        self._land_words = words["facility_tail"] | words["water_tail"]
        self._named_after = words["named_after_people"].union(
            self._land_words, words["protected_tail"]
        )

    def settle(self, parts: Sequence[Part]) -> None:
        """Settles what curated entries name, people first by whole name."""
        for part in parts:
            for match in part.matches:
                start, end, entries = match.start, match.end, match.meanings
                chosen = next((entry for entry in entries if entry.kind == "curated"), None)
                if chosen is None or not part.free(start, end):
                    continue
                if chosen.type == "ORG" and len(entries) > 1:
                    chosen = self._company_or_land(part, end, chosen, entries)
                if chosen.type == "NONE":
                    part.close(start, end)
                    continue
                if chosen.type in ("GPE", "LOC"):
                    if any(
                        entry.kind in _PLACES for entry in entries
                    ) or self._geographic.opens_other(part.text, start, end):
                        continue  # one of several places: they are told apart together
                    end = self._geographic.end_of_land(part.text, end)
                    side = start_of_side(part.text, start)
                    start = side if part.free(side, start) else start
                if chosen.type == "PERSON" and word_possessed(part.text, end) in self._land_words:
                    part.close(start, end)  # "Massie's Creek Road"
                    continue
                if chosen.type == "PERSON" and self._is_named_after(part, start, end, entries):
                    continue
                if chosen.type == "ORG":
                    end = self._end_of_company(part, start, end)
                if self._is_part_of_longer(part, start, end, chosen):
                    continue
                if chosen.type == "PERSON" and part.text[start - 3 : start] in _ARTICLES:
                    start -= 3  # "President El-Sisi"
                part.settle(settled(start, end, chosen, 0.95))

    def _end_of_company(self, part: Part, start: int, end: int) -> int:
        """Gives the end of "Siemens AG", or of "Siemens Kenya", which is its branch there."""
        text = part.text
        form = _LEGAL_FORM.match(text, end)
        if form is not None and part.free(start, form.end()):
            return form.end()
        branch = part.names.get(end + 1) if text.startswith(" ", end) else None
        if (
            branch is not None
            and branch.meanings[0].kind == "country"
            and not part.in_headline_case
            and _TOLD.search(text, max(0, start - 12), start) is None
            and _SENTENCE_GOES_ON.match(text, branch.end) is None
        ):
            return branch.end
        return end

    def _company_or_land(
        self, part: Part, end: int, company: Entry, entries: Sequence[Entry]
    ) -> Entry:
        """Gives the Amazon that is meant: the forest, but of "the Amazon warehouse" the company."""
        land = next((one for one in entries if one.kind == "curated" and one.type == "LOC"), None)
        if land is None:
            return company
        noun = _NOUN_BEHIND.match(part.text, end)
        return company if noun is not None and noun.group(1) in self._company_nouns else land

    def _is_named_after(self, part: Part, start: int, end: int, entries: Sequence[Entry]) -> bool:
        """Says whether a person's name opens that of a place or a body: "Nelson Mandela Bay".

        What it is, its own words tell later. Where all words are capitalised, they tell nothing.
        """
        if any(entry.kind in LOCAL_KINDS for entry in entries) and self._places.end_of_place(
            part, start
        ):
            return True
        if part.in_headline_case or not part.text.startswith(" ", end):
            return False
        behind = _WORDS_BEHIND.match(part.text, end)
        for word in behind.group().split() if behind is not None else ():
            if word in self._named_after or word.rstrip(".") in self._named_after:
                return True
            if word in self._titles:
                return False
        return False

    def _is_part_of_longer(self, part: Part, start: int, end: int, entry: Entry) -> bool:
        """A family-name-like alias inside an unknown person's name is not that entry."""
        text = part.text
        if entry.type == "PERSON":
            if _HYPHENATED.search(text, max(0, start - 12), start):
                return True  # "Jean-Bosco Ntaganda"
            if " " not in text[start:end]:
                before = _FIRST_NAME.search(text, max(0, start - 24), start)
                if before and self._is_first_name(part, before):
                    return True  # "Margaret" before "Kenyatta"
        if entry.type in _LAND and self._is_elsewhere(part, start, entry):
            return True
        if entry.type in ("PERSON", "ORG", "PRODUCT", "EVENT") and text[end : end + 1] == " ":
            after = re.match(r"\w+", text[end + 1 : end + 40])
            word = after.group() if after else ""
            if word and word[0] in CAPITAL and word in self._tail and entry.type == "ORG":
                return word not in ("Group",)
        return False

    def _is_first_name(self, part: Part, before: re.Match[str]) -> bool:
        """Says whether the word before a family name is a first name, known or not.

        Not the last word of another name, a title or what a person is.
        """
        word, start = before.group(1), before.start(1)
        if word in self._titles or part.in_headline_case:
            return False
        return word in self._first_names or not (
            word in self._no_first_name
            or word.lower() in self._roles
            or start in part.names
            or not part.free(start, before.end(1))
            or word.isupper()
            or part.text[start - 2 : start].strip() in ("-", "'", "&")
            or self._is_in_name(word_before(part.text, start))
        )

    def _is_in_name(self, word: str) -> bool:
        """Says whether a capitalised word before another is no title, and begins no sentence."""
        return word != "" and not (
            word in self._titles
            or word in self._no_first_name
            or word in self._first_names
            or word.lower() in self._roles
        )

    def _is_elsewhere(self, part: Part, start: int, entry: Entry) -> bool:
        """Says whether a place elsewhere opens the name: Hawaii Volcanoes National Park."""
        before = part.match_before(start)
        if before is None or entry.country is None:
            return False
        return before.end == start - 1 and all(
            one.country not in (None, entry.country) for one in before.meanings
        )
