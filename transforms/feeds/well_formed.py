"""The fast path: a well-formed RSS, RDF or Atom document to what feedparser would make of it.

The tree comes from expat. For the elements that `transforms.feeds.parsing` reads, the walk does
what feedparser 6.0 does; at everything whose effect is not reproduced here it stops
(`UnsupportedError`), and feedparser reads the document instead. A difference is a defect;
`transforms.feeds.comparison` finds it.
"""

import re
from functools import cache
from typing import Any
from xml.etree.ElementTree import Element, ParseError, XMLParser

from transforms.feeds.element_names import ElementNames, UnsupportedError
from transforms.feeds.entry_walk import EntryWalk
from transforms.feeds.feedparser_setup import prepared_feedparser
from transforms.feeds.media_rules import MEDIA_RULES
from transforms.feeds.people_rules import PEOPLE_RULES
from transforms.feeds.text_rules import TEXT_RULES

# Raised whenever what this path makes of a document changes: feeds on which it disagreed with
# feedparser are then read by it again.
FAST_RULES = 1
_HEAD_BYTES = 4096
_EQUALS = re.compile(rb"\s*=")
_TABLE = {**TEXT_RULES, **PEOPLE_RULES, **MEDIA_RULES}
_ROOTS = frozenset(("rss", "feed", "rdf_rdf"))
_RSS_VERSIONS = {"0.91": "rss091u", "0.92": "rss092", "0.93": "rss093", "0.94": "rss094"}
_ATOM_VERSIONS = {"0.1": "atom01", "0.2": "atom02", "0.3": "atom03"}
_RSS10 = "http://purl.org/rss/1.0/"
_ATOM10 = "http://www.w3.org/2005/atom"
_RSS090 = "http://my.netscape.com/rdf/simple/0.9/"


def read_well_formed(body: bytes, content_type: str) -> dict[str, Any] | None:
    """Reads a document that is well-formed and of the usual kind.

    Args:
        body: The document, in any encoding that is compatible with ASCII.
        content_type: The HTTP `Content-Type`, or empty.

    Returns:
        `feed`, `entries` and `version` as in feedparser's result, as far as they are used; None
        where the document is feedparser's to read: broken, unusual, or without an entry.
    """
    found: dict[str, Any] = {}
    headers = {"content-type": content_type} if content_type else {}
    text = prepared_feedparser().encodings.convert_to_utf8(headers, body, found)
    if not found.get("encoding") or b"<!DOCTYPE" in text[:_HEAD_BYTES].upper():
        return None
    try:
        root = _tree(text)
        names = ElementNames(text, _known_namespaces())
        walk = EntryWalk(names, _version(root, names), _TABLE)
        walk.has_languages, walk.has_bases = _scopes(text, root)
        walk.visit(root, 1)
    except (ParseError, UnsupportedError, ValueError, LookupError):
        return None
    if not walk.entries:
        return None
    return {"feed": walk.feed, "entries": walk.entries, "version": walk.version}


def _tree(text: bytes) -> Element:
    parser = XMLParser()
    parser.feed(text)
    root: Element = parser.close()
    return root


def _version(root: Element, names: ElementNames) -> str:
    """Tells the format as feedparser does: from the default namespace, then from the root."""
    name = names.name(root.tag)
    if name not in _ROOTS:
        raise UnsupportedError(f"the root is <{root.tag}>")
    version = names.attributes(root.attrib).get("version", "")
    declared = [uri for uri in names.declared() if uri in (_RSS10, _ATOM10, _RSS090)]
    if name == "rss" and not {_RSS10, _RSS090}.intersection(declared):
        return _RSS_VERSIONS.get(version, "rss20" if version.startswith("2.") else "rss")
    if name == "rdf_rdf" and declared[:1] == [_RSS10]:
        return "rss10"
    if name == "feed":
        if len(declared) > 1:
            raise UnsupportedError("the document declares the namespaces of several formats")
        if declared and _namespace(root) != declared[0]:
            raise UnsupportedError("the format's namespace is not the root's own")
        if declared == [_ATOM10]:
            return "atom10"
        if declared:
            raise UnsupportedError("an Atom document in an RSS namespace")
        return _ATOM_VERSIONS.get(version, "atom")
    raise UnsupportedError("an RDF document of another kind than RSS 1.0, or RSS in its namespace")


def _scopes(text: bytes, root: Element) -> tuple[bool, bool]:
    """Tells whether any element has a language, and whether any has a base of its own."""
    lower = text.lower()
    if not (_may_end_a_name(lower, b"lang") or _may_end_a_name(lower, b"base")):
        return False, False
    ends = {key[-4:].lower() for element in root.iter() for key in element.attrib}
    return "lang" in ends, "base" in ends


def _may_end_a_name(text: bytes, ending: bytes) -> bool:
    """Tells whether an attribute's name can end so: what most documents say spares the walk."""
    at = text.find(ending)
    while at >= 0:
        at += len(ending)
        if _EQUALS.match(text, at):
            return True
        at = text.find(ending, at)
    return False


def _namespace(element: Element) -> str:
    return element.tag[1:].partition("}")[0].lower() if element.tag[0] == "{" else ""


@cache
def _known_namespaces() -> dict[str, str]:
    namespaces = prepared_feedparser().mixin._FeedParserMixin.namespaces
    return {uri.lower(): prefix for uri, prefix in namespaces.items()}
