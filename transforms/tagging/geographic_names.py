"""Names that are made of a known place's and a noun: "Hunan Province", "the Gulf of Nicoya"."""

import re
from collections.abc import Sequence

from transforms.tagging.found import Found, Part
from transforms.tagging.gazetteer import Entry, Gazetteer
from transforms.tagging.settling import settled

_NEXT_WORDS = re.compile(r"(?: [A-Z][\w'-]*)+")
# "Santiago de los Caballeros", "Foz do Iguaçu": in English, what follows belongs to the name.
_PARTICLE = re.compile(r" d(?:e(?: [Ll][ao]s?|l)?|[ao]s?|u|i) [^\W\da-z_][\w-]+")
# "Harrow East", "Kavango West", "Durban Central": a part of a place, or what it votes in.
_SIDE_BEHIND = re.compile(
    r" (?:North|South|East|West|Central)(?![\w-]| (?!M(?:[LS]?P|LA)s?\b)[A-Z])"
)
_LONGEST = 60
_PROVINCE = " province"
# What stands before the name of a state in its full form: "the Republic of Honduras".
_STYLE = re.compile(
    r"(?:(?:Democratic|Federal|Federative|Islamic|People's|Socialist|United|Co-operative) )*"
    r"(?:Republic|Kingdom|Sultanate|Principality|State|Commonwealth|Union|Emirate|Grand Duchy"
    r"|Duchy|Federation|Province|Territory) of (?:the )?$"
)
_STYLES = frozenset({"Commonwealth", "Kingdom", "Republic", "State", "Territory", "Union"})
_OF_NAME = re.compile(r" of (?:the )?[A-Z]")
_OF = (" of ", " of the ")
# "Eastern Algeria", "Central London": capitals make the side a part of the name.
_SIDE = re.compile(
    r"(?:(?:North|South)[- ]?(?:[Ee]ast|[Ww]est)|North|South|East|West)(?:ern)?"
    r"|Central|Old|Upper|Lower|Greater|Inner|Outer"
)
_GOES_ON = frozenset({" d", " N", " S", " E", " W", " C"})
_LONGEST_SIDE = len("South-western")
_DIVIDED = frozenset({"country", "demonym", "city", "admin1", "macro"})
_STATES = frozenset({"country", "admin1", "admin1_short"})
_DIVISIONS = frozenset({"admin1", "county"})


class GeographicNames:
    """Tells how far the name of a known place goes on."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        words = gazetteer.words
        self._divisions, self._land = words["division_tail"], words["land_tail"]
        self._heads = words["water_head"]
        self._bodies = words["org_tail"] | words["event_tail"]
        others = words["water_tail"] | words["facility_tail"] | words["protected_kind"]
        self._others = others - self._land

    def end_of_land(self, text: str, end: int) -> int:
        """Gives the end of "Kinmen Island", which is the place itself; else `end` as it came."""
        words = self._words_behind(text, end)
        if len(words) == 1 and (words[0] in self._divisions or words[0] in self._land):
            return end + 1 + len(words[0])
        return end

    def opens_other(self, text: str, start: int, end: int) -> bool:
        """Says whether a place's name goes on as that of something else.

        As an organisation or an event ("Western Cape High Court"), a water or a facility
        ("Okavango River"), or as one of many ("the Gulf of Nicoya").
        """
        words = self._words_behind(text, end)
        return (
            not self._bodies.isdisjoint(words[:4])
            or not self._others.isdisjoint(words[:2])
            or (text[start:end] in self._heads and _OF_NAME.match(text, end) is not None)
        )

    def end_of_division(self, text: str, end: int) -> int:
        """Gives the end of "Hunan Province", where Hunan ends at `end`; 0 if it is no division."""
        if text.startswith(_PROVINCE, end):  # in small letters, too, it belongs to the name
            last = end + len(_PROVINCE)
            return 0 if text[last : last + 1].isalpha() else last
        words = self._words_behind(text, end)
        return end + 1 + len(words[0]) if len(words) == 1 and words[0] in self._divisions else 0

    def is_style(self, text: str, start: int, end: int) -> bool:
        """Says whether a word only tells what the name behind it is: "Commonwealth of Virginia"."""
        return text.startswith(" of ", end) and text[start:end] in _STYLES

    def _words_behind(self, text: str, end: int) -> list[str]:
        if not text[end + 1 : end + 2].isupper():
            return []  # quicker than the expression, for most names
        behind = _NEXT_WORDS.match(text, end, end + _LONGEST)
        return behind.group().split() if behind is not None else []


def divisions_first(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Gives what a name may mean before a word for a division: "Hunan", no town of the name."""
    return tuple(entry for entry in entries if entry.kind in _DIVISIONS) or entries


