"""Rules that find the names of people, known or not, within a run of capitalised words."""

import re

from transforms.tagging.found import Found, Part
from transforms.tagging.gazetteer import Entry, Gazetteer
from transforms.tagging.matcher import Match
from transforms.tagging.names import ACRONYM, settled
from transforms.tagging.runs import Run, Token
from transforms.tagging.surnames import known_surname

_SUFFIXES = frozenset({"Jr", "Jr.", "Sr", "Sr.", "II", "III", "IV", "MP", "MD"})
_SPEECH = (
    "said|says|told|added|wrote|tweeted|argued|explained|noted|warned|insisted|recalled|testified"
)
_SPEECH_AFTER = re.compile(rf" (?:has |have |had )?(?:{_SPEECH})\b")
_SPEECH_BEFORE = re.compile(rf"\b(?:{_SPEECH}) $")
_AGE = re.compile(r", (?:\d{1,3}[,.;]|who |whose |aged )")
_APPOSITION = re.compile(r", ((?:[\w'’.&-]+ ?){1,7})")
_WORD_BEFORE = re.compile(r"([\w-]+),? $")
_PLACE_BEFORE = re.compile(r"\b(?:in|at|to|from|near|of|into|across|outside|throughout|within) $")
_DIGIT = re.compile(r"\d")
# The last words of offices such as Secretary of State, before a name.
_OFFICES = frozenset(
    {"State", "Defense", "Defence", "Staff", "Treasury", "Justice", "Commerce", "Education",
     "Health", "Energy", "Agriculture", "Labor", "Interior"}
)  # fmt: skip
_OF_OFFICE = re.compile(r" of (?:the )?\w+ $")


class PersonNames:
    """Finds people by title, role, first name and speech."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._words = words = gazetteer.words
        self._first = gazetteer.first_names
        self._weak, self._family_first = words["weak_titles"], words["family_first"]
        self._roles, self._particles = words["roles"], words["particles"]
        self._titles, self._stop = words["titles"], words["stop"]
        self._tail, self._division = words["org_tail"], words["division_tail"]
        self._no_person = self._tail | words["facility_tail"] | words["water_tail"]

    def settle(self, part: Part, run: Run, surnames: list[tuple[Part, Found]]) -> None:
        """Settles the people of one run; "Mr. Brackwell", known by no other name, goes to surnames.

        What such a surname means is only known when all parts of the document have been read.
        """
        tokens, names = run.tokens, part.names
        if len(tokens) == 1:
            return
        i = 0
        while i < len(tokens):
            if not part.free(tokens[i].start, tokens[i].end):
                i += 1
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
            j = self._name_end(part, tokens, i, names)
            if j > i and self._is_person(part, run, i, j, titled, names):
                self._settle_person(part, tokens[i:j], titled, surnames)
                i = j
            else:
                i += 1

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
        if match and match.end > tokens[i].end and self._is_firm(part, match, False):
            j = i + 1  # "Sri" of Sri Lanka
            while j < len(tokens) and tokens[j].start < match.end:
                j += 1
            return j, False
        return j, j - i > 1 or any(token.text not in self._weak for token in tokens[i:j])

    def _name_end(
        self, part: Part, tokens: tuple[Token, ...], i: int, names: dict[int, Match]
    ) -> int:
        j = i
        while j < len(tokens) and j - i < 5:
            token = tokens[j]
            if not part.free(token.start, token.end):
                break
            text = token.text
            if (text in self._stop and text not in self._first) or (
                j > i and text in self._titles and text not in self._first
            ):
                break
            if j > i and (text in self._tail or text in self._division) and text not in self._first:
                break
            match = names.get(token.start)
            if match and self._is_firm(part, match, j > i):
                break
            j += 1
        while j > i and tokens[j - 1].text in self._particles:
            j -= 1
        return j

    def _is_firm(self, part: Part, match: Match, inside: bool) -> bool:
        """A country, demonym or group ends a name; a city that follows a first name does not."""
        kinds = {entry.kind for entry in self._gazetteer.meanings(match[2])}
        word = part.text[match[0] : match[1]]
        if kinds & {"country", "demonym", "group", "metonym", "macro"}:
            return not (
                (word in self._first)
                or (
                    inside and kinds <= {"country", "city"} and word in self._words["family_places"]
                )
            )
        return (
            kinds == {"admin1"}
            and word not in self._first
            and word not in self._words["family_places"]
        )

    def _is_person(
        self,
        part: Part,
        run: Run,
        i: int,
        j: int,
        titled: bool,
        names: dict[int, Match],
    ) -> bool:
        tokens = run.tokens[i:j]
        words = [t for t in tokens if t.text not in self._particles]
        if not words or any(_DIGIT.search(token.text) for token in words):
            return False
        match = names.get(tokens[0].start)
        covers = match is not None and match[1] >= tokens[-1].end
        if titled:
            if ACRONYM.fullmatch(words[0].text) and len(words) == 1:
                return False
            return len(words) > 1 or not covers
        first = words[0].text
        if (
            len(words) >= 2
            and first in self._family_first
            and match is None
            and not any(names.get(t.start) or t.text in self._tail for t in words[1:])
        ):
            return True
        if (
            len(words) >= 3
            and words[1].text in self._first
            and match is None
            and first not in self._tail
            and not ACRONYM.fullmatch(first)
            and not names.get(words[1].start)
        ):
            return True  # "Harish Chandra Sharma": the second word is known
        if (
            len(words) >= 2
            and first in self._first
            and not covers
            and not ACRONYM.fullmatch(words[-1].text)
        ):
            if match and match[1] > tokens[0].end:
                return False
            before = part.text[max(0, tokens[0].start - 12) : tokens[0].start]
            return not (
                match and first in self._words["first_places"] and _PLACE_BEFORE.search(before)
            )
        if (
            not 2 <= len(words) <= 3
            or match is not None
            or any(ACRONYM.fullmatch(t.text) for t in words)
        ):
            return False
        if i > 0 and run.tokens[i - 1].text in self._stop and run.tokens[i - 1].text == "The":
            return False
        if any(t.text in self._no_person for t in words):
            return False
        if any(names.get(t.start) for t in words[:-1]):
            return False
        if re.fullmatch(r"(?:[A-Z]\.){1,2}", first) and "." not in words[-1].text:
            return True
        text, start, end = part.text, tokens[0].start, tokens[-1].end
        word = _WORD_BEFORE.search(text, max(0, start - 30), start)
        if word and word.group(1) in self._roles:
            return True
        if (
            _SPEECH_AFTER.match(text, end)
            or _AGE.match(text, end)
            or _SPEECH_BEFORE.search(text, max(0, start - 14), start)
        ):
            return text[max(0, start - 4) : start].lower() != "the "
        apposition = _APPOSITION.match(text, end)
        if apposition and text[max(0, start - 4) : start].lower() != "the ":
            return any(word in self._roles for word in apposition.group(1).split())
        return False

    def settle_name(self, part: Part, tokens: tuple[Token, ...]) -> None:
        """Settles words that are a person's whole name."""
        self._settle_person(part, tokens, False, [])

    def _settle_person(
        self,
        part: Part,
        tokens: tuple[Token, ...],
        titled: bool,
        surnames: list[tuple[Part, Found]],
    ) -> None:
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
