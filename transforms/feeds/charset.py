"""Charsets that are surer from the bytes than from what HTTP and the XML declaration claim.

Everything else is told by feedparser's rules (RFC 3023, then detection).
"""

import codecs
import re

UTF8_XML = "application/xml; charset=utf-8"
_HEAD_BYTES = 1024
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?\bencoding\s*=\s*[\"']([\w.:-]{1,40})", re.I)
# As feedparser looks for it; it does so in the whole first line.
_ANY_DECLARED = re.compile(rb"<\?.*?encoding=['\"](.*?)['\"].*?\?>")
_SPACE = re.compile(rb"\s")
_HTTP_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.I)
_UTF8 = frozenset(("utf-8", "utf8"))
# Claims that are made by default, by servers and generators that do not know.
_CLAIMED_BY_DEFAULT = _UTF8.union(
    ("iso-8859-1", "iso8859-1", "latin1", "latin-1", "windows-1252", "cp1252", "us-ascii", "ascii")
)
# Bytes that are no UTF-8, as Python decodes them; and those of them that are quotes, dashes, dots,
# bullet, trade mark, no-break space and guillemets of cp1252.
_STRAY = re.compile("[\udc80-\udcff]+")
_TYPOGRAPHIC = re.compile("[\udc82\udc84\udc85\udc8b\udc91-\udc97\udc99\udc9b\udca0\udcab\udcbb]+")
# What bytes that are no UTF-8 are as cp1252; the five that it leaves undefined are dropped later.
_AS_CP1252 = {
    0xDC00 + byte: bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(128, 256)
}


def with_readable_declaration(body: bytes) -> bytes:
    """Gives a document whose XML declaration feedparser can read, and reads in little time.

    A charset that is no name is taken out, since feedparser stumbles over it. Its search for the
    charset is cubic in the length of the first line: a line feed ends that behind the declaration,
    or, where none ends within 1 KB, before anything that looks like a charset.
    """
    start = len(codecs.BOM_UTF8) if body.startswith(codecs.BOM_UTF8) else 0
    if not body.startswith(b"<?", start):
        return body
    end = body.find(b"?>", start, _HEAD_BYTES) + 2
    if end < 2:
        space = _SPACE.search(body, start, _HEAD_BYTES)
        place = space.start() if space else start + 2
        return body[:place] + b"\n" + body[place:]
    declared = _ANY_DECLARED.match(body, start, end)
    if declared is not None and not declared[1].isascii():
        plain = body[: declared.start(1)] + b"utf-8" + body[declared.end(1) : end]
        return plain + b"\n" + body[end:]
    return body if body.startswith(b"\n", end) else body[:end] + b"\n" + body[end:]


def http_charset(content_type: str) -> str:
    """Gives the charset that an HTTP `Content-Type` names, or nothing."""
    match = _HTTP_CHARSET.search(content_type)
    return match[1] if match else ""


def utf8_against_claims(body: bytes, content_type: str) -> bytes | None:
    """Gives a document as UTF-8 where its bytes say surely what it is, whatever is claimed.

    Text that is not ASCII and yet valid UTF-8 is UTF-8: by chance that does not happen to Western
    single-byte text. Where most of it is, the rest was pasted in as cp1252; and where most of the
    bytes that are no UTF-8 are the quotes and dashes of cp1252, they all are cp1252.

    Args:
        body: The document, compatible with ASCII.
        content_type: The HTTP `Content-Type`, or empty.

    Returns:
        The document, to be read as `UTF8_XML`; None where the claims are to be believed, since
        they are right, or name a charset that nobody claims by default.
    """
    if body.isascii():
        return None
    declared = _DECLARED.search(body[:_HEAD_BYTES])
    claims = {
        claim.lower()
        for claim in (declared[1].decode() if declared else "", http_charset(content_type))
        if claim
    }
    if not claims <= _CLAIMED_BY_DEFAULT:
        return None
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return _mended(body)
    return None if claims <= _UTF8 else body


def _mended(body: bytes) -> bytes | None:
    """Gives as UTF-8 what is UTF-8 with bytes of cp1252, or surely cp1252; None for the rest."""
    text = body.decode("utf-8", "surrogateescape")
    stray = _count(_STRAY, text)
    valid = len(text) - len(text.encode("ascii", "ignore")) - stray
    if valid < 2 * stray and 2 * _count(_TYPOGRAPHIC, text) < stray:
        return None
    return text.translate(_AS_CP1252).encode("utf-8")


def _count(characters: re.Pattern[str], text: str) -> int:
    return len(text) - len(characters.sub("", text))
