"""What a page says of its article in JSON-LD (schema.org)."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any

# And all that end in "article": schema.org has a dozen kinds of a NewsArticle.
_ARTICLES = ("article", "blogposting", "liveblogposting", "report")
# What some systems put around JSON, so that an old browser does not show it.
_WRAPPING = re.compile(r"\A\s*(?://\s*)?(?:<!\[CDATA\[|<!--)|(?://\s*)?(?:\]\]>|-->)\s*\Z")
# Lists and graphs are walked; a page nests them a few deep.
_MAX_DEPTH = 6
_MAX_OBJECTS = 500
_MAX_JSON_CHARS = 500_000


@dataclass(slots=True)
class StatedArticle:
    """An article's statements, as given; empty where it makes none."""

    title: str = ""
    published: str = ""
    updated: str = ""
    authors: list[str] = field(default_factory=list)
    language: str = ""


def stated_article(document: Any, titles: Sequence[str]) -> StatedArticle:
    """Gives the article that a page is about.

    Args:
        document: The parsed page.
        titles: What the page shows as its title, in its several places. Where it states several
            articles, the one that has it is meant, else the first; others are only linked to.
    """
    found = list(_stated(document))
    if len(found) > 1:
        shown = [_folded(title) for title in titles]
        for one in found:
            if (own := _folded(one.title)) and any(own in title for title in shown):
                return one
    return found[0] if found else StatedArticle()


def _folded(title: str) -> str:
    return " ".join(unescape(title).casefold().split())


def _stated(document: Any) -> Iterator[StatedArticle]:
    for script in document.query_selector_all('script[type^="application/ld+json"]'):
        text = script.text or ""
        if len(text) > _MAX_JSON_CHARS:
            continue
        try:
            value = json.loads(_WRAPPING.sub("", text), strict=False)
        except (ValueError, RecursionError):
            continue
        objects = list(_objects(value))
        names = {_text(one.get("@id")): _text(one.get("name")) for one in objects}
        for one in filter(_is_article, objects):
            yield StatedArticle(
                title=_text(one.get("headline")) or _text(one.get("name")),
                published=_text(one.get("datePublished")) or _text(one.get("dateCreated")),
                updated=_text(one.get("dateModified")),
                authors=_names(one.get("author"), names),
                language=_text(one.get("inLanguage")),
            )


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    """Gives a page's objects, not those that they only list or link to."""
    waiting, seen = [(value, 0)], 0
    while waiting and seen < _MAX_OBJECTS:
        one, depth = waiting.pop(0)
        seen += 1
        if depth > _MAX_DEPTH:
            continue
        if isinstance(one, list):
            waiting += [(inner, depth + 1) for inner in one]
        elif isinstance(one, dict):
            yield one
            for name in ("@graph", "mainEntity"):
                if name in one:
                    waiting.append((one[name], depth + 1))


def _is_article(one: Mapping[str, Any]) -> bool:
    kinds = one.get("@type")
    for kind in kinds if isinstance(kinds, list) else [kinds]:
        # Some give a type with its vocabulary: http://schema.org/NewsArticle, schema:NewsArticle.
        name = re.split("[/:#]", kind)[-1].lower() if isinstance(kind, str) else ""
        if name in _ARTICLES or name.endswith("article"):
            return True
    return False


def _names(value: Any, known: Mapping[str, str]) -> list[str]:
    """Gives authors' names; of one who is only referred to, that which the page gives elsewhere."""
    values = value if isinstance(value, list) else [value]
    return without_addresses(
        _text(one.get("name")) or known.get(_text(one.get("@id")), "")
        if isinstance(one, dict)
        else _text(one)
        for one in values
    )


def without_addresses(names: Iterable[str]) -> list[str]:
    """Leaves out what names nobody: some systems give the address of the author's page."""
    return [name for name in names if name and not name.startswith(("http://", "https://"))]


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    return value.strip() if isinstance(value, str) else ""
