"""What a page says of itself: JSON-LD first, then meta tags.

Sources: schema.org (NewsArticle), Open Graph (ogp.me), the names that publishers' systems use.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from transforms.text.html_parser import HTMLTree

_ARTICLES = ("article", "newsarticle", "reportagenewsarticle", "analysisnewsarticle", "blogposting")
# Lists and graphs are walked; a page nests them a few deep.
_MAX_DEPTH = 6
_MAX_OBJECTS = 500
_MAX_JSON_CHARS = 500_000
_PUBLISHED = (
    "article:published_time", "og:article:published_time", "parsely-pub-date", "datepublished",
    "date.issued", "dcterms.date", "dc.date.issued", "dc.date", "sailthru.date", "publish-date",
    "publication_date", "pubdate", "date",
)  # fmt: skip
_UPDATED = ("article:modified_time", "og:updated_time", "datemodified", "last-modified")
_AUTHORS = ("author", "article:author", "parsely-author", "dc.creator", "byl", "sailthru.author")
_TITLES = ("og:title", "twitter:title", "parsely-title", "dc.title")


@dataclass(slots=True)
class PageMetadata:
    """A page's statements, as given; empty where it makes none. `heading` is its first `h1`."""

    title: str = ""
    heading: str = ""
    published: str = ""
    updated: str = ""
    authors: list[str] = field(default_factory=list)
    language: str = ""
    url: str = ""


def read_metadata(html: str) -> PageMetadata:
    """Reads what a page says of itself.

    Args:
        html: The page, without lone surrogates and NULs.
    """
    tree = HTMLTree.parse(html)
    document: Any = tree.document
    # The first article is the page's; what it leaves out is taken from no other.
    said = next(_json_ld(document), PageMetadata())
    meta = _meta_tags(document)
    root = document.query_selector("html")
    canonical = document.query_selector("link[rel=canonical]")
    first = document.query_selector("h1")
    heading = " ".join((first.text if first is not None else "").split())
    return PageMetadata(
        title=said.title or _first(meta, _TITLES) or tree.title or heading,
        heading=heading,
        published=said.published or _first(meta, _PUBLISHED),
        updated=said.updated or _first(meta, _UPDATED),
        authors=said.authors or _author_tags(meta),
        language=said.language or (root.getattr("lang") if root is not None else "") or "",
        url=(canonical.getattr("href") if canonical is not None else "")
        or _first(meta, ("og:url",)),
    )


def _json_ld(document: Any) -> Iterator[PageMetadata]:
    for script in document.query_selector_all('script[type="application/ld+json"]'):
        text = script.text or ""
        if len(text) > _MAX_JSON_CHARS:
            continue
        try:
            value = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        for one in _articles(value):
            yield PageMetadata(
                title=_text(one.get("headline")) or _text(one.get("name")),
                published=_text(one.get("datePublished")) or _text(one.get("dateCreated")),
                updated=_text(one.get("dateModified")),
                authors=_names(one.get("author")),
                language=_text(one.get("inLanguage")),
            )


def _articles(value: Any) -> Iterator[Mapping[str, Any]]:
    waiting, seen = [(value, 0)], 0
    while waiting and seen < _MAX_OBJECTS:
        one, depth = waiting.pop(0)
        seen += 1
        if depth > _MAX_DEPTH:
            continue
        if isinstance(one, list):
            waiting += [(inner, depth + 1) for inner in one]
        elif isinstance(one, dict):
            kinds = one.get("@type")
            kinds = kinds if isinstance(kinds, list) else [kinds]
            if any(isinstance(kind, str) and kind.lower() in _ARTICLES for kind in kinds):
                yield one
            for name in ("@graph", "mainEntity", "itemListElement", "item"):
                if name in one:
                    waiting.append((one[name], depth + 1))


def _names(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return _without_addresses(
        _text(one.get("name")) if isinstance(one, dict) else _text(one) for one in values
    )


def _without_addresses(names: Iterable[str]) -> list[str]:
    """Leaves out what names nobody: some systems give the address of the author's page."""
    return [name for name in names if name and not name.startswith(("http://", "https://"))]


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    return value.strip() if isinstance(value, str) else ""


def _meta_tags(document: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for tag in document.query_selector_all("meta[content]"):
        name = tag.getattr("property") or tag.getattr("name") or tag.getattr("itemprop")
        content = (tag.getattr("content") or "").strip()
        if name and content:
            found.setdefault(name.lower(), []).append(content)
    return found


def _author_tags(meta: Mapping[str, Sequence[str]]) -> list[str]:
    for name in _AUTHORS:
        names = _without_addresses(meta.get(name, ()))
        if names:
            return list(dict.fromkeys(names))
    return []


def _first(meta: Mapping[str, Sequence[str]], names: Sequence[str]) -> str:
    return next((meta[name][0] for name in names if name in meta), "")
