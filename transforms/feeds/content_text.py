"""Text of elements as feedparser gives it: its repairs, its guesses and its XHTML, step by step."""

import contextlib
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from time import struct_time
from typing import Any
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

from transforms.feeds.element_names import (
    ElementNames,
    UnsupportedError,
    feedparser_rules,
    xml_name,
)
from transforms.feeds.feedparser_setup import prepared_feedparser

# U+0080 to U+009F in UTF-8, which is searched in a fraction of the time that a string takes.
_C1 = re.compile(b"\xc2[\x80-\x9f]")
_HTML_SIGN = re.compile(r"</|&")
_MAX_DEPTH = 60
_XHTML = "application/xhtml+xml"


def repaired(text: str) -> str:
    """Undoes what feedparser undoes: UTF-8 read as Latin-1, and cp1252 read as Latin-1."""
    if text.isascii():
        return text
    with contextlib.suppress(UnicodeError):
        text = text.encode("iso-8859-1").decode("utf-8")
    has_c1 = _C1.search(text.encode("utf-8", "surrogatepass")) is not None
    return text.translate(_cp1252()) if has_c1 else text


def leaf_text(element: Element) -> str:
    """Gives the trimmed, repaired text of an element without children.

    Raises:
        UnsupportedError: It has children.
    """
    if len(element):
        raise UnsupportedError(f"<{element.tag}> holds elements")
    return repaired((element.text or "").strip())


def content_of(
    element: Element,
    attributes: Mapping[str, str],
    default_type: str,
    version: str,
    names: ElementNames,
) -> tuple[str, str]:
    """Gives the text of a title, summary or content, and its media type.

    Raises:
        UnsupportedError: It is binary, or holds elements though it is not XHTML.
    """
    kind = _media_type(attributes.get("type", default_type))
    if attributes.get("mode") == "base64" or not (kind.startswith("text/") or kind == _XHTML):
        raise UnsupportedError(f"<{element.tag}> has the type {kind!r}")
    if kind == _XHTML:
        pieces: list[str] = []
        _serialise(element, pieces, names, 0)
        if version == "atom10":
            pieces = _without_wrapper(pieces)
        return repaired("".join(pieces).strip()), kind
    if len(element):
        raise UnsupportedError(f"<{element.tag}> holds elements")
    text = (element.text or "").strip()
    if (
        kind == "text/plain"
        and not version.startswith("atom")
        and _HTML_SIGN.search(text)
        and _looks_like_html(text)
    ):
        kind = "text/html"
    return repaired(text), kind


@lru_cache(maxsize=256)
def parsed_date(text: str) -> struct_time | None:
    """Gives feedparser's own reading of a date, UTC."""
    found: struct_time | None = prepared_feedparser().datetimes._parse_date(text)
    return found


def resolved(base: str, uri: str) -> str:
    """Gives feedparser's absolute form of an address."""
    if not base and ":///" not in uri:
        return uri
    return str(prepared_feedparser().urls._urljoin(base, uri))


def _media_type(kind: str) -> str:
    lower = kind.lower()
    return {
        "text": "text/plain",
        "plain": "text/plain",
        "html": "text/html",
        "xhtml": _XHTML,
    }.get(lower, lower)


def _serialise(element: Element, pieces: list[str], names: ElementNames, depth: int) -> None:
    if depth > _MAX_DEPTH:
        raise UnsupportedError("XHTML is nested too deeply")
    if element.text:
        pieces.append(escape(element.text))
    for child in element:
        local = child.tag.rpartition("}")[2].lower()
        if local in ("svg", "math") or names.name(child.tag) in feedparser_rules():
            # feedparser would take it for an element of the feed, at least at its end.
            raise UnsupportedError(f"XHTML holds <{local}>")
        attributes = "".join(_attribute(key, value) for key, value in child.attrib.items())
        pieces.append(f"<{local}{attributes}>")
        _serialise(child, pieces, names, depth + 1)
        pieces.append(f"</{local}>")
        if child.tail:
            pieces.append(escape(child.tail))


def _attribute(key: str, value: str) -> str:
    if key[0] == "{":
        if not key.startswith(xml_name("")):
            raise UnsupportedError(f"XHTML has the attribute {key}")
        key = "xml:" + key.rpartition("}")[2]
    key = key.lower()
    if key.endswith("base"):
        raise UnsupportedError("XHTML sets a base")
    if key in ("rel", "type"):
        value = value.lower()
    return f' {key}="{escape(value, {chr(34): "&quot;"})}"'


def _without_wrapper(pieces: list[str]) -> list[str]:
    """Drops the `<div>` that RFC 4287 wants around XHTML, where it holds all of it."""
    while len(pieces) > 1 and not pieces[-1].strip():
        del pieces[-1]
    while len(pieces) > 1 and not pieces[0].strip():
        del pieces[0]
    if not pieces or pieces[-1] != "</div>":
        return pieces
    if not (pieces[0] == "<div>" or pieces[0].startswith("<div ")):
        return pieces
    depth = 0
    for piece in pieces[:-1]:
        if piece.startswith("</"):
            depth -= 1
            if depth == 0:
                return pieces
        elif piece.startswith("<"):
            depth += 1
    return pieces[1:-1]


def _looks_like_html(text: str) -> bool:
    return bool(prepared_feedparser().mixin._FeedParserMixin.looks_like_html(text))


@cache
def _cp1252() -> dict[int, Any]:
    return dict(prepared_feedparser().html._cp1252)
