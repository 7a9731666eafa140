"""Splits text into the tokens of Elasticsearch's `standard` analyzer, so that both indexes agree.

The rules are those of Lucene's StandardTokenizer (word boundaries of Unicode Standard Annex #29,
emoji sequences of UTS #51, one token for each Han or Hiragana character), followed by lower case,
character by character. A test compares them with a real server's `_analyze`.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from transforms.storage import word_rules

# Lucene's `max_token_length`, in UTF-16 code units: a longer word is cut at this interval.
MAX_TOKEN_UNITS = 255

_OTHER_APOSTROPHES = "\N{RIGHT SINGLE QUOTATION MARK}\N{MODIFIER LETTER APOSTROPHE}"
_APOSTROPHE = re.compile(f"[{_OTHER_APOSTROPHES}]")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


class Token(NamedTuple):
    """A token in lower case, and where it stands in the text (code points, end exclusive)."""

    text: str
    start: int
    end: int


def standard_tokens(text: str) -> list[str]:
    """Gives exactly the tokens that Elasticsearch's `standard` analyzer gives for `text`."""
    lowered = lower(text) if text.isascii() else None
    if lowered is not None:
        words = word_rules.ascii_word().findall(lowered)
        if all(len(word) <= MAX_TOKEN_UNITS for word in words):
            return words
    elif not any(picture in text for picture in word_rules.picture_in_word()):
        # Quotation marks and accents, in nearly every text: still one look for all words.
        words = _pattern(text).findall(text)
        if all(2 * len(word) <= MAX_TOKEN_UNITS for word in words):
            return lower("\n".join(words)).split("\n") if words else []
    return [token.text for token in token_spans(text)]


def spellings(text: str) -> list[str]:
    """Gives the ways in which a query's text may stand in articles, which differ in apostrophes.

    UAX #29 takes each of them for a letter of its word, so `it's` and `it’s` are two tokens; who
    types one means the other too. The first is with the typewriter's; only it, where there is none.
    """
    plain = _APOSTROPHE.sub("'", text)
    if plain == text and "'" not in text:
        return [text]
    ways = [plain, *(plain.replace("'", other) for other in _OTHER_APOSTROPHES)]
    # Quotation marks around a word look the same, and are no part of it.
    different = {tuple(standard_tokens(way)): way for way in reversed(ways)}
    return list(different.values())[::-1]


def token_spans(text: str) -> Iterator[Token]:
    """Gives the tokens of `standard_tokens` with their places in `text`."""
    pattern = _pattern(text)
    astral = _has_astral(text)
    begin_both = word_rules.picture_in_word()
    position = 0
    while match := pattern.search(text, position):
        start, position = match.span()
        if text[start] in begin_both:
            emoji = word_rules.emoji().match(text, start)
            position = max(position, emoji.end() if emoji else 0)
        if (position - start) * (2 if astral else 1) > MAX_TOKEN_UNITS:
            position = _cut(pattern, text, start, position)
        yield Token(lower(text[start:position]), start, position)


def _pattern(text: str) -> re.Pattern[str]:
    """Gives the pattern of words that is enough for the text."""
    if text.isascii():
        return word_rules.ascii_word()
    quotes = word_rules.hebrew_quote().search(text) is not None
    return word_rules.word_or_emoji(_has_astral(text), quotes)


def _has_astral(text: str) -> bool:
    return not text.isascii() and _ASTRAL.search(text) is not None


def _cut(pattern: re.Pattern[str], text: str, start: int, end: int) -> int:
    """Gives the end of the token at `start` where no more than MAX_TOKEN_UNITS are looked at."""
    units = 0
    for length, character in enumerate(text[start:end]):
        units += 2 if character > "\uffff" else 1
        if units > MAX_TOKEN_UNITS:
            match = pattern.match(text, start, start + length)
            return match.end() if match else start + length
    return end


def lower(text: str) -> str:
    """Lowers each character on its own, as Java's Character.toLowerCase does.

    Python's `str.lower` differs in two letters: it looks at a final sigma's neighbours, and makes
    two characters of a capital I with a dot.
    """
    return text.replace("Σ", "σ").replace("İ", "i").lower()


def segmented(text: str) -> str:
    """Gives what of the text is of Thai, Lao, Khmer or Myanmar script, for `news.segmented`.

    Returns:
        The grapheme clusters of every run of such script, all separated by single spaces; ""
        where there is none.
    """
    run = word_rules.complex_run()
    if text.isascii() or not run.search(text):
        return ""
    import regex

    return " ".join(
        cluster for found in run.finditer(text) for cluster in regex.findall(r"\X", found[0])
    )


def without_segmented(text: str) -> str:
    """Gives the rest of the text, each run of those scripts replaced by a space."""
    return text if text.isascii() else word_rules.complex_run().sub(" ", text)


def segmented_runs(text: str) -> list[str]:
    """Gives the runs of those scripts, as they stand in the text."""
    return [] if text.isascii() else word_rules.complex_run().findall(text)
