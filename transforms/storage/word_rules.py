"""The regular expressions of `transforms.storage.tokens`: Lucene's StandardTokenizer grammar.

Lucene takes the longest match of all its rules at every place. The expressions are written so
that the greedy match is the longest one; the one place where two rules compete is the caller's
(`word_or_emoji`, `emoji`).
"""

import re
from functools import cache

from transforms.storage import word_break as wb

_LAST_OF_BMP = 0xFFFF


def _members(ranges: str, last: int) -> str:
    parts = []
    for item in ranges.split():
        start, _, end = item.partition("-")
        first, final = int(start, 16), min(int(end or start, 16), last)
        if first <= final:
            parts.append(f"\\U{first:08x}-\\U{final:08x}")
    return "".join(parts)


class _Grammar:
    """Builds the expressions over the characters up to `last`; a part's name is its rule's."""

    def __init__(self, last: int) -> None:
        def one_of(*ranges: str) -> str:
            return f"[{''.join(_members(r, last) for r in ranges)}]"

        # WB4: what extends a character belongs to it.
        self.ignorable = one_of(wb.IGNORABLE)
        more = f"{self.ignorable}*"
        self.letter = one_of(wb.LETTER) + more
        self.hebrew = one_of(wb.HEBREW) + more
        self.numeric = one_of(wb.NUMERIC) + more
        self.katakana = one_of(wb.KATAKANA) + more
        self.mid_letter = one_of(wb.MID_LETTER) + more
        self.mid_numeric = one_of(wb.MID_NUMERIC) + more
        self.joiner = one_of(wb.EXTEND_NUM_LET) + more
        self.complex = f"{one_of(wb.COMPLEX)}{one_of(wb.COMPLEX, wb.IGNORABLE)}*"
        self.single = one_of(wb.HAN, wb.HIRAGANA) + more
        self.picture = one_of(wb.PICTOGRAPHIC)

    def word(self, quotes: bool) -> str:
        """Rules WB5 to WB13b; `quotes`: with those for quotation marks within Hebrew."""
        joined = f"(?:{self.joiner})*"
        numbers = f"{self.numeric}(?:(?:{joined}|{self.mid_numeric}){self.numeric})*"
        before_quote, quoted = "", ""
        if quotes:
            double = f'{self.hebrew}"{self.ignorable}*{self.hebrew}'
            single = f"{self.hebrew}'{self.ignorable}*"
            quoted = f"{double}|{single}|"
            # A Hebrew letter before such a mark begins a part of its own, as in the grammar.
            before_quote = f"(?!{double}|{single})"
        letters = (
            f"{self.letter}(?:{joined}{before_quote}{self.letter}|{self.mid_letter}{self.letter})*"
        )
        katakana = f"{self.katakana}(?:{joined}{self.katakana})*"
        part = f"(?:{katakana}|(?:{quoted}{numbers}|{letters})+)"
        return f"{joined}{part}(?:(?:{self.joiner})+{part})*{joined}"

    def emoji(self) -> str:
        """`emoji_sequence` of UTS #51 as Lucene writes it."""
        extension = f"(?:(?![\ufe0e\ufe0f]){self.ignorable})*"
        element = f"(?:\u200d*{self.picture}{extension}\ufe0f?|[\U0001f3fb-\U0001f3ff]{extension})"
        # The joiner before a further element may already be taken as an extension.
        sequence = f"(?:(?:(?<=\u200d)|\u200d){element})*"
        tags = "[\U000e0020-\U000e007e]+\U000e007f"
        key_cap = f"[0-9#*]{extension}\ufe0f?\u20e3{extension}"
        flag = f"[\U0001f1e6-\U0001f1ff]{self.ignorable}*"
        return f"{element}(?:{tags}|{sequence})|{key_cap}|{flag}{flag}"


@cache
def word_or_emoji(astral: bool, quotes: bool) -> re.Pattern[str]:
    """Gives the expression that finds tokens.

    Args:
        astral: For text with characters beyond the basic plane.
        quotes: For text with Hebrew letters before quotation marks.
    """
    grammar = _Grammar(0x10FFFF if astral else _LAST_OF_BMP)
    return re.compile(
        "|".join((grammar.word(quotes), grammar.complex, grammar.emoji(), grammar.single))
    )


@cache
def emoji() -> re.Pattern[str]:
    """Gives the expression of emoji alone, for where a word begins with a picture."""
    return re.compile(_Grammar(0x10FFFF).emoji())


@cache
def ascii_word() -> re.Pattern[str]:
    """Gives the expression that finds tokens in ASCII text."""
    numbers = "[0-9]+(?:(?:_+|[,;.'])[0-9]+)*"
    letters = "[A-Za-z]+(?:(?:_+|[:.'])[A-Za-z]+)*"
    part = f"(?:{numbers}|{letters})+"
    return re.compile(f"_*{part}(?:_+{part})*_*")


@cache
def complex_run() -> re.Pattern[str]:
    """Finds runs of scripts without spaces, which the tokenizer keeps whole."""
    return re.compile(_Grammar(0x10FFFF).complex)


@cache
def hebrew_quote() -> re.Pattern[str]:
    """Finds a Hebrew letter before a quotation mark."""
    grammar = _Grammar(_LAST_OF_BMP)
    return re.compile(f"{grammar.hebrew}['\"]")


@cache
def picture_in_word() -> frozenset[str]:
    """Gives the characters that begin both a word and an emoji."""
    return _characters(wb.PICTOGRAPHIC) & (
        _characters(wb.LETTER) | _characters(wb.HAN) | _characters(wb.HIRAGANA)
    )


def _characters(ranges: str) -> frozenset[str]:
    found: set[str] = set()
    for item in ranges.split():
        start, _, end = item.partition("-")
        found.update(map(chr, range(int(start, 16), int(end or start, 16) + 1)))
    return frozenset(found)
