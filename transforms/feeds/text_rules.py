"""Rules for what an entry or feed says of itself: titles, texts, links, ids and dates."""

import re
from xml.etree.ElementTree import Element

from transforms.feeds.content_text import content_of, leaf_text, parsed_date, repaired, resolved
from transforms.feeds.element_names import UnsupportedError
from transforms.feeds.entry_walk import EntryWalk, Rule

_HTML_TYPES = ("text/html", "application/xhtml+xml", "html", "xhtml")
_REFERENCE = re.compile("&([A-Za-z0-9_]+);")


def _channel(walk: EntryWalk, element: Element, depth: int) -> None:
    if walk.entry is not None or not element.attrib.keys().isdisjoint(("lastmod", "href")):
        raise UnsupportedError("a channel of another format")
    walk.in_feed = True
    walk.children(element, depth)
    walk.in_feed = False


def _feed_root(walk: EntryWalk, element: Element, depth: int) -> None:
    if walk.entry is not None:
        raise UnsupportedError("a feed within an entry")
    walk.in_feed = True
    walk.children(element, depth)
    walk.in_feed = False


def _item(walk: EntryWalk, element: Element, depth: int) -> None:
    attributes = walk.attributes(element)
    if walk.entry is not None or not attributes.keys().isdisjoint(("lastmod", "href")):
        raise UnsupportedError("an item of another format")
    walk.entry = {}
    walk.entries.append(walk.entry)
    walk.depths = {}
    walk.title_depth = -1
    if about := attributes.get("rdf:about"):
        walk.entry["id"] = about
    walk.children(element, depth)
    walk.entry = None
    walk.has_content = False


def _title(walk: EntryWalk, element: Element, depth: int, keeps_depth: bool = False) -> None:
    value, kind = content_of(
        element, walk.attributes(element), "text/plain", walk.version, walk.names
    )
    if not -1 < walk.title_depth <= depth and walk.store("title", value, depth):
        walk.context["title_detail"] = walk.detail(value, kind)
    if value and not keeps_depth:
        walk.title_depth = depth


def _media_title(walk: EntryWalk, element: Element, depth: int) -> None:
    _title(walk, element, depth, keeps_depth=True)


def _link(walk: EntryWalk, element: Element, depth: int) -> None:
    attributes = walk.attributes(element)
    attributes.setdefault("rel", "alternate")
    attributes.setdefault(
        "type", "application/atom+xml" if attributes["rel"] == "self" else "text/html"
    )
    context = walk.context
    enforce_href(attributes)
    links = context.setdefault("links", [])
    links.append(attributes)
    if "href" in attributes:
        attributes["href"] = resolved(walk.base, attributes["href"])
        if attributes["rel"] == "alternate" and attributes["type"] in _HTML_TYPES:
            context["link"] = attributes["href"]
        if len(element):
            raise UnsupportedError("a link holds elements")
        return
    if len(element):
        raise UnsupportedError("a link holds elements")
    text = (element.text or "").strip()
    text = repaired(resolved(walk.base, text) if text else text)
    if walk.entry is not None:
        text = text.replace("&amp;", "&")
    elif not walk.in_feed:
        return
    context["link"] = _REFERENCE.sub(r"&\1", text) if "&" in text else text
    if context["link"] or walk.entry is None:
        attributes["href"] = context["link"]


def enforce_href(attributes: dict[str, str]) -> None:
    """Makes `url` or `uri` an element's `href`, in place."""
    href = attributes.get("url", attributes.get("uri", attributes.get("href")))
    if href:
        attributes.pop("url", None)
        attributes.pop("uri", None)
        attributes["href"] = href


def _guid(walk: EntryWalk, element: Element, depth: int) -> None:
    if len(element):
        raise UnsupportedError("an id holds elements")
    is_link = walk.attributes(element).get("ispermalink", "true") == "true"
    value = (element.text or "").strip()
    value = repaired(resolved(walk.base, value) if is_link and value else value)
    walk.store("id", value, depth)
    if is_link:
        walk.context.setdefault("link", value)


