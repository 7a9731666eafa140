"""Finds the feeds of a page: fetches it, looks for candidates, and keeps what parses as a feed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urljoin
from uuid import uuid4

from schemas.config import Config
from schemas.errors import TerminalError, TransientError
from schemas.feed import Feed, FeedState, Lease
from schemas.poll import FetchResult, HostWork, Poll
from transforms.clock import utc_now
from transforms.feeds.discovery import (
    Candidate,
    candidates,
    known_places,
    robots_sitemaps,
    sitemaps,
)
from transforms.feeds.news_sitemap import sitemap_children, sitemap_root
from transforms.feeds.parsing import parse_feed
from transforms.http.pool import FetchPool
from transforms.lease_unit import lease_unit


@dataclass(frozen=True, slots=True)
class DiscoveredFeed:
    """A feed that was found and read."""

    url: str
    title: str
    format: str
    language: str
    entries: int
    found: str


def discover(url: str, config: Config) -> list[DiscoveredFeed]:
    """Finds a page's feeds.

    The page may be a feed itself; else its link tags are tried, then its links that look like
    feeds, and only where none of these is a feed, the places where sites usually have them. The
    Google News sitemaps that the site's robots.txt names come last, directly or by way of one
    sitemap index each; `MAX_SITEMAPS` of either are fetched at most.

    Raises:
        TransientError: The page cannot be fetched.
    """
    pool = FetchPool(config.http, config.polling)
    try:
        (page,) = _fetch(pool, [url], config)
        if page.error:
            raise TransientError(page.error)
        itself = _read(page, Candidate(url, found="the page itself"))
        if itself is not None:
            return [itself]
        address = page.final_url or url
        named = candidates(page.body.decode("utf-8", "replace"), address)
        feeds = _those_that_are_feeds(pool, named, config) or _those_that_are_feeds(
            pool, known_places(address), config
        )
        known = {feed.url for feed in feeds}
        return feeds + [f for f in _news_sitemaps(pool, address, config) if f.url not in known]
    finally:
        pool.close(timeout=0)


def _those_that_are_feeds(
    pool: FetchPool, tried: Sequence[Candidate], config: Config
) -> list[DiscoveredFeed]:
    by_url = {candidate.url: candidate for candidate in tried}
    answers = {r.poll.feed.url: r for r in _fetch(pool, list(by_url), config)}
    feeds = [_read(answers[url], candidate) for url, candidate in by_url.items() if url in answers]
    # Several addresses may lead to one feed.
    return list({feed.url: feed for feed in reversed(feeds) if feed is not None}.values())[::-1]


def _news_sitemaps(pool: FetchPool, address: str, config: Config) -> list[DiscoveredFeed]:
    (robots,) = _fetch(pool, [urljoin(address, "/robots.txt")], config)
    if robots.error:
        return []
    named = robots_sitemaps(robots.body.decode("utf-8-sig", "replace"), robots.final_url or address)
    by_url = {candidate.url: candidate for candidate in named}
    feeds: list[DiscoveredFeed] = []
    children: list[str] = []
    for answer in _fetch(pool, list(by_url), config):
        feed = _read(answer, by_url[answer.poll.feed.url])
        if feed is not None:
            feeds.append(feed)
        elif not answer.error and sitemap_root(answer.body) == "sitemapindex":
            children += sitemap_children(
                answer.body,
                url=answer.final_url or answer.poll.feed.url,
                content_type=answer.content_type,
            )
    tried = [c for c in sitemaps(children, "sitemap index") if c.url not in by_url]
    return feeds + _those_that_are_feeds(pool, tried, config)


def _read(answer: FetchResult, candidate: Candidate) -> DiscoveredFeed | None:
    if answer.error or not answer.body:
        return None
    address = answer.final_url or candidate.url
    try:
        parsed = parse_feed(answer.body, url=address, content_type=answer.content_type)
    except TerminalError:
        return None
    return DiscoveredFeed(
        url=address,
        title=parsed.title or candidate.title,
        format=parsed.format,
        language=parsed.language,
        entries=len(parsed.entries),
        found=candidate.found,
    )


def _fetch(pool: FetchPool, urls: Sequence[str], config: Config) -> list[FetchResult]:
    """Fetches addresses, one at a time to a host; gives the answers."""
    now = utc_now()
    by_host: dict[str, list[str]] = {}
    for url in urls:
        by_host.setdefault(lease_unit(url), []).append(url)
    for host, addresses in by_host.items():
        expires = now + timedelta(seconds=config.polling.lease)
        lease = Lease(host=host, owner="discover", token=uuid4().hex, expires=expires)
        polls = [
            Poll(id=url, feed=Feed(url=url), state=FeedState(url=url, host=host), lease=lease)
            for url in addresses
        ]
        pool.submit(HostWork(lease=lease, polls=polls))
    answers: list[FetchResult] = []
    while pool.pending():
        answers += pool.collect(config.polling.round)
    return answers
