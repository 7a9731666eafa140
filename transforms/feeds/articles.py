"""A feed document straight to sights, without a store: what `dateline parse` shows."""

from collections.abc import Iterator
from datetime import datetime

from schemas.article import Sight
from schemas.config import LimitsConfig
from schemas.entry import EntryError
from schemas.errors import DatelineError
from schemas.feed import Feed
from transforms.feeds.identity import article_id, content_hash, distinct_keys, shared_links
from transforms.feeds.parsing import parse_feed
from transforms.text.normalize import normalize
from transforms.text.urls import canonical_url


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
    parsed = parse_feed(body, url=url, content_type=content_type)
    keys = distinct_keys(parsed.entries)
    links = [canonical_url(entry.link, entry.base_url) for entry in parsed.entries]
    shared = shared_links(links)
    for entry, key, link in zip(parsed.entries, keys, links, strict=True):
        try:
            sight = normalize(
                entry,
                feed=feed,
                sight_time=now,
                limits=limits,
                article_id=article_id(entry, feed, link, shared, key, {}),
            )
            sight.hash = content_hash(entry)
            yield sight
        except DatelineError as error:
            yield EntryError(
                position=entry.position, reason=str(error), raw=entry.model_dump_json()[:100_000]
            )
    yield from parsed.errors
