"""Which hub a feed names, and what it calls itself (W3C WebSub, section 4). Pure."""

import html
import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urljoin, urlsplit

# `<target>` with its parameters, up to the comma of the next link (RFC 8288, section 3); quoted
# strings may hold commas and semicolons. Every alternative starts differently: none backtracks.
_LINK = re.compile(r'<([^<>]*)>((?:[^",<]|"(?:[^"\\]|\\.)*")*)')
_PARAMETER = re.compile(r';\s*([\w!#$&+.^`|~*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*))')
# Longer headers are no honest server's.
_MAX_HEADER = 16_384
_ITEM = re.compile(rb"<(?:[\w.-]{1,40}:)?(?:item|entry)[\s/>]", re.IGNORECASE)
# What a feed says of itself before its first entry; a feed without one is read that far.
_MAX_HEAD = 65_536
_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_ELEMENT = re.compile(rb"<(?:[\w.-]{1,40}:)?link\s([^<>]{1,4000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(rb"""\b(rel|href)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)

Link = tuple[str, str]
"""`rel`, which may hold several words, and the address, which may be relative."""


def advertised_hub(
    headers: Iterable[str], links: Iterable[Link], base: str
) -> tuple[str, str] | None:
    """Gives the hub and topic of an answer, or None where one of the two is missing.

    `Link` headers go before the document's links (section 4); the first of each kind counts.

    Args:
        headers: The values of the answer's `Link` headers.
        links: The document's own, in its order.
        base: The address that answered, which relative ones are resolved against.
    """
    found = [link for header in headers for link in header_links(header)]
    found += links
    hub, topic = (_first(found, rel, base) for rel in ("hub", "self"))
    return (hub, topic) if hub and topic else None


def header_links(header: str) -> list[Link]:
    """Gives the links of a `Link` header, in order (RFC 8288)."""
    found = []
    for target, parameters in _LINK.findall(header[:_MAX_HEADER]):
        for name, quoted, plain in _PARAMETER.findall(parameters):
            if name.lower() == "rel":
                found.append((quoted or plain, target))
                break  # later ones are ignored (section 3.3)
    return found


def document_links(body: bytes) -> list[Link]:
    """Gives the links of a feed document that stand before its first entry.

    `atom:link` in RSS, RDF and Atom; `hubs` and `feed_url` in JSON Feed 1.1.
    """
    if _is_json(body):
        return _json_links(body)
    head = _before_entries(body)
    return _elements(head) if b"hub" in head else []


def own_link(body: bytes) -> str:
    """Gives the `self` link of a feed document (`feed_url` in JSON Feed), "" without one."""
    of_json = _is_json(body)
    links = _json_self(_json_object(body)) if of_json else _elements(_before_entries(body))
    return _first(links, "self", "") or ""


def _is_json(body: bytes) -> bool:
    return body.removeprefix(_BYTE_ORDER_MARK).lstrip()[:1] == b"{"


def _before_entries(body: bytes) -> bytes:
    first = _ITEM.search(body)
    return body[: min(first.start() if first else len(body), _MAX_HEAD)]


def _elements(head: bytes) -> list[Link]:
    found = []
    for element in _ELEMENT.finditer(_COMMENT.sub(b"", head)):
        values = {name.lower(): a or b for name, a, b in _ATTRIBUTE.findall(element[1])}
        if b"rel" in values and b"href" in values:
            found.append((_text(values[b"rel"]), _text(values[b"href"])))
    return found


def _json_links(body: bytes) -> list[Link]:
    if b'"hubs"' not in body:
        return []
    document = _json_object(body)
    hubs = document.get("hubs")
    found = [
        ("hub", hub["url"])
        for hub in (hubs if isinstance(hubs, list) else [])
        if isinstance(hub, dict) and hub.get("type") == "WebSub" and isinstance(hub.get("url"), str)
    ]
    return found + _json_self(document)


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _json_self(document: dict[str, Any]) -> list[Link]:
    url = document.get("feed_url")
    return [("self", url)] if isinstance(url, str) else []


def _text(value: bytes) -> str:
    return html.unescape(value.decode("utf-8", "replace")).strip()


def _first(links: Iterable[Link], wanted: str, base: str) -> str | None:
    for rel, target in links:
        if wanted not in rel.lower().split():
            continue
        address = _absolute(base, target.strip())
        if address:
            return address
    return None


def _absolute(base: str, target: str) -> str | None:
    try:
        address = urljoin(base, target)
        parts = urlsplit(address)
        named = bool(parts.hostname)
    except ValueError:
        return None
    return address if named and parts.scheme in {"http", "https"} else None
