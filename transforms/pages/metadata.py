"""What a page says of itself: JSON-LD first, then meta tags, then marks in its text.

Sources: schema.org (NewsArticle; JSON-LD and microdata), Open Graph (ogp.me), hAtom, the names that
publishers' systems use.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from transforms.pages.json_ld import stated_article, without_addresses
from transforms.text.html_parser import HTMLTree

_PUBLISHED = (
    "article:published_time", "og:article:published_time", "parsely-pub-date", "datepublished",
    "date.issued", "dcterms.date", "dc.date.issued", "dc.date", "sailthru.date", "publish-date",
    "publication_date", "pubdate", "date",
)  # fmt: skip
_UPDATED = ("article:modified_time", "og:updated_time", "datemodified", "last-modified")
_AUTHORS = ("author", "article:author", "parsely-author", "dc.creator", "byl", "sailthru.author")
_TITLES = ("og:title", "twitter:title", "parsely-title", "dc.title")
# Marks of microdata and hAtom. A page may show other articles below its own: the first is meant.
_DATE_MARKS = (
    '[itemprop~="datePublished"]', ".entry-date.published", "time.entry-date", ".dt-published",
)  # fmt: skip
_UPDATE_MARKS = ('[itemprop~="dateModified"]', ".hentry .updated[datetime]")
_AUTHOR_MARKS = (
    '[itemprop~="author"] [itemprop~="name"]', '[itemprop~="author"]', 'a[rel~="author"]',
    ".author .fn", ".p-author",
)  # fmt: skip
_MAX_MARK_CHARS = 100


@dataclass(slots=True)
class PageMetadata:
    """A page's statements, as given; empty where it makes none.

    Attributes:
        title: Of the article, or else the page's `<title>`.
        is_headline: JSON-LD says that the title is the article's.
        heading: The page's first `h1`.
        site: The site's name.
        tag_title: The title is that of `<title>`, with the site's name perhaps.
    """

    title: str = ""
    is_headline: bool = False
    tag_title: bool = False
    heading: str = ""
    site: str = ""
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
    meta = _meta_tags(document)
    root = document.query_selector("html")
    canonical = document.query_selector("link[rel=canonical]")
    first = document.query_selector("h1")
    heading = " ".join((first.text if first is not None else "").split())
    meta_title = _first(meta, _TITLES)
    # What the article leaves out is taken from no other that the page holds.
    said = stated_article(document, (meta_title, heading, tree.title or ""))
    return PageMetadata(
        title=said.title or meta_title or tree.title or heading,
        is_headline=bool(said.title),
        tag_title=not (said.title or meta_title),
        heading=heading,
        site=_first(meta, ("og:site_name",)),
        published=said.published or _first(meta, _PUBLISHED) or _mark(document, _DATE_MARKS),
        updated=said.updated or _first(meta, _UPDATED) or _mark(document, _UPDATE_MARKS),
        authors=said.authors or _author_tags(meta) or _marked_authors(document),
        language=said.language or (root.getattr("lang") if root is not None else "") or "",
        url=(canonical.getattr("href") if canonical is not None else "")
        or _first(meta, ("og:url",)),
    )


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
        names = without_addresses(meta.get(name, ()))
        if names:
            return list(dict.fromkeys(names))
    return []


def _first(meta: Mapping[str, Sequence[str]], names: Sequence[str]) -> str:
    return next((meta[name][0] for name in names if name in meta), "")


def _mark(document: Any, selectors: Sequence[str]) -> str:
    for selector in selectors:
        one = document.query_selector(selector)
        if one is not None:
            value = one.getattr("content") or one.getattr("datetime") or one.text or ""
            if len(value) <= _MAX_MARK_CHARS and value.strip():
                return str(value.strip())
    return ""


def _marked_authors(document: Any) -> list[str]:
    for selector in _AUTHOR_MARKS:
        first = document.query_selector(selector)
        # Those beside the first: comments and other articles have authors, too.
        around = first.parent if first is not None else None
        found = around.query_selector_all(selector) if around is not None else [first]
        texts = [" ".join(one.text.split()) for one in found if one is not None]
        names = without_addresses(text for text in texts if len(text) <= _MAX_MARK_CHARS)
        if names:
            return list(dict.fromkeys(names))
    return []
