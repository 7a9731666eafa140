"""Defuses the document type declaration before a parser sees it.

Nothing a feed needs is in a DTD, but entity bombs and external entities are. Only short entities
with plain text or one character reference in them are kept (`<!ENTITY nbsp "&#160;">`), since
feeds of the RSS 0.9x time use those.
"""

import re

_SKIPPED = re.compile(rb"\s*(?:<\?.*?\?>|<!--.*?-->)", re.S)
_BLANK = re.compile(rb"\s*")
_MAX_SUBSET = 200_000
_MAX_ENTITIES = 300
_SAFE_ENTITY = re.compile(
    rb"<!ENTITY\s{1,20}(\w{1,32})\s{1,20}(?:\"(&#x?\w{1,6};|[^&%\"<]{1,16})\""
    rb"|'(&#x?\w{1,6};|[^&%'<]{1,16})')\s{0,20}>"
)


def without_dtd(body: bytes) -> bytes:
    """Gives an XML document in an ASCII-compatible encoding with its DOCTYPE defused.

    A DOCTYPE that does not end, or whose internal subset is over 200 KB, is cut to the first
    place where the feed may begin; what is left is the parser's to judge.
    """
    start = _prolog_end(body)
    if body[start : start + 9].upper() != b"<!DOCTYPE":
        return body
    end = _doctype_end(body, start)
    declared = body[start:end] if end - start <= _MAX_SUBSET else b""
    safe = [
        b'<!ENTITY %s "%s">' % (name, (first or second).replace(b'"', b"&#34;"))
        for name, first, second in _SAFE_ENTITY.findall(declared)[:_MAX_ENTITIES]
    ]
    kept = b"<!DOCTYPE feed [\n" + b"\n".join(safe) + b"\n]>" if safe else b""
    # One DOCTYPE is all a document may have; a second one is no prolog we want to read.
    return body[:start] + kept + body[end:]


def _prolog_end(body: bytes) -> int:
    at = 3 if body.startswith(b"\xef\xbb\xbf") else 0
    for _ in range(1000):
        match = _SKIPPED.match(body, at)
        if match is None:
            break
        at = match.end()
    blank = _BLANK.match(body, at)
    return blank.end() if blank else at


def _doctype_end(body: bytes, start: int) -> int:
    """Finds the end of a DOCTYPE: its `>`, quoted values and the internal subset passed over."""
    at, depth = start, 0
    token = re.compile(rb"[\[\]>]|\"[^\"]*\"|'[^']*'|<!--", re.S)
    while (match := token.search(body, at)) is not None:
        at = match.end()
        if match[0] == b"<!--":
            at = body.find(b"-->", at) + 3
            if at < 3:
                break  # it never ends
        elif match[0] == b"[":
            depth += 1
        elif match[0] == b"]":
            depth -= 1
        elif match[0] == b">" and depth <= 0:
            return at
    root = re.compile(rb"<(?:[\w.-]{1,40}:)?(?:rss|feed|rdf)[\s>]", re.I).search(body, start)
    return root.start() if root else len(body)
