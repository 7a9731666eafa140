"""Names that no list holds, told by what English says beside one of their mentions."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set

from transforms.tagging.context_signs import (
    follows_in,
    is_called_organization,
    is_called_place,
    is_plain,
    speaks,
    words_before,
)
from transforms.tagging.found import PLACE_TYPES, Found, Part
from transforms.tagging.gazetteer import LOCAL_KINDS, Entry, Gazetteer
from transforms.tagging.runs import Run
from transforms.tagging.settling import settled

# One name's mentions.
Mentions = Sequence[tuple[Part, Run]]

_NO_NAMES = (
    "stop", "titles", "roles", "topics", "org_head", "org_tail", "days", "languages", "organs"
)  # fmt: skip
_MOST_WORDS = 3
_SCORE = 0.35
_SENTENCE_START = re.compile(r"(?:^|[.!?:][\"')]* |\n\s*)$")
# "In Leeds, Barloo will …": the name opens a clause, and lists nothing.
_CLAUSE_BEHIND = re.compile(r" (?!(?:and|or|in|on|at|to|as|for|from|but|with|near)\b)[a-z]+")
_JOINTS = (", ", " and ", ", and ", " or ", "/")


class ContextRules:
    """Settles unknown names, all mentions of one in a document alike.

    Places: "Budgam district", "the village of Budgam"; "in Budgam", twice or at the only mention;
    beside a place in a list. Organisations: "the band Deadsy", "Deadsy shares". People: "Barloo
    said"; beside a person in a list; the family name of one told so.
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._ordinary = frozenset().union(*(gazetteer.words[name] for name in _NO_NAMES))
        self._peoples_names = gazetteer.first_names | gazetteer.words["family_names"]

    def settle(self, parts: Sequence[Part]) -> None:
        """Settles the unknown names of a document's parts."""
        names: dict[str, list[tuple[Part, Run]]] = defaultdict(list)
        for part in parts:
            for run in self._unknown(part):
                names[part.text[run.start : run.end]].append((part, run))
        if not names:
            return
        types = Counter(found.type for part in parts for found in part.found)
        # In business news, those who say something, and who stand in lists, are companies.
        of_people = types["PERSON"] >= types["ORG"]
        countries = {found.country for part in parts for found in part.found}
        waiting: dict[str, Mentions] = {}
        for name, mentions in names.items():
            kind = self._kind_of(name, mentions, of_people)
            if kind:
                _settle(name, mentions, kind, countries)
            else:
                waiting[name] = mentions
        if waiting:
            beside = _Neighbours(parts)
            for name, found in waiting.items():
                kind = beside.kind_of(found) if is_plain(name) else ""
                if kind == "GPE" or (kind == "PERSON" and of_people):
                    _settle(name, found, kind, countries)
                    beside.add(found, kind)
            _settle_family_names(parts, waiting)

    def _unknown(self, part: Part) -> list[Run]:
        text, taken, ordinary = part.text, part.taken, self._ordinary
        found = [
            run
            for run in part.runs
            if run.tokens[0].text not in ordinary  # most are: it costs least to ask first
            and taken.find(1, run.start, run.end) < 0
            and len(run.tokens) <= _MOST_WORDS
            and not any(token.text in ordinary for token in run.tokens)
        ]
        if not found or not part.is_english:
            return []
        return [run for run in found if not _stands_in_lower_case(text[run.start : run.end], text)]

    def _kind_of(self, name: str, mentions: Mentions, of_people: bool) -> str:
        """Gives what stands beside one of a name's mentions tells; "" where nothing does."""
        beside = [
            (words_before(part.text, run.start), part.text, run.end) for part, run in mentions
        ]

        def tells(sign: Callable[[list[str], str, int], bool]) -> bool:
            return any(sign(*one) for one in beside)

        plain = is_plain(name)
        if plain and tells(is_called_place):
            return "GPE"
        if tells(is_called_organization):
            return "ORG"
        if not plain:
            return ""
        if (of_people or " " in name) and tells(speaks):
            return "PERSON"
        inside = sum(follows_in(before) for before, _, _ in beside)
        return "GPE" if inside >= min(len(mentions), 2) and name not in self._peoples_names else ""


