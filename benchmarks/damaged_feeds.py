"""Kinds of damage that feeds have in the wild, done to a clean one."""

import codecs
import html.entities
import re
from collections.abc import Callable
from dataclasses import dataclass

_DECLARATION = re.compile(r"\A\ufeff?\s*<\?xml[^>]*\?>\s*")
_ITEM_END = re.compile(r"</(?:item|entry)>")
_TITLE_END = re.compile(r"</title>")
_TEXT_END = re.compile(r"</(?:description|summary|content)>")
_CDATA_OR_TAG = re.compile(r"<!\[CDATA\[.*?\]\]>|<[^>]*>", re.S)
_NAMES = {
    code: name
    for code, name in html.entities.codepoint2name.items()
    if name not in ("amp", "lt", "gt", "quot")
}
_PHP_WARNING = (
    "<br />\n<b>Warning</b>:  Undefined variable $x in <b>/srv/www/feed.php</b> on line "
    "<b>12</b><br />\n"
)


@dataclass(frozen=True, slots=True)
class Damaged:
    """A damaged document, and the HTTP `Content-Type` it comes with."""

    body: bytes
    content_type: str = ""


# What a kind of damage makes of a document without its declaration; None where it has no place.
Damage = Callable[[str], Damaged | None]


def without_declaration(text: str) -> str:
    """Gives a document without its XML declaration."""
    return _DECLARATION.sub("", text)


def declared(encoding: str) -> str:
    """Gives an XML declaration."""
    return f'<?xml version="1.0" encoding="{encoding}"?>\n'


def _encoded(text: str, encoding: str, prolog: str, content_type: str = "") -> Damaged | None:
    """Encodes a document that has something to lose by it and that the encoding can hold."""
    if text.isascii():
        return None
    try:
        return Damaged(prolog.encode() + text.encode(encoding), content_type)
    except UnicodeEncodeError:
        return None


def _stray_bytes(text: str) -> Damaged | None:
    """Writes the typographic characters of the second half in cp1252, the rest in UTF-8."""
    middle = len(text) // 2
    parts = re.split("([\u2018\u2019\u201c\u201d\u2013\u2014\u2026])", text[middle:])
    if len(parts) == 1:
        return None
    mixed = b"".join(
        part.encode("cp1252" if place % 2 else "utf-8") for place, part in enumerate(parts)
    )
    return Damaged((declared("utf-8") + text[:middle]).encode() + mixed)


def _inserted(piece: str) -> Damage:
    """Puts a piece before the end of each title and text."""

    def damage(text: str) -> Damaged:
        for end in (_TITLE_END, _TEXT_END):
            text = end.sub(lambda match: piece + match[0], text)
        return Damaged((declared("utf-8") + text).encode())

    return damage


def _undefined_entities(text: str) -> Damaged | None:
    """Names what HTML has a name for."""
    return _in_text(text, _with_entities)


def _bare_ampersands(text: str) -> Damaged | None:
    """Leaves ampersands between blanks as they are."""
    return _in_text(text, lambda piece: re.sub(r"(?<=\s)&amp;(?=\s)", "&", piece))


def _in_text(text: str, change: Callable[[str], str]) -> Damaged | None:
    """Changes a document outside of CDATA and tags; None where there is nothing to change."""
    pieces: list[str] = []
    at = 0
    for kept in _CDATA_OR_TAG.finditer(text):
        pieces += [change(text[at : kept.start()]), kept[0]]
        at = kept.end()
    changed = "".join([*pieces, change(text[at:])])
    return Damaged((declared("utf-8") + changed).encode()) if changed != text else None


def _with_entities(text: str) -> str:
    if text.isascii():
        return text
    return "".join(f"&{_NAMES[ord(c)]};" if ord(c) in _NAMES else c for c in text)


def _before_xml(junk: str) -> Damage:
    return lambda text: Damaged((junk + declared("utf-8") + text).encode())


def _after_root(junk: str) -> Damage:
    return lambda text: Damaged((declared("utf-8") + text.rstrip() + junk).encode())


