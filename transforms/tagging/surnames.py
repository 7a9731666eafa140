"""What a family name, or a first name, alone means after the full name has been told."""

from collections.abc import Sequence

from transforms.tagging.east_asian_names import is_hyphenated_given_name
from transforms.tagging.found import Found, Part
from transforms.tagging.gazetteer import LOCAL_KINDS, Gazetteer
from transforms.tagging.known_people import known_surname
from transforms.tagging.matcher import Match
from transforms.tagging.name_signs import (
    is_after_place_word,
    is_compound,
    is_nation,
    word_possessed,
)
from transforms.tagging.person_signs import is_spoken_of_as_person
from transforms.tagging.runs import Run, Token
from transforms.tagging.settling import settled

_PARTICLES = frozenset({"da", "das", "de", "del", "di", "do", "dos", "du", "la", "las", "los"})


class SurnameRules:
    """Settles the short names of people whom the document or the gazetteer knows in full."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        words = gazetteer.words
        self._first, self._family_first = gazetteer.first_names, words["family_first"]
        self._titles, self._stop = words["titles"], words["stop"]
        self._no_name = self._titles | self._stop | words["org_tail"] | words["facility_tail"]
        self._family_words = words["family_words"]
        self._roles = words["roles"]
        self._land = words["facility_tail"] | words["water_tail"]
        self._family_places, self._nouns = words["family_places"], words["noun_surnames"]

    def settle(self, parts: Sequence[Part]) -> None:
        """Settles short names in all parts; the names of the text explain those of the title."""
        known = self._known(parts)
        surnames = self._gazetteer.surnames
        for part in parts:
            for run in part.runs:
                for token in run.tokens:
                    text = token.text
                    person = known.get(text)
                    if person is None and text not in surnames:
                        continue
                    if len(text) < 2 or not part.free(token.start, token.end):
                        continue
                    if person is not None:
                        self._told_before(part, run, token, person)
                    else:
                        self._well_known(part, run, token)

    def _known(self, parts: Sequence[Part]) -> dict[str, Found]:
        """Gives last and first names of the people found; last names go first."""
        known: dict[str, Found] = {}
        given: dict[str, Found] = {}
        for part in reversed(parts):  # the text before the title
            for found in part.found:
                if found.type == "PERSON" and " " in found.name:
                    words = found.name.split()
                    known.setdefault(words[-1], found)
                    if (
                        words[0] in self._family_first
                        or words[0] in self._first
                        or is_hyphenated_given_name(words[-1])
                    ):
                        given.setdefault(words[0], found)
        return given | known

    def _told_before(self, part: Part, run: Run, token: Token, person: Found) -> None:
        text, start = token.text, token.start
        if _ends_place(part, token):
            return
        if start in part.names and (
            is_after_place_word(part.text, start)
            or (is_nation(part, token) and not self._is_spoken_of(part, token))
        ):
            return
        if text in self._nouns and (
            token is not run.tokens[-1] or part.text[max(0, start - 4) : start].lower() == "the "
        ):
            return  # "the Lake", "Lake Velk"
        if text in self._family_words and is_spoken_of_as_person(
            part.text, start, token.end, self._roles
        ):
            pass  # "Long said" behind "Naomi Long"
        elif text in self._stop or (text in self._titles and len(run.tokens) > 1):
            return
        first = self._first_word(part, run, token)
        whole = part.text[first.start : token.end]
        if first is token or set(whole.split()) <= set(person.name.split()):
            part.settle(
                Found(
                    first.start, token.end, "PERSON", person.name, person.ids, person.country,
                    score=0.8,
                )
            )  # fmt: skip
        else:  # a relative, or a fuller name than we know
            part.settle(Found(first.start, token.end, "PERSON", whole, score=0.7))

    def _is_spoken_of(self, part: Part, token: Token) -> bool:
        """Says whether a country's name that is a family name too is a person's here.

        Jordan is, where the text has a Jordan; Cuba only where it is spoken of as one.
        """
        return token.text in self._family_places and (
            token.text in self._first
            or is_spoken_of_as_person(part.text, token.start, token.end, self._roles)
        )

    def _first_word(self, part: Part, run: Run, last: Token) -> Token:
        """Gives the first of the unknown capitalised words that lead up to a family name."""
        index = run.tokens.index(last)
        first = last
        for token in reversed(run.tokens[max(0, index - 3) : index]):
            if (
                token.end != first.start - 1
                or not part.free(token.start, token.end)
                or token.start in part.names
                or token.text in self._no_name
                or ("-" in token.text and is_compound(token.text))
                or _name_around(part, token) is not None
            ):
                break
            first = token
        return first

    def _well_known(self, part: Part, run: Run, token: Token) -> None:
        """Settles a curated person's family name that stands alone."""
        text = token.text
        if (
            len(text) < 4
            or token.start in part.names
            or text in self._stop
            or text in self._first
            or text in self._titles
        ):
            return
        if word_possessed(part.text, token.end) in self._land:
            return  # "Massie's Creek Road"
        alone = len(run.tokens) == 1 or (
            token is run.tokens[-1]
            and all(
                not part.free(other.start, other.end)
                or other.text in self._titles
                or other.text in self._stop
                for other in run.tokens[:-1]
            )
        )
        entry = known_surname(self._gazetteer, text) if alone else None
        if entry is not None:
            part.settle(settled(token.start, token.end, entry, 0.7))


def _name_around(part: Part, token: Token) -> Match | None:
    """Gives the known name that begins before a word and holds it; None where there is none."""
    text, start = part.text, token.start
    space = text.rfind(" ", 0, max(0, start - 1))
    before = text[space + 1 : start - 1]
    if before[:1].islower() and before not in _PARTICLES:
        return None  # quicker than to search, for most
    match = part.match_before(start)
    if match is None or match.end < token.end or match.start not in part.names:
        return None
    return match


def _ends_place(part: Part, token: Token) -> bool:
    """Says whether a word stands within a longer name of a place: "Santo Domingo".

    Not in "St. John's", which is as often a saint's church or hospital.
    """
    match = _name_around(part, token)
    return (
        match is not None
        and match.meanings[0].kind in LOCAL_KINDS
        and not part.text.endswith("'s", 0, match.end)
    )
