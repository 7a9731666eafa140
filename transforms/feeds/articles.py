"""A feed document straight to sights, without a store: what `dateline parse` shows."""

from collections.abc import Iterator
from datetime import datetime

from schemas.article import Sight
from schemas.config import LimitsConfig
from schemas.entry import EntryError, ParsedFeed
from schemas.errors import DatelineError
from schemas.feed import Feed
from transforms.feeds.parsing import parse_feed
from transforms.feeds.recognition import recognise
from transforms.text.normalize import normalize


def articles_of(
    body: bytes, url: str, content_type: str, feed: Feed, now: datetime, limits: LimitsConfig
) -> Iterator[Sight | EntryError]:
    """Gives what a feed document's entries come to, in document order, unreadable ones last.

    Args:
        body: The document.
        url: Where it came from, for relative links.
        content_type: The HTTP `Content-Type`, or empty.
        feed: The feed it is; identity policy and language hint are its.
        now: The time of the sight, UTC.
        limits: Bounds on title and body.

    Raises:
        TerminalError: The body is no feed.
    """
    yield from sights_of(parse_feed(body, url=url, content_type=content_type), feed, now, limits)


def sights_of(
    parsed: ParsedFeed, feed: Feed, now: datetime, limits: LimitsConfig
) -> Iterator[Sight | EntryError]:
    """Gives what a parsed document's entries come to, as `articles_of` does."""
    for one in recognise(parsed.entries, feed, {}):
        try:
            sight = normalize(
                one.entry,
                feed=feed,
                sight_time=now,
                limits=limits,
                article_id=one.article_id,
            )
            sight.hash = one.hash
            yield sight
        except DatelineError as error:
            yield EntryError(
                position=one.entry.position,
                reason=str(error),
                raw=one.entry.model_dump_json()[:100_000],
            )
    yield from parsed.errors
