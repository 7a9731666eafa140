"""Runs of capitalised words: the candidates for names that no list holds."""

import re
import sys
from typing import NamedTuple

_UPPER = "".join(
    character
    for character in map(chr, range(0x41, 0x530))
    if character.isupper() and ord(character) < 0x530
)
_DOTTED = (
    "Gen|Dr|Mr|Mrs|Ms|Sen|Rep|Gov|Lt|Col|Capt|Sgt|Maj|Adm|Brig|Rev|Prof|Cpl|Pvt|Hon|Engr|St|Jr"
    "|Sr|Mt"
)
_WORD = (
    rf"(?:(?:{_DOTTED})\.|(?:[{_UPPER}]\.)+(?:[{_UPPER}](?!\w))?"
    rf"|(?:al|el|ul|bin|ibn|an|ad|as|ash)-[{_UPPER}]\w+"
    rf"|[{_UPPER}]\w*(?:[-&]\w+|'[{_UPPER}]\w+|'(?!s\b)(?=[a-z]{{3}})\w+)*)"
)
# Lower-case particles inside names of people, and nicknames in quotation marks.
_PARTICLE = (
    "(?:de|da|do|dos|das|del|della|di|du|van|von|der|den|ter|bin|bint|ibn|al|el|ben|abu|ould|zu)"
)
_LINK = rf" (?:[\"'][{_UPPER}]\w+[\"'] )?(?:{_PARTICLE} ){{0,2}}"
# The first two groups are there for speed: most letters begin no name.
RUN = re.compile(
    rf"(?=[{_UPPER}abeiu])(?<!\w)(?:(?<!-)|(?<=then-)|(?<=ex-)|(?<=pro-)|(?<=anti-))"
    rf"{_WORD}(?:{_LINK}{_WORD})*"
)
_QUOTES = "\"'"
_WORDS = rf"{_WORD}(?: {_WORD})*"
OF_NAME = re.compile(
    rf"(?: (?:of|for) (?:the )?{_WORDS}(?:(?:, {_WORDS})*,? (?:and|&) {_WORDS})?){{1,2}}"
)
ON_NAME = re.compile(rf" (?:on|against) (?:the )?{_WORDS}(?: and {_WORDS})?")
CAPITAL = frozenset(_UPPER)


class Token(NamedTuple):
    """One word of a run."""

    start: int
    end: int
    text: str


class Run(NamedTuple):
    """Capitalised words in a row, particles between them included."""

    start: int
    end: int
    tokens: tuple[Token, ...]


def find_runs(text: str) -> list[Run]:
    """Gives the runs of a normalised text."""
    runs = []
    for match in RUN.finditer(text):
        start, end = match.span()
        words = match.group()
        if " " not in words:
            runs.append(Run(start, end, (Token(start, end, sys.intern(words)),)))
            continue
        tokens = []
        for word in words.split(" "):
            if word[0] not in _QUOTES:
                tokens.append(Token(start, start + len(word), word))
            start += len(word) + 1
        runs.append(Run(match.start(), end, tuple(tokens)))
    return runs


def without_shouting(text: str, acronyms: frozenset[str]) -> str:
    """Gives lines that are all capitals an ordinary spelling of the same length.

    Words that are acronyms, or too short to tell, keep their capitals.
    """
    opening = _OPENING.match(text)
    if opening:  # "SRINAGAR, Oct 4 -": the place is written in capitals
        place = _LETTERS.sub(lambda word: _calm(word.group(), acronyms), opening.group())
        text = place + text[opening.end() :]
    lines = text.splitlines(keepends=True)
    if not any(_shouts(line) for line in lines):
        return text
    return "".join(
        _LETTERS.sub(lambda word: _calm(word.group(), acronyms), line) if _shouts(line) else line
        for line in lines
    )


_OPENING = re.compile(r"\s*[A-Z][A-Z'.-]{2,}(?:[ ,]+[A-Z][A-Z'.-]+)*(?=[,:;./ ])")
_LETTERS = re.compile(r"[^\W\d_]{3,}")


# Ordinary words, a quick sign of a line that does not shout.
_LOWER_CASE = re.compile("[a-zа-я]{4}.*?[a-zа-я]{4}")


def _shouts(line: str) -> bool:
    if _LOWER_CASE.search(line, 0, 300):
        return False
    letters = [character for character in line if character.isalpha()]
    return (
        len(letters) >= 8
        and " " in line.strip()
        and (sum(map(str.isupper, letters)) >= 0.85 * len(letters))
    )


def _calm(word: str, acronyms: frozenset[str]) -> str:
    calm = word[0] + word[1:].lower()
    return calm if word not in acronyms and len(calm) == len(word) else word
