"""Rules that find people, known or not, and what their family names mean later."""

import re
from collections.abc import Sequence
from dataclasses import replace

from transforms.tagging.found import Found, Part
from transforms.tagging.gazetteer import Entry, Gazetteer
from transforms.tagging.matcher import Match
from transforms.tagging.names import ACRONYM, is_headline_case, is_nation, settled
from transforms.tagging.runs import Run, Token

_SUFFIXES = frozenset({"Jr", "Jr.", "Sr", "Sr.", "II", "III", "IV", "MP", "MD"})
_SPEECH = (
    "said|says|told|added|wrote|tweeted|argued|explained|noted|warned|insisted|recalled|testified"
)
_SPEECH_AFTER = re.compile(rf" (?:has |have |had )?(?:{_SPEECH})\b")
_SPEECH_BEFORE = re.compile(rf"\b(?:{_SPEECH}) $")
_AGE = re.compile(r", \d{1,3}[,.;]")
_APPOSITION = re.compile(r", ((?:[\w'’.&-]+ ?){1,7})")
_WORD_BEFORE = re.compile(r"([\w-]+),? $")
_PLACE_BEFORE = re.compile(r"\b(?:in|at|to|from|near|of|into|across|outside|throughout|within) $")
_ROLES_PHRASE = re.compile(
    r" of (?:State|Defense|Defence|Staff|the Treasury|Justice|Commerce|Education|Health|Energy"
    r"|Agriculture|Labor|Interior)\b"
)