def settled_division(
    part: Part, start: int, end: int, entry: Entry | None, entries: Sequence[Entry]
) -> Found:
    """Makes a finding of "Hunan Province", or of "Kasese District", which has a known town's name.

    Args:
        part: Where it stands.
        start: Where it begins.
        end: Where its noun ends.
        entry: The place that its name was told to be, if any.
        entries: All that it may be.
    """
    if entry is not None and (entry.kind in _DIVISIONS or entry.kind == "pinned"):
        return settled(start, end, entry, 0.8, entry.country is not None)
    name = part.text[start:end]
    if entry is None and len({one.country for one in entries}) == 1:
        entry = entries[0]
    if entry is None:
        return Found(start, end, "GPE", name, score=0.7)
    found = settled(start, end, entry, 0.7, entry.country is not None)
    found.name, found.ids, found.kind, found.type = name, (), "division", "GPE"
    return found


def settled_longer(part: Part, start: int, end: int, entry: Entry) -> Found | None:
    """Makes a finding of a longer name that begins with a known place's, in an English text.

    "San Juan de la Vega" is a place of its own, which no list holds; "Harrow East" lies in Harrow.

    Args:
        part: Where it stands.
        start: Where it begins.
        end: Where the known name ends.
        entry: The known place.

    Returns:
        None where the name does not go on.
    """
    text = part.text
    if text[end : end + 2] not in _GOES_ON or not part.is_english:
        return None
    longer, side = _PARTICLE.match(text, end), _SIDE_BEHIND.match(text, end)
    last = max((one.end() for one in (longer, side) if one is not None), default=0)
    if not last or not part.free(start, last):
        return None
    name = text[start:last]
    if side is None:
        return Found(start, last, "GPE", name, score=0.6)
    found = settled(start, last, entry, 0.6, entry.country is not None)
    found.name, found.ids, found.kind = name, (), "division"
    return found


def start_of_name(part: Part, start: int, entry: Entry) -> int:
    """Gives where "Eastern Algeria", "North Indians" or "Republic of Honduras" begins.

    Args:
        part: Where it stands.
        start: Where the place's own name begins.
        entry: The place.
    """
    if entry.kind in _DIVIDED:
        side = start_of_side(part.text, start)
        if part.free(side, start):
            start = side
    if entry.kind in _STATES and part.text.endswith(_OF, 0, start):
        style = _STYLE.search(part.text, max(0, start - _LONGEST), start)
        if style is not None and part.free(style.start(), start):
            start = style.start()
    return start


def start_of_side(text: str, start: int) -> int:
    """Gives where the side before a place begins, amid a sentence; else `start` as it came."""
    before = start - 1  # of the space between them
    space = text.rfind(" ", max(0, before - _LONGEST_SIDE - 1), max(0, before))
    if space < 1 or text[before] != " " or not text[space + 1].isupper():
        return start
    if text.startswith(("East ", "West "), space + 1) and text.endswith(
        (" North", " South"), 0, space
    ):
        space -= len(" North")  # "North East Arnhem Land"
    amid = text[space - 1].islower() or text[space - 1] in ",;"
    return space + 1 if amid and _SIDE.fullmatch(text, space + 1, before) else start