def _without(pattern: re.Pattern[str], which: int) -> Damage:
    """Drops one of the end tags: the first is 0, the middle one 1, the last 2."""

    def damage(text: str) -> Damaged | None:
        found = list(pattern.finditer(text))
        if not found:
            return None
        tag = found[(len(found) - 1) * which // 2]
        return Damaged((declared("utf-8") + text[: tag.start()] + text[tag.end() :]).encode())

    return damage


def _cut(share: float) -> Damage:
    return lambda text: Damaged((declared("utf-8") + text[: int(len(text) * share)]).encode())


def _wide(encoding: str, prolog: str, mark: bytes = b"") -> Damage:
    return lambda text: Damaged(mark + (prolog + text).encode(encoding))


_XML = "application/xml"
KINDS: dict[str, Damage] = {
    "no charset, is cp1252": lambda t: _encoded(t, "cp1252", '<?xml version="1.0"?>\n'),
    "declares iso-8859-1, is utf-8": lambda t: _encoded(t, "utf-8", declared("iso-8859-1")),
    "declares us-ascii, is utf-8": lambda t: _encoded(t, "utf-8", declared("us-ascii")),
    "declares a charset that is none": lambda t: _encoded(t, "utf-8", declared("x-none")),
    "HTTP says iso-8859-1, is utf-8": lambda t: _encoded(
        t, "utf-8", declared("utf-8"), f"{_XML}; charset=iso-8859-1"
    ),
    "HTTP says utf-8, is the declared cp1252": lambda t: _encoded(
        t, "cp1252", declared("windows-1252"), f"{_XML}; charset=utf-8"
    ),
    "HTTP says text/xml alone, is utf-8": lambda t: _encoded(
        t, "utf-8", declared("utf-8"), "text/xml"
    ),
    "cp1252 called utf-8": lambda t: _encoded(t, "cp1252", declared("utf-8")),
    "cp1252 called iso-8859-1": lambda t: _encoded(t, "cp1252", declared("iso-8859-1")),
    "cp1252 quotes in utf-8": _stray_bytes,
    "control characters": _inserted("\x08\x0b\x1f"),
    "NULs": _inserted("\0"),
    "references to control characters": _inserted("&#8;&#x1F;"),
    "undefined entities": _undefined_entities,
    "bare ampersands": _bare_ampersands,
    "blank lines before the XML": _before_xml("\n \n"),
    "a byte order mark after a blank line": _before_xml("\n\ufeff"),
    "two byte order marks": _before_xml("\ufeff\ufeff"),
    "text before the XML": _before_xml("Connected.\n"),
    "a PHP warning before the XML": _before_xml(_PHP_WARNING),
    "a comment before the XML": _before_xml("<!-- cached -->\n"),
    "no end of the root": _without(re.compile(r"</(?:rss|feed|rdf:RDF)>", re.I), 2),
    "no end of one entry": _without(_ITEM_END, 1),
    "no end of the last entry": _without(_ITEM_END, 2),
    "no end of one title": _without(_TITLE_END, 1),
    "no end of one text": _without(_TEXT_END, 1),
    "cut off at two thirds": _cut(0.67),
    "UTF-16, little end first": _wide("utf-16-le", declared("utf-16"), codecs.BOM_UTF16_LE),
    "UTF-16, big end first": _wide("utf-16-be", declared("utf-16"), codecs.BOM_UTF16_BE),
    "UTF-16 without a mark": _wide("utf-16-le", declared("utf-16")),
    "UTF-16 called utf-8": _wide("utf-16-le", declared("utf-8"), codecs.BOM_UTF16_LE),
    "a script after the root": _after_root('\n<script src="x.js"></script>'),
    "text after the root": _after_root("\nGenerated in 0.2 s & cached"),
    "NULs after the root": _after_root("\0" * 64),
    "the document twice": lambda t: Damaged(
        (declared("utf-8") + t + declared("utf-8") + t).encode()
    ),
}
