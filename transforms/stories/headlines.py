"""Whether texts that are much alike are of two subjects: their headlines tell. Pure.

A form (a notice of a death, a call for tenders, the text around a podcast's episodes, a publisher's
lines below each item, "this story will be updated") shares most of its words with the next one, as
a copy does. But a copy says what both headlines say, whichever of them stands above it, and a form
says each of its own.
"""

import regex

# Shorter words are articles and prepositions; of longer ones, the beginning is left by inflection.
_WORD = regex.compile(r"\p{L}{4,}")
_STEM_LETTERS = 5
# Scripts without spaces have no words to compare.
SPACELESS = r"[\p{Thai}\p{Lao}\p{Myanmar}\p{Khmer}\p{Hiragana}\p{Katakana}\p{Han}]"
_SPACELESS = regex.compile(SPACELESS)
# In a longer text of which no headline repeats a word, the headline is an unusual one.
_MAX_STUB_WORDS = 60


def stems(text: str) -> frozenset[str]:
    """Gives the beginnings of a text's longer words."""
    return frozenset(word[:_STEM_LETTERS] for word in _WORD.findall(text.casefold()))


def have_two_subjects(
    title: str, body: str, other_title: str, other_body: str, one_paper: bool
) -> bool:
    """Says whether two texts, much alike, speak of what their headlines do not share.

    Of what each headline has in common with its own text, less than half must be in the other
    text. Where neither has anything, nor much with the other headline, a short text that one paper
    has twice stands in for a report.
    """
    if title == other_title or _SPACELESS.search(title + other_title):
        return False
    said, other_said = stems(title), stems(other_title)
    words, other_words = stems(body), stems(other_body)
    own, other_own = said & words, other_said & other_words
    if not own and not other_own:
        is_stub = max(len(body.split()), len(other_body.split())) <= _MAX_STUB_WORDS
        apart = 2 * len(said & other_said) < min(len(said), len(other_said))
        return one_paper and is_stub and apart
    return 2 * len(own & other_words) < len(own) and 2 * len(other_own & words) < len(other_own)
