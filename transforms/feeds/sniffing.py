"""What a body is, told from its first bytes: a feed to be parsed, or what it is instead."""

import codecs
import re

from schemas.errors import TerminalError

_HEAD_BYTES = 4096
_FEED_TAG = re.compile(rb"<(?:[a-z0-9_.-]{1,40}:)?(?:rss|feed|rdf|channel|item|entry)[\s/>]", re.I)
_FEED_ROOT = re.compile(rb"<(?:[a-z0-9_.-]{1,40}:)?(?:rss|feed|rdf)[\s/>]", re.I)
_HTML = re.compile(rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.I)
_UTF16_32 = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,1000}\?>")
_BINARY = (
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "gzip data (compressed once more than its headers say)"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"{\\rtf", "an RTF document"),
)
_OPML = re.compile(rb"<opml[\s>]", re.I)
_WANTED = "a feed is an RSS, RDF or Atom document (XML), a JSON Feed or a Google News sitemap"


def utf8_if_wide(body: bytes) -> bytes | None:
    """Recodes UTF-16 and UTF-32 to UTF-8, the XML declaration dropped; None for anything else.

    Wide encodings are told by their byte order mark or by the NULs around the first `<`
    (XML 1.0, appendix F), so that what follows can look at one encoding's bytes only.
    """
    for mark, encoding in _UTF16_32:
        if body.startswith(mark):
            text = body.decode(encoding, "replace")
            return _XML_DECLARATION.sub("", text, count=1).encode("utf-8", "replace")
    return None


def is_json(body: bytes, content_type: str) -> bool:
    """Tells whether the body is to be read as JSON."""
    head = body.removeprefix(codecs.BOM_UTF8)[:_HEAD_BYTES].lstrip()
    if head[:1] in (b"{", b"["):
        return not head.startswith(b"{\\rtf")
    return "json" in content_type.lower() and not head.startswith(b"<")


def require_xml_feed(body: bytes) -> None:
    """Refuses a body in which no feed can be.

    Raises:
        TerminalError: The text says what the body looks like, and what a feed is.
    """
    head = body.removeprefix(codecs.BOM_UTF8)[:_HEAD_BYTES].lstrip()
    if not head:
        raise TerminalError(f"the body is empty; {_WANTED}")
    for magic, name in _BINARY:
        if head.startswith(magic):
            raise TerminalError(f"the body is {name}, not a feed; {_WANTED}")
    if _HTML.match(head) and not _FEED_ROOT.search(body[:_HEAD_BYTES]):
        raise not_a_feed(body)
    if _FEED_TAG.search(body) is None:
        raise not_a_feed(body)


def not_a_feed(body: bytes) -> TerminalError:
    """Gives the error for a body that turned out to hold no feed."""
    head = body.removeprefix(codecs.BOM_UTF8)[:_HEAD_BYTES].lstrip()
    if _OPML.search(head):
        return TerminalError(
            f"the body is an OPML list of feeds, not a feed; {_WANTED}: give the addresses that it "
            "lists, or take them over with `dateline feeds import`"
        )
    if _HTML.search(head):
        return TerminalError(
            f"the body is an HTML page, not a feed; {_WANTED}: look for the page's "
            '<link rel="alternate"> and give that address'
        )
    root = re.search(rb"<([A-Za-z_][\w:.-]{0,60})", head)
    if head.startswith(b"<") and root is not None:
        name = root[1].decode("ascii", "replace")
        return TerminalError(f"the body is XML or markup with the root <{name}>; {_WANTED}")
    start = head[:40].decode("utf-8", "replace")
    return TerminalError(f"the body is no feed, it starts with {start!r}; {_WANTED}")
