"""Signs that the rules of several kinds of names share: what a word is, what stands before it."""

import re

from transforms.tagging.found import Part
from transforms.tagging.runs import Token

_AMID_SENTENCE = re.compile(r"[a-z,;]['\"]? $")
_BEFORE_PLACE = re.compile(r"\b(?:in|at|to|from|near|of|into|across|outside|throughout|within) $")
_AFTER_CAPITAL = re.compile(r"\b([A-Z][\w'.&-]*) $")
POSSESSIVES = frozenset({"'s ", "' "})
_POSSESSED = re.compile(r"'s ([A-Z]\w+)")
# "Lima-based", "Kenyan-born": what stands before the hyphen is a name of its own.
_COMPOUND = (
    "-based", "-born", "-listed", "-headquartered", "-owned", "-led", "-backed", "-registered",
    "-trained", "-educated", "-controlled", "-run", "-bound", "-made", "-funded", "-area",
)  # fmt: skip
ACRONYM = re.compile(r"[A-Z][A-Z&-]{1,6}")


def is_nation(part: Part, token: Token) -> bool:
    """Says whether a word is a country's name or people."""
    match = part.names.get(token.start)
    return (
        match is not None
        and match.end >= token.end
        and match.meanings[0].kind in ("country", "demonym")
    )


def is_compound(word: str) -> bool:
    """Says whether a word tells where something is or comes from: "Lima-based", "Kenyan-born"."""
    return word.endswith(_COMPOUND)


def is_amid_sentence(text: str, start: int) -> bool:
    """Says whether a capital stands where no sentence begins, so that it makes a name."""
    return _AMID_SENTENCE.search(text, max(0, start - 3), start) is not None


def is_after_place_word(text: str, start: int) -> bool:
    """Says whether a preposition such as "near" stands right before, as before a place."""
    return _BEFORE_PLACE.search(text, max(0, start - 12), start) is not None


def word_before(text: str, start: int) -> str:
    """Gives the capitalised word right before; "" where none stands there."""
    before = _AFTER_CAPITAL.search(text, max(0, start - 24), start)
    return before.group(1) if before is not None else ""


def word_possessed(text: str, end: int) -> str:
    """Gives the first capitalised word of what a name has: Creek in "Massie's Creek Road"."""
    possessed = _POSSESSED.match(text, end)
    return possessed.group(1) if possessed is not None else ""
