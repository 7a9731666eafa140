"""Finds gazetteer names in a text, minding word boundaries as each script has them."""

import re

from transforms.tagging.gazetteer import Entry, Gazetteer
from transforms.tagging.name_forms import (
    ARTICLE,
    ARTICLES,
    INFLECTED,
    PARTICLE,
    PREFIXED,
    STEM,
    SUBSTRING,
    WORD,
)

_PREFIXES = frozenset(
    {
        *"והבלמשכ",
        "וה",
        "וב",
        "ול",
        "ומ",
        "וש",
        "שב",
        "של",
        "מה",
        "כש",
        "שה",
        *"وبلفك",
        "ال",
        "وال",
        "بال",
        "لل",
        "فال",
        "كال",
        "ولل",
        "وب",
        "ول",
    }
)
# Cases, and the adjectives ("иранский", "украинского"), of Russian and Ukrainian.
_ENDINGS = re.compile(
    "(?:[аяуюеыиьойіїє]|ой|ою|ею|ей|ом|ем|ём|ах|ях|ам|ям|ами|ями|ию|ии|ія|ії|ію|ією|ов|ев|єю|ові"
    "|(?:ь|й|ий|о)?с?ь?к(?:ий|ая|ое|ие|ого|ому|им|их|ими|ой|ую|ом|а|е|і|у|ою|ій))"
)
# One letter more than the longest of them: a longer rest of a word is none.
_LONGEST_ENDING = 9
_ARABIC_ARTICLE = "ال"
# Several may follow one another, up to the end of the word: "이란에서는"; "칠레이트" is no Chile.
_PARTICLES = re.compile(
    "(?:으로|부터|까지|정부|당국|대통령|총리|[은는이가을를의에와과도로만서및측군인산발제계령내간]"
    r"|য়|তে|র|কে|ও)+(?!\w)"
)


class Match:
    """A gazetteer name in the text: code point offsets, and what it may mean (likeliest first)."""

    __slots__ = ("end", "meanings", "start")

    def __init__(self, start: int, end: int, meanings: tuple[Entry, ...]) -> None:
        self.start: int = start
        self.end: int = end
        self.meanings: tuple[Entry, ...] = meanings


def start_of(match: Match) -> int:
    """Gives what matches are in order of."""
    return match.start


def find_names(text: str, gazetteer: Gazetteer) -> list[Match]:
    """Gives the leftmost longest names in a normalised text that stand as words of their script."""
    flags, meanings, length = gazetteer.flags, gazetteer.meanings, len(text)
    found = []
    for start, end, pattern in gazetteer.automaton.find(text):
        flag = flags[pattern]
        if flag == WORD:  # nearly all are, so that they are told at once
            if (start and text[start - 1 : start + 1].isalnum()) or (
                end < length and text[end - 1 : end + 1].isalnum()
            ):
                if text.find(" ", start, end) > 0:
                    found += _within(text, start, end, gazetteer)
                continue
        elif not _stands_alone(text, start, end, flag):
            continue
        elif flag in (STEM, INFLECTED):
            end = _end_of_ending(text, end)
        elif flag == PREFIXED and text.endswith(_ARABIC_ARTICLE, 0, start):
            start -= len(_ARABIC_ARTICLE)  # written as a part of the name
        elif flag == ARTICLE:
            start += len(ARTICLES[0])
        found.append(Match(start, end, meanings(pattern)))
    return found


def _within(text: str, start: int, end: int, gazetteer: Gazetteer) -> list[Match]:
    """Gives the names that a longer one hides which breaks off amid a word: "British India|ns"."""
    if start and text[start - 1 : start + 1].isalnum():
        return []
    cut, last = text.rfind(" ", start, end) + 1, end
    while last < len(text) and text[last].isalnum():
        last += 1
    return [
        Match(first + match.start, first + match.end, match.meanings)
        for first, beyond in ((start, cut - 1), (cut, last))
        for match in find_names(text[first:beyond], gazetteer)
    ]


def _end_of_ending(text: str, end: int) -> int:
    last = end
    while last < len(text) and text[last].isalpha() and last - end < _LONGEST_ENDING:
        last += 1
    return last


def _stands_alone(text: str, start: int, end: int, flag: int) -> bool:
    if flag == SUBSTRING:
        # Katakana words are written together: タイ (Thailand) is no part of タイトル (title).
        return not (
            (start > 0 and _is_katakana(text[start - 1]) and _is_katakana(text[start]))
            or (end < len(text) and _is_katakana(text[end]) and _is_katakana(text[end - 1]))
        )
    before = start > 0 and text[start - 1].isalnum() and text[start].isalnum()
    after = end < len(text) and text[end].isalnum() and text[end - 1].isalnum()
    if not before and not after and flag != STEM:
        return True
    if before:
        if flag != PREFIXED or after:
            return False
        first = start
        while first > 0 and text[first - 1].isalpha() and start - first < 5:
            first -= 1
        return text[first:start] in _PREFIXES
    if flag in (STEM, INFLECTED):
        return _ENDINGS.fullmatch(text, end, _end_of_ending(text, end)) is not None
    return flag == PARTICLE and _PARTICLES.match(text, end) is not None


def _is_katakana(character: str) -> bool:
    return "\u30a1" <= character <= "\u30fa" or character == "ー"
