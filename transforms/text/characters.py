"""Characters: NFC, and out with what nobody sees: controls, stray joiners, doubled spaces."""

import unicodedata

import regex

# Controls but tab and line feed; surrogates and noncharacters, which no encoder takes; soft
# hyphens, byte order marks, direction marks and other invisible ones that carry no meaning.
_USELESS = regex.compile(
    "[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180e\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff0-\ufffb\ufffe\uffff\U000e0001]+"
)
# Joiners shape the letters of Arabic, Persian, Indic and other scripts, and join emoji. After
# Latin, Greek, Cyrillic letters, digits or blanks they carry nothing.
_STRAY_JOINER = regex.compile("(?<![\u0590-\u1fff\u2190-\u2bff\ufb1d-\U0010ffff])[\u200c\u200d]+")
# A zero-width space tells words apart in scripts written without spaces, and nothing elsewhere.
_STRAY_ZERO_WIDTH_SPACE = regex.compile("(?<![\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff])\u200b+")
# Unicode's Stream-Safe Text Format (UAX 15, 13): longer runs of marks are in no language, and
# normalising one of 1 MB takes hours.
_LONG_MARKS = regex.compile(r"(\p{M}{30})\p{M}+")
_LINE_END = regex.compile("\r\n?|[\v\f\x85\u2028]")
_BLANKS = regex.compile("[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_AROUND_BREAK = regex.compile(" ?\n ?")
_BREAKS = regex.compile("\n{3,}")


def clean_text(text: str) -> str:
    """Gives plain text in NFC without useless characters, blanks folded, lines kept.

    Lines are trimmed; two line feeds or more become two. Typographic quotes, dashes and the
    joiners of Persian and Indic words stay.
    """
    if not text.isascii():
        text = _LONG_MARKS.sub(r"\1", text)
        text = unicodedata.normalize("NFC", text.replace("\u2029", "\n\n"))
    text = _LINE_END.sub("\n", text)
    text = _USELESS.sub("", text)
    if not text.isascii():
        text = _STRAY_ZERO_WIDTH_SPACE.sub("", _STRAY_JOINER.sub("", text))
    text = _AROUND_BREAK.sub("\n", _BLANKS.sub(" ", text))
    text = _BREAKS.sub("\n\n", text).strip()
    # Taking an invisible character out may bring letters together that compose.
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def one_line(text: str) -> str:
    """Gives a text without line breaks."""
    return " ".join(text.split("\n")) if "\n\n" not in text else " ".join(text.split())


def valid_unicode(text: str) -> str:
    """Gives a string that any encoder takes: lone surrogates and NULs dropped."""
    if text.isascii():
        return text.replace("\0", "")
    return text.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")