class PersonRules:
    """Finds the people of one document."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._words = words = gazetteer.words
        self._first = gazetteer.first_names
        self._weak, self._family_first = words["weak_titles"], words["family_first"]
        self._roles = words["roles"]
        self._titles, self._stop = words["titles"], words["stop"]
        self._tail = words["org_tail"]
        self._facility, self._water = words["facility_tail"], words["water_tail"]
        self._division = words["division_tail"]

    def people(self, parts: Sequence[Part]) -> None:
        """Settles people by title, role, first name and speech; then their family names alone."""
        for part in parts:
            if is_headline_case(part):
                continue
            names = {m[0]: m for m in part.matches}
            for run in part.runs:
                self._person(part, run, names)
        self._people_shortened_later(parts)
        self._repeat_full_names(parts)
        known: dict[str, Found] = {}
        given: dict[str, Found] = {}
        for part in reversed(parts):  # the text before the title
            for found in part.found:
                if found.type == "PERSON" and " " in found.name:
                    words = found.name.split()
                    known.setdefault(words[-1], found)
                    if words[0] in self._family_first or words[0] in self._first:
                        given.setdefault(words[0], found)
        for name, found in given.items():
            known.setdefault(name, found)
        for part in parts:
            places = {m[0]: m for m in part.matches}
            for run in part.runs:
                self._family_name(part, run, known, places)

    def _people_shortened_later(self, parts: Sequence[Part]) -> None:
        """Settles unknown names of two or three words whose last word stands alone elsewhere.

        News shortens people so ("Busi Mkhwebane … Mkhwebane said"), hardly anything else.
        """
        alone = {
            run.tokens[0].text
            for part in parts
            for run in part.runs
            if len(run.tokens) == 1 and part.free(run.start, run.end) and not is_headline_case(part)
        }
        for part in parts:
            if is_headline_case(part):
                continue
            names = {m[0] for m in part.matches}
            for run in part.runs:
                tokens = list(run.tokens)
                while tokens and (tokens[0].text in self._titles or tokens[0].text in self._stop):
                    tokens = tokens[1:]
                if not 2 <= len(tokens) <= 3 or tokens[-1].text not in alone:
                    continue
                if not part.free(tokens[0].start, tokens[-1].end) or any(
                    token.start in names
                    or token.text in self._stop
                    or token.text in self._tail
                    or token.text in self._division
                    or token.text in self._facility
                    or ACRONYM.fullmatch(token.text)
                    for token in tokens
                ):
                    continue
                if part.text[max(0, tokens[0].start - 4) : tokens[0].start].lower() != "the ":
                    self._settle_person(part, tokens, False)

    def _repeat_full_names(self, parts: Sequence[Part]) -> None:
        """Settles full names of the text in a headline whose every word is capitalised."""
        headline, people = parts[0], {f.name: f for f in parts[-1].found if f.type == "PERSON"}
        if not is_headline_case(headline):
            return
        for name, person in people.items():
            start = headline.text.find(name) if " " in name else -1
            if start >= 0 and headline.free(start, start + len(name)):
                headline.settle(replace(person, start=start, end=start + len(name)))

    def _person(self, part: Part, run: Run, names: dict[int, Match]) -> None:
        tokens = run.tokens
        i = 0
        while i < len(tokens):
            token = tokens[i]
            if not part.free(token.start, token.end):
                i += 1
                continue
            titled = False
            if token.text in self._titles:
                j = i
                while (
                    j < len(tokens)
                    and tokens[j].text in self._titles
                    and part.free(tokens[j].start, tokens[j].end)
                ):
                    j += 1
                if j < len(tokens):
                    titled = any(t.text not in self._weak for t in tokens[i:j]) or j - i > 1
                    match = names.get(token.start)
                    if match and match[1] > token.end and self._is_firm(part, match, False):
                        titled, j = False, i + 1  # "Sri" of Sri Lanka
                        while j < len(tokens) and tokens[j].start < match[1]:
                            j += 1
                        if j >= len(tokens):
                            break
                    i = j
                    token = tokens[i]
                else:
                    i = j
                    continue
            elif i == 0 and _ROLES_PHRASE.search(part.text, max(0, token.start - 24), token.start):
                titled = True
            j = self._name_end(part, tokens, i, names)
            if j > i:
                name = [t for t in tokens[i:j]]
                if self._is_person(part, run, i, j, titled, names):
                    self._settle_person(part, name, titled)
                    i = j
                    continue
            i += 1

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
        while j > i and tokens[j - 1].text in self._words["particles"]:
            j -= 1
        return j

    def _is_firm(self, part: Part, match: Match, inside: bool) -> bool:
        """A country, demonym or group ends a name; a city that follows a first name does not."""
        kinds = {self._gazetteer.entry(i).kind for i in self._gazetteer.patterns[match[2]]}
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
        words = [t for t in tokens if t.text not in self._words["particles"]]
        if not words or any(any(c.isdigit() for c in t.text) for t in words):
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
        if any(
            t.text in self._tail or t.text in self._facility or t.text in self._water for t in words
        ):
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

    def _settle_person(self, part: Part, tokens: list[Token], titled: bool) -> None:
        while len(tokens) > 2 and tokens[-1].text in _SUFFIXES:
            tokens = tokens[:-1]
        name = " ".join(token.text for token in tokens)
        start, end = tokens[0].start, tokens[-1].end
        if len(tokens) == 1:
            entry = self._known_surname(tokens[0].text)
            if entry is not None and titled:
                part.settle(settled(start, end, entry, 0.85))
            elif titled:
                part.found.append(Found(start, end, "PERSON", name, score=0.55, kind="surname"))
            return
        entry = self._curated_like(tokens)
        part.settle(
            settled(start, end, entry, 0.85)
            if entry
            else Found(start, end, "PERSON", name, score=0.75)
        )

    def _known_surname(self, surname: str) -> Entry | None:
        indices = self._gazetteer.surnames.get(surname, ())
        return self._gazetteer.entry(indices[0]) if len(indices) == 1 else None

    def _curated_like(self, tokens: list[Token]) -> Entry | None:
        """Finds the curated person whose first and last names these are, middle names aside."""
        for index in self._gazetteer.surnames.get(tokens[-1].text, ()):
            entry = self._gazetteer.entry(index)
            if entry.name.split()[0] == tokens[0].text:
                return entry
        return None

    def _family_name(
        self, part: Part, run: Run, known: dict[str, Found], places: dict[int, Match]
    ) -> None:
        for token in run.tokens:
            if not part.free(token.start, token.end) or len(token.text) < 2:
                continue
            person = known.get(token.text)
            if person is not None:
                before = part.text[max(0, token.start - 12) : token.start]
                if token.start in places and (
                    _PLACE_BEFORE.search(before)
                    or (
                        is_nation(self._gazetteer, part, token)
                        and token.text not in self._words["family_places"]
                    )
                ):
                    continue
                if token.text in self._stop or (token.text in self._titles and len(run.tokens) > 1):
                    continue
                part.settle(
                    Found(
                        token.start,
                        token.end,
                        "PERSON",
                        person.name,
                        person.ids,
                        person.country,
                        score=0.8,
                    )
                )
                continue
            alone = len(run.tokens) == 1 or (
                token is run.tokens[-1]
                and all(
                    not part.free(t.start, t.end) or t.text in self._titles or t.text in self._stop
                    for t in run.tokens[:-1]
                )
            )
            if (
                alone
                and len(token.text) >= 4
                and token.start not in places
                and token.text not in self._stop
                and (token.text not in self._first and token.text not in self._titles)
            ):
                entry = self._known_surname(token.text)
                if entry is not None:
                    part.settle(settled(token.start, token.end, entry, 0.7))
        for found in [
            f for f in part.found if f.kind == "surname" and run.start <= f.start < run.end
        ]:
            part.found.remove(found)
            if part.free(found.start, found.end):
                part.settle(found)