def _description(walk: EntryWalk, element: Element, depth: int, default: str = "text/html") -> None:
    attributes = walk.attributes(element)
    if "summary" in walk.context and not walk.has_content:
        _content(walk, element, depth)
        return
    value, kind = content_of(element, attributes, default, walk.version, walk.names)
    if walk.store("summary", value, depth):
        walk.context["summary_detail"] = walk.detail(value, kind)


def _media_description(walk: EntryWalk, element: Element, depth: int) -> None:
    attributes = walk.attributes(element)
    value, kind = content_of(element, attributes, "text/html", walk.version, walk.names)
    if walk.store("media_description", value, depth):
        walk.context["media_description_detail"] = walk.detail(value, kind)


def _summary(walk: EntryWalk, element: Element, depth: int) -> None:
    is_content = "summary" in walk.context and not walk.has_content
    _description(walk, element, depth, "text/plain")
    # A feed's own summary and subtitle are two things.
    if walk.entry is None and walk.in_feed and not is_content:
        walk.feed.setdefault("summary", "")


def _content(walk: EntryWalk, element: Element, depth: int, default: str = "text/plain") -> None:
    walk.has_content = True
    attributes = walk.attributes(element)
    value, kind = content_of(element, attributes, default, walk.version, walk.names)
    if walk.entry is not None:
        walk.entry.setdefault("content", []).append(walk.detail(value, kind))
    if kind in ("text/plain", "text/html", "application/xhtml+xml"):
        walk.context.setdefault("summary", value)


def _content_encoded(walk: EntryWalk, element: Element, depth: int) -> None:
    _content(walk, element, depth, "text/html")


def _published(walk: EntryWalk, element: Element, depth: int) -> None:
    value = leaf_text(element)
    walk.store("published", value, depth)
    walk.context["published_parsed"] = parsed_date(value)


def _updated(walk: EntryWalk, element: Element, depth: int) -> None:
    value = leaf_text(element)
    walk.store("updated", value, depth)
    walk.context["updated_parsed"] = parsed_date(value)


def _created(walk: EntryWalk, element: Element, depth: int) -> None:
    value = leaf_text(element)
    walk.store("created", value, depth)
    walk.context["created_parsed"] = parsed_date(value)


def _feed_language(walk: EntryWalk, element: Element, depth: int) -> None:
    value = leaf_text(element)
    if walk.entry is None:
        walk.store("language", value, depth)


def _read_of_feed(walk: EntryWalk, element: Element, depth: int) -> None:
    name = walk.names.name(element.tag)
    if len(element):
        raise UnsupportedError(f"<{name}> holds elements")
    if element.attrib:
        walk.context[name] = dict(element.attrib)
    else:
        walk.store(name, leaf_text(element), depth)


TEXT_RULES: dict[str, Rule] = {
    "channel": _channel,
    "feed": _feed_root,
    **dict.fromkeys(("item", "entry"), _item),
    **dict.fromkeys(("title", "dc_title"), _title),
    "media_title": _media_title,
    "link": _link,
    **dict.fromkeys(("guid", "id"), _guid),
    **dict.fromkeys(("description", "dc_description"), _description),
    "media_description": _media_description,
    **dict.fromkeys(("summary", "itunes_summary"), _summary),
    "content": _content,
    **dict.fromkeys(("content_encoded", "fullitem"), _content_encoded),
    **dict.fromkeys(("published", "issued", "pubdate", "dcterms_issued"), _published),
    **dict.fromkeys(
        ("updated", "modified", "lastbuilddate", "dc_date", "dcterms_modified"), _updated
    ),
    **dict.fromkeys(("created", "dcterms_created"), _created),
    **dict.fromkeys(("language", "dc_language"), _feed_language),
    **dict.fromkeys(("ttl", "sy_updateperiod", "sy_updatefrequency"), _read_of_feed),
}
