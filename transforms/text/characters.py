"""Characters: NFC, and out with what nobody sees: controls, stray joiners, doubled spaces."""

import re
import unicodedata

import regex

# Controls but tab and line feed; surrogates and noncharacters, which no encoder takes; soft
# hyphens, byte order marks, direction marks and other invisible ones that carry no meaning.
_USELESS = re.compile(
    "[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180e\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff0-\ufffb\ufffe\uffff\U000e0001]+"
)
# Joiners shape the letters of Arabic, Persian, Indic and other scripts, and join emoji. After
# Latin, Greek, Cyrillic letters, digits or blanks they carry nothing.
_STRAY_JOINER = re.compile("(?<![\u0590-\u1fff\u2190-\u2bff\ufb1d-\U0010ffff])[\u200c\u200d]+")
# A zero-width space tells words apart in scripts written without spaces, and nothing elsewhere.
_STRAY_ZERO_WIDTH_SPACE = re.compile("(?<![\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff])\u200b+")
# Unicode's Stream-Safe Text Format (UAX 15, 13): longer runs of marks are in no language, and
# normalising one of 1 MB takes hours.
_LONG_MARKS = regex.compile(r"(\p{M}{30})\p{M}+")
# Any of the above, or a line end that is no line feed.
_ODD_CHARACTERS = (
    "\0-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff0-\ufffb\ufffe\uffff\U000e0001"
)
_ODD = re.compile(f"[{_ODD_CHARACTERS}]")
_LINE_END = re.compile("\r\n?|[\v\f\x85\u2028]")
_RARE_BLANK = "\u1680\u2000-\u200a\u202f\u205f\u3000"
_RARE_BLANKS = re.compile(f"[{_RARE_BLANK}]")
_BREAKS = re.compile("\n{3,}")
# Where marks, and letters that compose with a neighbour, can be: no Latin text with its quotes.
_MARKED = (
    "\u0300-\u1fff\u20d0-\u20ff\u2c00-\u2dff\u3000-\u312f\ua000-\uabff\ufb00-\ufdff"
    "\ufe00-\ufe2f\U00010000-\U0010ffff"
)
_MAY_HAVE_MARKS = re.compile(f"[{_MARKED}]")
# Most texts hold none of all this; one look is enough.
_UNUSUAL = re.compile(f"[{_ODD_CHARACTERS}{_RARE_BLANK}{_MARKED}]")


def clean_text(text: str) -> str:
    """Gives plain text in NFC without useless characters, blanks folded, lines kept.

    Lines are trimmed; two line feeds or more become two. Typographic quotes, dashes and the
    joiners of Persian and Indic words stay.
    """
    text = text.replace("\t", " ").replace("\u00a0", " ")
    unusual = (_ODD if text.isascii() else _UNUSUAL).search(text) is not None
    if not text.isascii():
        if unusual and _MAY_HAVE_MARKS.search(text) is not None:
            text = _LONG_MARKS.sub(r"\1", text)
        text = unicodedata.normalize("NFC", text)
    composed = True
    if unusual and _ODD.search(text) is not None:
        text = _LINE_END.sub("\n", text.replace("\u2029", "\n\n"))
        text = _STRAY_ZERO_WIDTH_SPACE.sub("", _STRAY_JOINER.sub("", _USELESS.sub("", text)))
        composed = text.isascii()
    if unusual:
        text = _RARE_BLANKS.sub(" ", text)
    # Each time a run of spaces becomes half as long.
    while "  " in text:
        text = text.replace("  ", " ")
    text = text.replace(" \n", "\n").replace("\n ", "\n")
    if "\n\n\n" in text:
        text = _BREAKS.sub("\n\n", text)
    text = text.strip()
    # Taking an invisible character out may bring letters together that compose.
    return text if composed else unicodedata.normalize("NFC", text)


def valid_unicode(text: str) -> str:
    """Gives a string that any encoder takes: lone surrogates and NULs dropped."""
    text = text.replace("\0", "")
    if text.isascii():
        return text
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-8", "ignore").decode("utf-8")
    return text