def _stands_in_lower_case(name: str, text: str) -> bool:
    """Says whether a text has the words of a name as ordinary ones, too."""
    word = name.lower()
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        if not text[start - 1 : start].isalpha() and not text[end : end + 1].isalpha():
            return True
        start = text.find(word, end)
    return False


def _settle(name: str, mentions: Mentions, kind: str, countries: Set[str | None]) -> None:
    known = _known_place(*mentions[0], countries) if kind == "GPE" else None
    for part, run in mentions:
        part.settle(
            Found(run.start, run.end, kind, name, score=_SCORE)
            if known is None
            else settled(run.start, run.end, known, _SCORE, True)
        )


def _known_place(part: Part, run: Run, countries: Set[str | None]) -> Entry | None:
    """Gives the place of a name that the place rules had no sign for, and that is one all the same.

    The first in a country that the document speaks of.
    """
    for match in part.matches:
        if (match.start, match.end) == (run.start, run.end):
            places = (one for one in match.meanings if one.kind in LOCAL_KINDS)
            return next((one for one in places if one.country in countries), None)
    return None


def _settle_family_names(parts: Iterable[Part], waiting: Mapping[str, Mentions]) -> None:
    """Settles the family names of people whom this module has told, as those people."""
    for part in parts:
        for found in [one for one in part.found if one.type == "PERSON" and one.score == _SCORE]:
            _, _, family_name = found.name.rpartition(" ")
            mentions = waiting.get(family_name, ()) if family_name != found.name else ()
            for place, run in mentions:
                if place.free(run.start, run.end):
                    place.settle(Found(run.start, run.end, "PERSON", found.name, score=_SCORE))


class _Neighbours:
    """The places and people of a document, by where they begin and end."""

    def __init__(self, parts: Iterable[Part]) -> None:
        self._kinds: dict[tuple[int, int], str] = {}
        for part in parts:
            for found in part.found:
                # Countries stand in lists with much else.
                place = found.type in PLACE_TYPES and found.kind not in ("country", "macro")
                if place or found.type == "PERSON":
                    self._put(part, found.start, found.end, "GPE" if place else "PERSON")

    def _put(self, part: Part, start: int, end: int, kind: str) -> None:
        self._kinds[id(part), start] = self._kinds[id(part), -end] = kind

    def add(self, mentions: Mentions, kind: str) -> None:
        """Notes a name that has been settled: lists tell their members one by one."""
        for part, run in mentions:
            self._put(part, run.start, run.end, kind)

    def kind_of(self, mentions: Mentions) -> str:
        """Gives what the names are beside which a name stands in lists; "" if that is not clear."""
        kinds: set[str] = set()
        for part, run in mentions:
            self._add_beside(part, run, kinds)
        return kinds.pop() if len(kinds) == 1 else ""

    def _add_beside(self, part: Part, run: Run, kinds: set[str]) -> None:
        text = part.text
        opens = len(run.tokens) == 1 and _SENTENCE_START.search(
            text, max(0, run.start - 4), run.start
        )
        for joint in _JOINTS:
            if text.startswith(joint, run.end) and not opens:
                self._add_at(part, run.end + len(joint), kinds)
            if text.endswith(joint, 0, run.start) and not (
                joint == ", " and _CLAUSE_BEHIND.match(text, run.end)
            ):
                self._add_at(part, -(run.start - len(joint)), kinds)

    def _add_at(self, part: Part, place: int, kinds: set[str]) -> None:
        kind = self._kinds.get((id(part), place))
        if kind is not None:
            kinds.add(kind)
