"""Names that no list holds, told by what English says beside one of their mentions."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from transforms.tagging.found import Found, Part
from transforms.tagging.gazetteer import Gazetteer
from transforms.tagging.runs import Run

# One name's mentions.
Mentions = Sequence[tuple[Part, Run]]

_LOWER = re.compile(r"\b[a-z]{3,}\b")
# Capitalised words with small letters in them, and particles between: no acronyms, no figures.
_WORD = r"[^\W\d_][^\W\dA-Z_]+(?:['-][^\W\da-z_][^\W\dA-Z_]+)*"
_NAME = re.compile(rf"(?=.{{4}}){_WORD}(?: (?:(?:de|del|da|do|dos|du|la|el|al) )*{_WORD})*")
# How words for no place or person end: Diplomacy, Presidential, Indigenous, Accounting.
_ABSTRACT = re.compile(
    r"(?:tions?|ments?|ness|ity|ing|ism|ics|ship|[ae]nce|logy|phy|acy|ous|ive|[ict]al|ers|ware|ly)$"
)
_NO_NAMES = (
    "stop", "titles", "roles", "topics", "org_head", "org_tail", "days", "languages", "organs"
)  # fmt: skip
_MOST_WORDS = 3
_SCORE = 0.35
_NOUNS = (
    "district|province|region|village|town|city|island|county|valley|municipality|prefecture"
    "|commune|township|suburb|governorate|neighbou?rhood|parish|settlement|peninsula"
)
_PLACE_AFTER = re.compile(
    rf" (?:{_NOUNS}|river|lake|forest|area|state|sub-county|constituency|upazila|tehsil|highway)"
    r"s?\b"
)
_PLACE_BEFORE = re.compile(
    rf"\b(?:(?:{_NOUNS}|capital|port|hamlet|community|state)s? of"
    r"|(?:(?:north|south)-?)?(?:eastern|western)|northern|southern|central|downtown|rural|nearby) $"
)
_IN = re.compile(r"\b(?:in|near|around|outside|across|through|throughout) $")
# What is said of organisations alone: "the band X", "X shares".
_ORGANIZATION_BEFORE = re.compile(
    r"\b(?:band|newspaper|company|firm|platform|organi[sz]ation|start-?up|website|magazine|airline"
    r"|manufacturer|retailer|broadcaster|publisher|label|agency|charity|NGO|party|studio|developer"
    r"|maker|operator|bank|insurer|consultancy|daily|weekly|tabloid|portal|outlet|network|quartet|trio"
    r"|duo|orchestra|think-tank|brewery|chain|conglomerate|militia) $"
)
_ORGANIZATION_AFTER = re.compile(
    r"(?:'s)? (?:spokes(?:man|woman|person)|shares|shareholders|CEO|chief executive|employees"
    r"|executives|fans|players|customers|subsidiary)\b"
    # "Viacom said it expects"; "said it is" may be of the weather.
    r"|,? (?:also )?sa(?:id|ys) (?:its|it (?:has|will|plans|expects|intends|agreed|acquired|bought"
    r"|sold|received|completed|filed|signed|began|declined))\b"
)
_SPEAKS = re.compile(r",? (?:said|says|told|added|explained|noted|argued|replied|recalled|who)\b")
_SPOKE = re.compile(r"(?:[\"',] |\b)(?:said|says|added|explained|noted|recalled) $")
_SENTENCE_START = re.compile(r"(?:^|[.!?:][\"')]* |\n\s*)$")
_JOINTS = (", ", " and ", ", and ", " or ", "/")
_PLACES = frozenset({"GPE", "LOC", "FAC"})


def settle_unlisted(parts: Sequence[Part], gazetteer: Gazetteer) -> None:
    """Settles unknown names, all mentions of one in a document alike.

    Places: "Budgam district", "the village of Budgam"; "in Budgam", twice or at the only mention;
    beside a place in a list. Organisations: "the band Deadsy", "Deadsy shares". People: "Barloo
    said"; beside a person in a list; the family name of one told so.
    """
    mentions: dict[str, list[tuple[Part, Run]]] = defaultdict(list)
    for part in parts:
        for run in _unknown_names(part, gazetteer):
            mentions[part.text[run.start : run.end]].append((part, run))
    told = _Told(parts, gazetteer)
    waiting = {name: found for name, found in mentions.items() if not told.settle(name, found)}
    if not waiting:
        return
    beside = _Neighbours(parts)
    for name, found in waiting.items():
        kind = beside.kind_of(found) if _is_plain(name) else ""
        if kind == "GPE" or (kind == "PERSON" and told.of_people):
            _settle(name, found, kind)
            beside.add(found, kind)
    _settle_family_names(parts, waiting)


def is_called_place(text: str, start: int, end: int) -> bool:
    """Says whether a noun for a place stands beside a name: "the village of X", "X district"."""
    return (
        _PLACE_AFTER.match(text, end) is not None
        or _PLACE_BEFORE.search(text, max(0, start - 24), start) is not None
    )


def _unknown_names(part: Part, gazetteer: Gazetteer) -> Iterator[Run]:
    if not _is_english(part.text):
        return
    words = gazetteer.words
    lower = set(_LOWER.findall(part.text))
    for run in part.runs:
        if (
            len(run.tokens) <= _MOST_WORDS
            and part.free(run.start, run.end)
            and part.text[run.start : run.end].lower() not in lower
            and not any(token.text in words[one] for token in run.tokens for one in _NO_NAMES)
        ):
            yield run


def _is_plain(name: str) -> bool:
    """Says whether a name is spelt as those of places and people are."""
    return _NAME.fullmatch(name) is not None and not _ABSTRACT.search(name)


class _Told:
    """Names that what stands beside one of their mentions tells.

    Attributes:
        of_people: Whether the document is about people as much as about organisations: in business
            news, those who say something, and who stand in lists, are companies.
    """

    def __init__(self, parts: Sequence[Part], gazetteer: Gazetteer) -> None:
        self._known = (gazetteer.first_names, gazetteer.words["family_names"])
        types = Counter(found.type for part in parts for found in part.found)
        self.of_people = types["PERSON"] >= types["ORG"]

    def settle(self, name: str, mentions: Mentions) -> bool:
        """Settles a name, if something tells it."""
        kind = self._kind_of(name, mentions)
        if kind:
            _settle(name, mentions, kind)
        return kind != ""

    def _kind_of(self, name: str, mentions: Mentions) -> str:
        plain = _is_plain(name)
        if plain and any(is_called_place(part.text, run.start, run.end) for part, run in mentions):
            return "GPE"
        if any(_is_called_organization(part, run) for part, run in mentions):
            return "ORG"
        if not plain:
            return ""
        if (self.of_people or " " in name) and any(_speaks(part, run) for part, run in mentions):
            return "PERSON"
        inside = sum(_follows_in(part, run) for part, run in mentions)
        if inside >= min(len(mentions), 2) and not any(name in known for known in self._known):
            return "GPE"
        return ""


def _settle(name: str, mentions: Mentions, kind: str) -> None:
    for part, run in mentions:
        part.settle(Found(run.start, run.end, kind, name, score=_SCORE))


def _settle_family_names(parts: Iterable[Part], waiting: Mapping[str, Mentions]) -> None:
    """Settles the family names of people whom this module has told, as those people."""
    for part in parts:
        for found in [one for one in part.found if one.type == "PERSON" and one.score == _SCORE]:
            _, _, family_name = found.name.rpartition(" ")
            mentions = waiting.get(family_name, ()) if family_name != found.name else ()
            for place, run in mentions:
                if place.free(run.start, run.end):
                    place.settle(Found(run.start, run.end, "PERSON", found.name, score=_SCORE))


def _is_called_organization(part: Part, run: Run) -> bool:
    return (
        _ORGANIZATION_BEFORE.search(part.text, max(0, run.start - 16), run.start) is not None
        or _ORGANIZATION_AFTER.match(part.text, run.end) is not None
    )


def _speaks(part: Part, run: Run) -> bool:
    text = part.text
    return not text.startswith("the ", max(0, run.start - 4)) and (
        _SPEAKS.match(text, run.end) is not None
        or _SPOKE.search(text, max(0, run.start - 12), run.start) is not None
    )


def _follows_in(part: Part, run: Run) -> bool:
    return _IN.search(part.text, max(0, run.start - 12), run.start) is not None


def _is_english(text: str) -> bool:
    """Says whether "the" is as frequent as in English: one word of forty at least."""
    return text.count(" the ") * 40 >= text.count(" ")


class _Neighbours:
    """The places and people of a document, by where they begin and end."""

    def __init__(self, parts: Iterable[Part]) -> None:
        self._kinds: dict[tuple[int, int], str] = {}
        for part in parts:
            for found in part.found:
                # Countries stand in lists with much else.
                place = found.type in _PLACES and found.kind not in ("country", "macro")
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
        kinds = {kind for part, run in mentions for kind in self._beside(part, run)}
        return kinds.pop() if len(kinds) == 1 else ""

    def _beside(self, part: Part, run: Run) -> Iterator[str]:
        text = part.text
        opens = len(run.tokens) == 1 and _SENTENCE_START.search(
            text, max(0, run.start - 4), run.start
        )
        for joint in _JOINTS:
            if text.startswith(joint, run.end) and not opens:
                yield from self._at(part, run.end + len(joint))
            if text.endswith(joint, 0, run.start):
                yield from self._at(part, -(run.start - len(joint)))

    def _at(self, part: Part, place: int) -> Iterator[str]:
        kind = self._kinds.get((id(part), place))
        if kind is not None:
            yield kind
