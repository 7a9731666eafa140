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
# Any of the above, or a line end that is no line feed: most texts hold none; one look is enough.
_ODD = re.compile(
    "[\0-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff0-\ufffb\ufffe\uffff\U000e0001]"
)
_LINE_END = re.compile("\r\n?|[\v\f\x85\u2028]")
# A single space is left alone, not replaced by itself: texts are full of them.
_ODD_BLANK = "\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_BLANKS = re.compile(f"[{_ODD_BLANK}][ {_ODD_BLANK}]*| [ {_ODD_BLANK}]+")
_AN_ODD_BLANK = re.compile(f"[{_ODD_BLANK}]")
_AROUND_BREAK = re.compile(" \n ?|\n ")
_BREAKS = re.compile("\n{3,}")
# Where marks, and letters that compose with a neighbour, can be: no Latin text with its quotes.
_MAY_HAVE_MARKS = re.compile(
    "[\u0300-\u1fff\u20d0-\u20ff\u2c00-\u2dff\u3000-\u312f\ua000-\uabff\ufb00-\ufdff"
    "\ufe00-\ufe2f\U00010000-\U0010ffff]"
)


def clean_text(text: str) -> str:
    """Gives plain text in NFC without useless characters, blanks folded, lines kept.

    Lines are trimmed; two line feeds or more become two. Typographic quotes, dashes and the
    joiners of Persian and Indic words stay.
    """
    if not text.isascii():
        if _MAY_HAVE_MARKS.search(text) is not None:
            text = _LONG_MARKS.sub(r"\1", text)
        text = unicodedata.normalize("NFC", text)
    if _ODD.search(text) is not None:
        text = _LINE_END.sub("\n", text.replace("\u2029", "\n\n"))
        text = _STRAY_ZERO_WIDTH_SPACE.sub("", _STRAY_JOINER.sub("", _USELESS.sub("", text)))
        composed = text.isascii()
    else:
        composed = True
    # What is there nowhere is not looked for at each character.
    if "  " in text or "\t" in text or (not text.isascii() and _AN_ODD_BLANK.search(text)):
        text = _BLANKS.sub(" ", text)
    if " \n" in text or "\n " in text:
        text = _AROUND_BREAK.sub("\n", text)
    if "\n\n\n" in text:
        text = _BREAKS.sub("\n\n", text)
    text = text.strip()
    # Taking an invisible character out may bring letters together that compose.
    return text if composed else unicodedata.normalize("NFC", text)


def one_line(text: str) -> str:
    """Gives a text without line breaks."""
    return " ".join(text.split("\n")) if "\n\n" not in text else " ".join(text.split())


def valid_unicode(text: str) -> str:
    """Gives a string that any encoder takes: lone surrogates and NULs dropped."""
    if text.isascii():
        return text.replace("\0", "")
    return text.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")
