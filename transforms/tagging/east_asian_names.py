"""Given names of Korea and China in Latin letters, told by their form."""

import re

# A syllable in any of the usual spellings, and two of them, the second in lower case.
_SYLLABLE = (
    r"(?:ch|sh|zh|ts|sz|hs|kh|ng|[bcdfghjklmnpqrstwxyz])?[yw]?[aeiouüŏŭ]{1,3}(?:ng|[nklmprth])?"
)
_GIVEN_NAME = re.compile(rf"(?=[A-Z])(?i:{_SYLLABLE})-{_SYLLABLE}")


def is_hyphenated_given_name(word: str) -> bool:
    """Says whether a word is like "Jae-in" or "Ying-wen"."""
    return _GIVEN_NAME.fullmatch(word) is not None
