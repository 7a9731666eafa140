"""A line of JSON Lines to an entry and its feed: pure."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

from pydantic import ValidationError

from schemas.article_line import ArticleLine
from schemas.entry import Entry
from schemas.errors import TerminalError
from schemas.feed import Feed
from transforms.feeds.plain import plain_as_html


def read_line(line: bytes) -> tuple[Entry, Feed, datetime | None]:
    """Reads a line.

    Args:
        line: A JSON object, as `ArticleLine` describes it.

    Returns:
        The entry, its feed (the line's own, else the site of its address), and when it was
        fetched, UTC, where the line says so.

    Raises:
        TerminalError: It is no such object, names neither an address nor a feed, or was fetched
            at a time that UTC has not.
    """
    try:
        article = ArticleLine.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "the line"
        raise TerminalError(
            f"{where}: {first['msg']}; wanted is an object such as "
            '{"url": "https://…", "title": "…", "text": "…", "published": "2026-01-31"}'
        ) from None
    entry = Entry(
        guid=article.guid,
        link=article.url,
        title=plain_as_html(article.title),
        summary=plain_as_html(article.summary),
        content=article.html or plain_as_html(article.text),
        published=article.published,
        updated=article.updated,
        authors=article.authors,
        categories=article.categories,
        image_url=article.image,
        language=article.language,
    )
    return entry, article.feed or site_feed(article.url), _in_utc(article.fetched)


def _in_utc(fetched: datetime | None) -> datetime | None:
    if fetched is None or fetched.tzinfo is None:
        return fetched and fetched.replace(tzinfo=UTC)
    try:
        return fetched.astimezone(UTC)
    except OverflowError:
        raise TerminalError(
            f"fetched: {fetched.isoformat()} lies outside of the years 1 to 9999 in UTC; wanted "
            "is a time such as 2026-01-31T12:00:00Z"
        ) from None


def site_feed(url: str) -> Feed:
    """Gives the site of an address, in the place of a feed.

    Raises:
        TerminalError: It is no http or https address.
    """
    try:
        parts = urlsplit(url)
        return Feed(url=f"{parts.scheme}://{parts.hostname}/", name=parts.hostname or "")
    except ValueError:
        raise TerminalError(
            f"{url[:200]!r} is no http or https address, and the line names no feed: one of both "
            "must say where the article is from"
        ) from None
