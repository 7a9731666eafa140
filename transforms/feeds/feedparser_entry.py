"""Entries out of feedparser's records of them."""

import calendar
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from schemas.entry import Entry
from transforms.feeds.feedparser_values import records_of, text_of, value_of
from transforms.feeds.pictures import named_picture
from transforms.feeds.plain import plain_as_html
from transforms.feeds.relative_links import resolved

# Tags that a title of an unstated type holds only when it is HTML, closed or not.
_INLINE_TAG = re.compile(r"</?(?:a|b|i|u|em|strong|span|br|p|font|img|sup|sub|q)\b[^<>]*>", re.I)
# An id that is a number or a code is a link to feedparser, unless `isPermaLink` denies it.
_NO_ADDRESS = re.compile(r"(?!https?:|[./?])[^/]*\Z", re.I)


def entry_of(
    item: Mapping[str, Any], position: int, base: str, url: str, feed_language: str
) -> Entry:
    """Makes an entry of feedparser's record.

    Args:
        item: The record.
        position: Its place in the feed, from 0.
        base: What relative links start from, where the entry has no `xml:base` of its own.
        url: Where the feed came from.
        feed_language: Where the entry has none of its own.
    """
    title = _detail(item, "title_detail", "title")
    summary = _detail(item, "summary_detail", "summary")
    # What is said of a picture or film is the text where there is no other, as of a film.
    summary = summary or _detail(item, "media_description_detail", "media_description")
    contents = [c for c in records_of(item, "content") if _is_text(c)]
    content = max(contents, key=lambda c: len(text_of(c, "value")), default=None)
    details = [d for d in (content, summary, title) if d]
    own_base = next((text_of(d, "base") for d in details if value_of(d, "base")), "")
    language = next((text_of(d, "language") for d in details if value_of(d, "language")), "")
    return Entry(
        guid=text_of(item, "id").strip(),
        link=_link(item),
        title=_as_html(title, guess=True),
        summary=_as_html(summary),
        content=_as_html(content),
        published=(text_of(item, "published") or text_of(item, "created")).strip(),
        updated=text_of(item, "updated").strip(),
        published_parsed=_moment(
            value_of(item, "published_parsed" if value_of(item, "published") else "created_parsed")
        ),
        updated_parsed=_moment(value_of(item, "updated_parsed")),
        authors=authors_of(item),
        categories=_categories(item),
        image_url=named_picture(item),
        language=language or feed_language,
        base_url=resolved(url, own_base) if own_base else base,
        position=position,
    )


def authors_of(item: Mapping[str, Any]) -> list[str]:
    """Gives the names of an entry's or a feed's authors, or their mail addresses."""
    found = [
        text_of(author, "name") or text_of(author, "email")
        for author in records_of(item, "authors")
    ]
    names = [name for name in found if name] or [text_of(item, "author")]
    return list(dict.fromkeys(name.strip() for name in names if name.strip()))


def _detail(item: Mapping[str, Any], detail: str, plain: str) -> Mapping[str, Any] | None:
    found = value_of(item, detail)
    value = text_of(item, plain)
    if isinstance(found, Mapping):
        # A deeper element of the same name overwrites feedparser's detail, not the text.
        is_own = not value or value_of(found, "value") == value
        return found if is_own else {**found, "value": value, "type": "text/html"}
    return {"value": value, "type": "text/html"} if value else None


def _is_text(content: Mapping[str, Any]) -> bool:
    kind = text_of(content, "type") or "text/html"
    return kind.startswith("text/") or kind.endswith("xhtml+xml")


def _as_html(detail: Mapping[str, Any] | None, guess: bool = False) -> str:
    if detail is None:
        return ""
    value = text_of(detail, "value")
    if text_of(detail, "type") != "text/plain":
        return value
    # feedparser calls a text of an unstated type plain unless it closes a tag.
    if guess and _INLINE_TAG.search(value):
        return value
    return plain_as_html(value)


def _link(item: Mapping[str, Any]) -> str:
    link = text_of(item, "link").strip()
    if link and not (link == text_of(item, "id").strip() and _NO_ADDRESS.match(link)):
        return f"http://{link}" if link[:4].lower() == "www." else link
    for other in records_of(item, "links"):
        if value_of(other, "rel") in (None, "", "alternate", "via") and text_of(other, "href"):
            return text_of(other, "href").strip()
    return ""


def _moment(value: Any) -> datetime | None:
    if value is None:
        return None
    try:
        return datetime.fromtimestamp(calendar.timegm(value), UTC)
    except (ValueError, OverflowError, TypeError, OSError):
        return None


def _categories(item: Mapping[str, Any]) -> list[str]:
    terms = (
        (text_of(tag, "label") or text_of(tag, "term")).strip() for tag in records_of(item, "tags")
    )
    return list(dict.fromkeys(term for term in terms if term))
