"""How gazetteer names are written, and how their ends may be glued to other letters."""

import re
from typing import Final

# How the ends of a name may be glued to other letters.
WORD: Final = 0  # a whole word
SUBSTRING: Final = 1  # scripts without spaces
PREFIXED: Final = 2  # Arabic and Hebrew: articles and prepositions are written on to the word
STEM: Final = 3  # a stem of a language with cases: a short ending follows
PARTICLE: Final = 4  # Korean, Bengali: particles follow
INFLECTED: Final = 5  # a whole word that may take the endings of STEM
ARTICLE: Final = 6  # a word behind an English article, which is no part of the name: "the Gulf"
ARTICLES: Final = ("the ", "The ")  # of one length

# Of one length, so that offsets stay. Line ends stay too: no name goes over one.
_PLAIN = (
    ("’", "'"),
    ("‘", "'"),
    ("ʼ", "'"),
    ("“", '"'),
    ("”", '"'),
    ("\u00a0", " "),
    ("\u2009", " "),
    ("\u202f", " "),
    ("‑", "-"),
    ("‐", "-"),
)
_SURROGATE = re.compile(f"[{chr(0xD800)}-{chr(0xDFFF)}]")


def normalized(text: str) -> str:
    """Makes quotes, spaces and hyphens plain; every code point keeps its place."""
    text = text.replace("\t", " ")
    if text.isascii():
        return text
    for special, plain in _PLAIN:
        text = text.replace(special, plain)
    # Half of a surrogate pair, out of broken JSON, cannot be searched for.
    return _SURROGATE.sub("\ufffd", text)
