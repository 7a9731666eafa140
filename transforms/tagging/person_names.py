"""Rules that find the names of people, known or not, within a run of capitalised words."""

import re

from transforms.tagging.distinct_names import SAINTS
from transforms.tagging.found import Found, Part
from transforms.tagging.gazetteer import Gazetteer
from transforms.tagging.known_people import KnownPeople
from transforms.tagging.matcher import Match
from transforms.tagging.name_signs import is_after_place_word, is_amid_sentence, is_compound
from transforms.tagging.person_evidence import PersonEvidence
from transforms.tagging.person_signs import is_spoken_of_as_person
from transforms.tagging.runs import Run, Token
from transforms.tagging.titled_places import TitledPlaces

# The last words of offices such as Secretary of State, before a name.
_OFFICES = frozenset(
    {"State", "Defense", "Defence", "Staff", "Treasury", "Justice", "Commerce", "Education",
     "Health", "Energy", "Agriculture", "Labor", "Interior"}
)  # fmt: skip
_FAMILY_KINDS = frozenset({"country", "city", "group"})
_NUMERALS = frozenset({"II", "III", "IV", "VI", "VII"})
_OF_OFFICE = re.compile(r" of (?:the )?\w+ $")


class PersonNames:
    """Finds people by title, role, first name and speech."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._known = KnownPeople(gazetteer)
        self._evidence = PersonEvidence(gazetteer)
        self._places = TitledPlaces(gazetteer)
        self._words = words = gazetteer.words
        self._first = gazetteer.first_names
        self._weak, self._family_first = words["weak_titles"], words["family_first"]
        self._particles = words["particles"]
        self._sure_titles, self._roles = words["mrs"], words["roles"]
        self._titles, self._stop = words["titles"], words["stop"]
        self._family_words = words["family_words"]
        self._unsure_family_words = words["unsure_family_words"]
        self._tail, self._division = words["org_tail"], words["division_tail"]

    def settle(self, part: Part, run: Run, surnames: list[tuple[Part, Found]]) -> None:
        """Settles the people of one run of several words.

        "Mr. Brackwell", known by no other name, goes to surnames: what such a one means is only
        known when all parts of the document have been read.
        """
        tokens, names = run.tokens, part.names
        i = end_of_place = 0
        while i < len(tokens):
            if tokens[i].start < end_of_place or not part.free(tokens[i].start, tokens[i].end):
                i += 1  # "Pedro" of San Pedro Sula is no first name
                continue
            titled = False
            if tokens[i].text in self._titles:
                i, titled = self._after_titles(part, tokens, i)
                if i >= len(tokens):
                    return
            elif i and tokens[i - 1].text in _OFFICES:
                titled = (
                    _OF_OFFICE.search(part.text, max(0, tokens[i].start - 24), tokens[i].start)
                    is not None
                )
            j = self._name_end(part, tokens, i, names, titled)
            if j - i == 1 and i and not titled and tokens[i - 1].text in self._sure_titles:
                # "Justice Velk wrote", though there are ministries of justice.
                titled = is_spoken_of_as_person(
                    part.text, tokens[i].start, tokens[i].end, self._roles
                )
            if j > i and self._evidence.is_person(part, run, i, j, titled):
                if j - i > 1 and not titled and self._is_of_saint(tokens[i], tokens[i + 1]):
                    self._settle_town(part, tokens[i].start, tokens[j - 1].end)
                else:
                    self._known.settle(part, tokens[i:j], titled, surnames)
                i = j
            else:
                match = names.get(tokens[i].start)
                end_of_place = match.end if match is not None else 0
                i += 1

    def _is_of_saint(self, first: Token, second: Token) -> bool:
        return first.text in SAINTS and second.text != "Claus"

    def _settle_town(self, part: Part, start: int, end: int) -> None:
        """Settles "San Juan Cancuc", of a saint's name, as a town; as a person where one speaks."""
        spoken = is_spoken_of_as_person(part.text, start, end, self._roles)
        type_ = "PERSON" if spoken else "GPE"
        part.settle(Found(start, end, type_, part.text[start:end], score=0.5))

    def _after_titles(self, part: Part, tokens: tuple[Token, ...], i: int) -> tuple[int, bool]:
        """Gives where titles that begin at a word end, and whether a person must follow."""
        j = i
        while (
            j < len(tokens)
            and tokens[j].text in self._titles
            and part.free(tokens[j].start, tokens[j].end)
        ):
            j += 1
        if j == len(tokens):
            return j, False
        match = part.names.get(tokens[i].start)
        firm = match and match.end > tokens[i].end and self._is_firm(part, match, False)
        end = match.end if match and firm else self._places.end_of_place(part, tokens[i].start)
        if end:
            j = i + 1  # "Sri" of Sri Lanka
            while j < len(tokens) and tokens[j].start < end:
                j += 1
            return j, False
        return j, j - i > 1 or any(token.text not in self._weak for token in tokens[i:j])

    def _name_end(
        self,
        part: Part,
        tokens: tuple[Token, ...],
        i: int,
        names: dict[int, Match],
        titled: bool,
    ) -> int:
        j = i
        while j < len(tokens) and j - i < 5:
            token = tokens[j]
            if not part.free(token.start, token.end):
                break
            text = token.text
            # "Sun Ruiwen" amid a sentence, not "He Googled".
            is_family_name = (
                j == i
                and text in self._family_first
                and (i > 0 or is_amid_sentence(part.text, token.start))
            )
            if (text in self._stop and text not in self._first and not is_family_name) or (
                j > i and text in self._titles and text not in self._first
            ):
                return self._end_of_word_name(part, tokens, i, j, titled)
            if "-" in text and is_compound(text):
                return i if j == i else j
            if j > i and (text in self._tail or text in self._division) and text not in self._first:
                break
            match = names.get(token.start)
            if match and self._is_firm(part, match, j > i):
                break
            j += 1
        while j > i and tokens[j - 1].text in self._particles:
            j -= 1
        return j

    def _end_of_word_name(
        self, part: Part, tokens: tuple[Token, ...], i: int, j: int, titled: bool
    ) -> int:
        """Gives where a name ends before an ordinary word: behind it, where it is a family name.

        "Naomi Long", at the end of a run; "Osei Tutu II".
        """
        if j > i and tokens[j].text in _NUMERALS:
            return j + 1
        first, word = tokens[i], tokens[j]
        sure = word.text in self._family_words
        if (
            not 1 <= j - i <= 2
            or j + 1 < len(tokens)
            or not (sure or word.text in self._unsure_family_words)
            or word.start in part.names
            or not all(self._is_given(token.text) for token in tokens[i:j])
        ):
            return j
        if titled or (
            sure
            and word.text not in self._unsure_family_words
            and first.start not in part.names
            and first.text not in self._words["first_places"]  # Victoria West is a town
            and not is_after_place_word(part.text, first.start)
        ):
            return j + 1
        said = is_spoken_of_as_person(part.text, first.start, word.end, self._roles)
        return j + 1 if said else j

    def _is_given(self, word: str) -> bool:
        return (word in self._first and word not in self._stop) or (
            len(word) == 2 and word.endswith(".")
        )

    def _is_firm(self, part: Part, match: Match, inside: bool) -> bool:
        """A country, demonym or group ends a name; a city that follows a first name does not."""
        kinds = {entry.kind for entry in match.meanings}
        word = part.text[match.start : match.end]
        if kinds & {"country", "demonym", "group", "metonym", "macro"}:
            return not (
                (word in self._first)
                or (inside and kinds <= _FAMILY_KINDS and word in self._words["family_places"])
            )
        return (
            kinds == {"admin1"}
            and word not in self._first
            and word not in self._words["family_places"]
        )
