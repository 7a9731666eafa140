"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/), wrong types tolerated."""

import codecs
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from schemas.entry import Entry, EntryError, ParsedFeed
from schemas.errors import TerminalError
from transforms.feeds.plain import plain_as_html
from transforms.feeds.relative_links import resolved

_MAX_RAW = 100_000
# As many as entries in XML: more is an attack or an archive.
_MAX_ITEMS = 20_000
# An expired feed (1.1, "expired") will never update again; it is asked as rarely as can be.
_EXPIRED_MINUTES = 525_600.0
_WANTED = 'a JSON Feed is an object with "version" (https://jsonfeed.org/version/1…) and "items"'


def parse_json_feed(body: bytes, *, url: str) -> ParsedFeed:
    """Parses a JSON Feed; texts come out as HTML, as in `transforms.feeds.parsing`.

    Raises:
        TerminalError: The body is not JSON, or JSON of another kind.
    """
    document = _load(body)
    if not isinstance(document, dict):
        raise TerminalError(f"the body is JSON, but its top is {_kind(document)}; {_WANTED}")
    version = _text(document.get("version"))
    items = document.get("items")
    if "jsonfeed.org" not in version and not (isinstance(items, list) and "title" in document):
        keys = ", ".join(repr(str(key)[:40]) for key in list(document)[:8])
        raise TerminalError(f"the body is JSON but no feed (its keys: {keys}); {_WANTED}")
    if not isinstance(items, list):
        raise TerminalError(f'the JSON Feed\'s "items" is {_kind(items)}, not a list; {_WANTED}')
    if len(items) > _MAX_ITEMS:
        raise TerminalError(
            f"the JSON Feed holds {len(items)} items, more than {_MAX_ITEMS}: split it to have it "
            "read"
        )
    parsed = ParsedFeed(
        title=_text(document.get("title")),
        language=_text(document.get("language")),
        home_url=_text(document.get("home_page_url")),
        format="json11" if version.endswith("1.1") else "json1",
        ttl_minutes=_EXPIRED_MINUTES if document.get("expired") is True else None,
    )
    feed_authors = _authors(document)
    for position, item in enumerate(items):
        try:
            parsed.entries.append(_entry(item, position, url, parsed.language, feed_authors))
        except Exception as error:  # one bad item never costs its feed
            parsed.errors.append(
                EntryError(
                    position=position,
                    reason=f"item {position} cannot be read: {error}",
                    raw=_raw(item),
                )
            )
    return parsed


def _load(body: bytes) -> Any:
    text = body.removeprefix(codecs.BOM_UTF8)
    try:
        decoded = text.decode(json.detect_encoding(text) if text else "utf-8")
    except UnicodeDecodeError:
        decoded = text.decode("cp1252", "replace")
    try:
        return json.loads(decoded, strict=False)
    except RecursionError as error:
        raise TerminalError(f"the body is JSON nested too deeply to read; {_WANTED}") from error
    except ValueError as error:
        raise TerminalError(f"the body looks like JSON but is not ({error}); {_WANTED}") from error


def _entry(
    item: Any, position: int, url: str, feed_language: str, feed_authors: list[str]
) -> Entry:
    if not isinstance(item, dict):
        raise TypeError(f"it is {_kind(item)}, an object is wanted")
    guid = _scalar(item.get("id")).strip()
    link = _text(item.get("url")) or _text(item.get("external_url"))
    if not link and guid.startswith(("http://", "https://")):
        link = guid  # "ideally, the id is the full URL of the resource described by the item"
    published = _scalar(item.get("date_published")).strip()
    updated = _scalar(item.get("date_modified")).strip()
    plain = _text(item.get("content_text"))
    return Entry(
        guid=guid,
        link=link.strip(),
        title=plain_as_html(_scalar(item.get("title"))),
        summary=plain_as_html(_text(item.get("summary"))),
        content=_text(item.get("content_html")) or plain_as_html(plain),
        published=published,
        updated=updated,
        published_parsed=_moment(published),
        updated_parsed=_moment(updated),
        authors=_authors(item) or feed_authors,
        categories=[_text(tag).strip() for tag in _list(item.get("tags")) if _text(tag).strip()],
        image_url=_text(item.get("image")) or _text(item.get("banner_image")) or _attached(item),
        language=_text(item.get("language")) or feed_language,
        base_url=resolved(url, link),
        position=position,
    )


def _authors(holder: Mapping[str, Any]) -> list[str]:
    found = [*_list(holder.get("authors")), holder.get("author")]
    names = [
        _text(author.get("name")) if isinstance(author, dict) else _text(author) for author in found
    ]
    return list(dict.fromkeys(name.strip() for name in names if name.strip()))


def _attached(item: Mapping[str, Any]) -> str:
    for attachment in _list(item.get("attachments")):
        if isinstance(attachment, dict) and _text(attachment.get("mime_type")).startswith("image/"):
            return _text(attachment.get("url"))
    return ""


def _moment(value: str) -> datetime | None:
    """Reads RFC 3339; anything else is left to the date rules of the text room."""
    try:
        moment = datetime.fromisoformat(value)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _scalar(value: Any) -> str:
    """Reads what should be a string; version 1.0 feeds give numbers as ids."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _kind(value: Any) -> str:
    if isinstance(value, dict):
        return "an object"
    return {"list": "a list", "NoneType": "missing", "str": "a string"}.get(
        type(value).__name__, f"a {type(value).__name__}"
    )


def _raw(item: Any) -> str:
    try:
        return json.dumps(item, ensure_ascii=False)[:_MAX_RAW]
    except (ValueError, RecursionError):
        return ""
