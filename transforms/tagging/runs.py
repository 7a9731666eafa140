"""Runs of capitalised words: the candidates for names that no list holds."""

import re

_UPPER = "".join(
    character
    for character in map(chr, range(0x41, 0x530))
    if character.isupper() and ord(character) < 0x530
)
UPPERCASE = f"[{_UPPER}]"
# Abbreviations that keep their full stop, by length: a look behind has one.
_DOTTED = "|".join(
    rf"(?<=\b(?:{words})\.)"
    for words in (
        "Dr|Mr|Ms|Lt|St|Jr|Sr|Mt|Fr|Cr",
        "Gen|Mrs|Sen|Rep|Gov|Col|Sgt|Maj|Adm|Rev|Cpl|Pvt|Hon|Det",
        "Capt|Brig|Prof|Engr|Supt|Insp|Cmdr|Asst|Cllr|Atty|Sens|Reps|Msgr",
        "Const|Comdr|Commr",
    )
)
# What follows a word's first letter: initials, or letters with a full stop or glued words.
_REST = (
    rf"(?:\.(?:{UPPERCASE}\.)*(?:{UPPERCASE}(?!\w))?"
    rf"|\w*(?:\.(?:{_DOTTED})|(?:[-&]\w+|'{UPPERCASE}\w+|'(?!s\b)(?=[a-z]{{3}})\w+)+)?)"
)
# Articles that are joined to a word and part of it, apart by length: a look behind has one.
_ARTICLES = ("al-", "el-", "ul-", "an-", "ad-", "as-")
_LONG_ARTICLES = ("bin-", "ibn-", "ash-")
_WORD = rf"(?:{UPPERCASE}{_REST}|(?:{'|'.join(_ARTICLES + _LONG_ARTICLES)}){UPPERCASE}\w+)"
# Lower-case particles inside names of people, and nicknames in quotation marks.
_PARTICLE = (
    "(?:de la|de las|de los|dela|delos|de|da|do|dos|das|del|della|di|du|van|von|der|den|ter|ten"
    "|bin|binti|bint|ibn|al|el|ben|abu|ould|zu|af|av)"
)
_LINKED = rf"(?:[\"']{UPPERCASE}\w+[\"'] )?(?:{_PARTICLE} ){{0,2}}{_WORD}"
# Prefixes that are joined to a name and no part of it.
_PREFIXES = ("then-", "ex-", "pro-", "anti-")
_AFTER_PREFIX = f"(?:{'|'.join(f'(?<={prefix}.)' for prefix in _PREFIXES)})"
_NO_HYPHEN = f"(?:(?<!-)|{'|'.join(f'(?<={prefix})' for prefix in _PREFIXES)})"
_AFTER_ARTICLE = "|".join(
    rf"(?<=(?<!\w){_NO_HYPHEN}(?:{'|'.join(articles)}).)"
    for articles in (_ARTICLES, _LONG_ARTICLES)
)
# It begins with a capital and looks back from there, since that is the quickest to search for. The
# empty group tells that an article such as "al-" stands before.
RUN = re.compile(
    rf"{UPPERCASE}(?:(?:(?<![\w-].)|{_AFTER_PREFIX}){_REST}|(?:{_AFTER_ARTICLE})\w+())"
    rf"(?: (?:{UPPERCASE}{_REST}|{_LINKED}))*"
)
_QUOTES = "\"'"
_WORDS = rf"{_WORD}(?: {_WORD})*"
OF_NAME = re.compile(
    rf"(?: (?:of|for) (?:the )?{_WORDS}(?:(?:, {_WORDS})*,? (?:and|&) {_WORDS})?){{1,3}}"
)
OF_PLACE = re.compile(rf" of (?:the )?{_WORDS}")
ON_NAME = re.compile(rf" (?:on|against) (?:the )?{_WORDS}(?: and {_WORDS})?")
CAPITAL = frozenset(_UPPER)


class Token:
    """One word of a run."""

    __slots__ = ("end", "start", "text")

    def __init__(self, start: int, end: int, text: str) -> None:
        self.start: int = start
        self.end: int = end
        self.text: str = text


class Run:
    """Capitalised words in a row, particles between them included."""

    __slots__ = ("end", "start", "tokens")

    def __init__(self, start: int, end: int, tokens: tuple[Token, ...]) -> None:
        self.start: int = start
        self.end: int = end
        self.tokens: tuple[Token, ...] = tokens


def find_runs(text: str) -> list[Run]:
    """Gives the runs of a normalised text."""
    runs = []
    for match in RUN.finditer(text):
        start, end = match.span()
        if match.lastindex:
            start -= 4 if text.startswith(_LONG_ARTICLES, start - 4) else 3
        words = text[start:end]
        if " " not in words:
            runs.append(Run(start, end, (Token(start, end, words),)))
            continue
        tokens = []
        first = start
        for word in words.split(" "):
            last = first + len(word)
            if word[0] not in _QUOTES:
                tokens.append(Token(first, last, word))
            first = last + 1
        runs.append(Run(start, end, tuple(tokens)))
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


# Latin letters only: an acronym of another alphabet ("США") is in no list of acronyms.
_LATIN = "A-ZÀ-ÖØ-Þ"
_OPENING = re.compile(
    rf"\s*[{_LATIN}][{_LATIN}'.-]{{2,}}(?:[ ,]+[{_LATIN}][{_LATIN}'.-]+)*(?=[,:;./ ])"
)
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
