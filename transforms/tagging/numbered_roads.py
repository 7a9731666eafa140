"""Roads, piers and terminals whose name is a number: "Interstate 95", "U.S. 23", "the M25"."""

import re

from transforms.tagging.found import Found, Part
from transforms.tagging.runs import Token

# Words that a number follows; the first two stand for a road only where that is sure.
NUMBERED_WORDS = frozenset(
    {"U.S.", "US", "Interstate", "Highway", "Route", "Road", "Terminal", "Pier", "NH", "SH"}
)
_COUNTRIES_OWN = frozenset({"U.S.", "US"})
_US = ("Interstate", *sorted(_COUNTRIES_OWN))
_WHOSE = frozenset(
    {"State", "County", "National", "Federal", "Provincial", "Interstate", *_COUNTRIES_OWN}
)
_NUMBER = re.compile(r"[ -]\d{1,4}[A-Z]?\b")
# "On U.S. 23 near Ashland": no sum of dollars, no number of troops.
_ON_ROAD = re.compile(r"\b(?:on|along|off|onto|via|near|of|where) (?:the )?$")
_GOES_ON = re.compile(
    r"[,.;)]| (?:in|near|at|north|south|east|west|\w+bound|and|between|from|to|through)\b"
)
_LETTERED = re.compile(r"(?:I-\d{1,3}|(?P<european>[AMN]\d{1,4}))")
_MOTORWAY = "(M)"


def settle_road(part: Part, tokens: tuple[Token, ...]) -> bool:
    """Settles the road that a run of capitalised words names with a number; says whether it is one.

    Args:
        part: Where it stands.
        tokens: The run's words, of which the last is one of `NUMBERED_WORDS`, or a single one that
            `may_be_lettered`.
    """
    last = tokens[-1]
    if last.text not in NUMBERED_WORDS:
        return _settle_lettered(part, last)
    number = _NUMBER.match(part.text, last.end)
    if number is None or not part.free(last.start, number.end()):
        return False
    if last.text in _COUNTRIES_OWN and not (
        _stands_on_road(part, last.start) and _GOES_ON.match(part.text, number.end())
    ):
        return False
    start = last.start
    if len(tokens) > 1:
        if tokens[-2].text in _WHOSE and part.free(tokens[-2].start, start):
            start = tokens[-2].start
        elif last.text == "Road":
            return False  # "Oxford Road 5": a house
    of_us = last.text == "Interstate" or part.text.startswith(_US, start)
    _settle(part, start, number.end(), of_us)
    return True


def may_be_lettered(word: str) -> bool:
    """Says, quickly, whether a single word may be "M25" or "I-95"."""
    return word[1:2].isdigit() or word.startswith("I-")


def _settle_lettered(part: Part, token: Token) -> bool:
    lettered = _LETTERED.fullmatch(token.text)
    if lettered is None or not part.free(token.start, token.end):
        return False
    # "The A380", "an M16": letters and numbers are much else, too.
    if lettered["european"] is not None and not _stands_on_road(part, token.start):
        return False
    end = token.end + len(_MOTORWAY) * part.text.startswith(_MOTORWAY, token.end)
    _settle(part, token.start, end, lettered["european"] is None)
    return True


def _stands_on_road(part: Part, start: int) -> bool:
    return _ON_ROAD.search(part.text, max(0, start - 12), start) is not None


def _settle(part: Part, start: int, end: int, of_us: bool) -> None:
    country = "US" if of_us else None  # only they number theirs so
    part.settle(Found(start, end, "FAC", part.text[start:end], country=country, score=0.7))
