"""Whether two texts, much alike, are one form filled in with other figures. Pure.

Rates, results, weather and output share a form's words from day to day and differ in the figures
between them. What counts are the figures that stand in the same place in both texts, between the
same two words: those of a new lead, or of a part that one text leaves out, tell nothing.
"""

import regex

from transforms.stories.headlines import SPACELESS
from transforms.stories.shingles import MAX_CHARACTERS

# A figure, a letter of a script without spaces, or a word.
_TOKEN = regex.compile(rf"(\d[\d.,:/-]*\d|\d)|{SPACELESS}|[^\W\d_]+")
_NOT_A_DIGIT = regex.compile(r"\D")
# A correction or an update gives another figure or two.
_FEW = 2
# A form has others in more than a quarter of its places; where only two are others, in four of ten.
_MIN_SHARED, _MIN_SHARED_OF_FEW = 0.75, 0.6

# The figures of a text by the words before and after them.
Places = dict[tuple[str, str], frozenset[str]]


def places_of(text: str) -> Places:
    """Gives the figures of a text by the words before and after them.

    A figure is its digits, because papers write 1,000 and 1.000, 11:30 and 11.30. A figure beside
    another one is the same for all.
    """
    tokens = [
        (match[0], match[1] is not None) for match in _TOKEN.finditer(text[:MAX_CHARACTERS].lower())
    ]
    words = ["", *("#" if is_figure else token for token, is_figure in tokens), ""]
    found: dict[tuple[str, str], set[str]] = {}
    for place, (token, is_figure) in enumerate(tokens):
        if is_figure:
            between = words[place], words[place + 2]
            found.setdefault(between, set()).add(_NOT_A_DIGIT.sub("", token))
    return {between: frozenset(figures) for between, figures in found.items()}


def have_other_figures(one: Places, other: Places) -> bool:
    """Says whether the figures in the same places are others, more than a correction changes.

    Where only two are others, all figures of the texts have a say, too.
    """
    compared = shared = 0
    for between in one.keys() & other.keys():
        compared += min(len(one[between]), len(other[between]))
        shared += len(one[between] & other[between])
    others = compared - shared
    if others < _FEW:
        return False
    if others > _FEW and shared < _MIN_SHARED * compared:
        return True
    all_one, all_other = (frozenset().union(*places.values()) for places in (one, other))
    fewer = min(len(all_one), len(all_other))
    return (
        shared < _MIN_SHARED_OF_FEW * compared
        or len(all_one & all_other) < _MIN_SHARED_OF_FEW * fewer
    )
