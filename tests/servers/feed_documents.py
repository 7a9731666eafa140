"""Makes feed documents for tests: the same items as RSS 2.0, Atom, RDF or JSON Feed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape


@dataclass
class Item:
    """An entry; a `published` string goes into the feed as it is."""

    guid: str = ""
    link: str = ""
    title: str = ""
    summary: str = ""
    content_html: str = ""
    published: datetime | str | None = None
    author: str = ""
    categories: Sequence[str] = field(default_factory=tuple)


def _rfc822(published: datetime | str | None) -> str:
    return format_datetime(published) if isinstance(published, datetime) else published or ""


def _iso(published: datetime | str | None) -> str:
    return published.isoformat() if isinstance(published, datetime) else published or ""


def _element(name: str, text: str, attributes: str = "") -> str:
    return f"<{name}{attributes}>{escape(text)}</{name}>" if text else ""


def rss(items: Sequence[Item], title: str = "Feed", channel: str = "") -> bytes:
    """Gives RSS 2.0; `channel` is more XML for the channel."""
    entries = "".join(
        "<item>"
        + _element("title", item.title)
        + _element("link", item.link)
        + _element("guid", item.guid, ' isPermaLink="false"')
        + _element("pubDate", _rfc822(item.published))
        + _element("dc:creator", item.author)
        + "".join(_element("category", category) for category in item.categories)
        + _element("description", item.summary)
        + _element("content:encoded", item.content_html)
        + "</item>"
        for item in items
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"{_element('title', title)}<link>https://paper.example/</link>{channel}{entries}"
        "</channel></rss>"
    ).encode()


def atom(items: Sequence[Item], title: str = "Feed") -> bytes:
    """Gives Atom 1.0."""
    entries = "".join(
        "<entry>"
        + _element("title", item.title)
        + (f'<link href="{escape(item.link)}"/>' if item.link else "")
        + _element("id", item.guid)
        + _element("published", _iso(item.published))
        + _element("updated", _iso(item.published))
        + (f"<author>{_element('name', item.author)}</author>" if item.author else "")
        + "".join(f'<category term="{escape(category)}"/>' for category in item.categories)
        + _element("summary", item.summary)
        + _element("content", item.content_html, ' type="html"')
        + "</entry>"
        for item in items
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
        f"{_element('title', title)}<id>https://paper.example/atom</id>{entries}</feed>"
    ).encode()


def rdf(items: Sequence[Item], title: str = "Feed") -> bytes:
    """Gives RSS 1.0 (RDF)."""
    entries = "".join(
        f'<item rdf:about="{escape(item.guid or item.link)}">'
        + _element("title", item.title)
        + _element("link", item.link)
        + _element("dc:date", _iso(item.published))
        + _element("dc:creator", item.author)
        + _element("description", item.summary)
        + _element("content:encoded", item.content_html)
        + "</item>"
        for item in items
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rdf:RDF '
        'xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://paper.example/">'
        f"{_element('title', title)}<link>https://paper.example/</link></channel>{entries}</rdf:RDF>"
    ).encode()


def json_feed(items: Sequence[Item], title: str = "Feed") -> bytes:
    """Gives JSON Feed 1.1."""
    entries = [
        {
            "id": item.guid or item.link,
            "url": item.link,
            "title": item.title,
            "summary": item.summary,
            "content_html": item.content_html,
            "date_published": _iso(item.published),
            "authors": [{"name": item.author}] if item.author else [],
            "tags": list(item.categories),
        }
        for item in items
    ]
    filled = [{key: value for key, value in entry.items() if value} for entry in entries]
    version = "https://jsonfeed.org/version/1.1"
    return json.dumps({"version": version, "title": title, "items": filled}).encode()
