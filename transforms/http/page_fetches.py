"""Fetches the article pages of a feed's new entries, right after the feed and under its lease.

Whatever happens, the feed's poll has not ended before: a process that dies has it made again. A
page that cannot be had costs its entry nothing but the better text.
"""

import asyncio
import logging

from schemas.config import HttpConfig, PollingConfig
from schemas.errors import TerminalError
from schemas.feed import Feed, FeedState
from schemas.page import Page
from schemas.poll import FetchResult, Poll
from transforms.feeds.full_text import wanted_pages
from transforms.http.client import FeedClient
from transforms.http.fetch import Clock, Turn, fetch
from transforms.http.robots import Robots, read_robots, robots_url
from transforms.pages.extraction import extract_page

_LOG = logging.getLogger(__name__)
_MAX_SITES = 10_000


class PageFetches:
    """Fetches pages within one event loop; keeps each site's robots.txt for a day.

    Args:
        client: Connections behind the address guard.
        http: Limits, and the User-Agent that robots.txt knows us by.
        polling: `pages_per_poll`.
        clock: Gives the time, UTC.
    """

    def __init__(
        self, client: FeedClient, http: HttpConfig, polling: PollingConfig, clock: Clock
    ) -> None:
        self._client = client
        self._http = http
        self._per_poll = polling.pages_per_poll
        self._clock = clock
        self._robots: dict[str, Robots] = {}

    async def add(self, result: FetchResult, turn: Turn) -> None:
        """Puts the pages of an answer's new entries into it.

        A site that asks to be left alone (429, 503) is: its feed then holds it back.
        """
        if result.error or not result.body:
            return
        # Parsing takes up to a tenth of a second, in which no other answer would be read.
        pages = await asyncio.to_thread(wanted_pages, result, self._per_poll)
        for number, url in enumerate(pages):
            robots = await self._robots_of(url, result.poll, turn)
            if not robots.permits(url, self._http.user_agent):
                _LOG.info("%s: robots.txt does not permit it; the feed's text is kept", url)
                continue
            if number and (delay := robots.crawl_delay(self._http.user_agent)):
                await asyncio.sleep(delay)
            answer = await self._ask(url, result.poll, turn)
            if answer.hold_host or answer.hold_feed:
                result.hold_host, result.hold_feed = answer.hold_host, answer.hold_feed
                _LOG.info("%s: %s; the feed's text is kept", url, answer.error)
                return
            page = await asyncio.to_thread(_page, answer, url)
            if page is not None:
                result.pages[url] = page

    async def _robots_of(self, url: str, poll: Poll, turn: Turn) -> Robots:
        address = robots_url(url)
        known = self._robots.get(address)
        if known is not None and known.until > self._clock():
            return known
        if len(self._robots) >= _MAX_SITES:
            self._robots.clear()
        answer = await self._ask(address, poll, turn)
        robots = self._robots[address] = read_robots(answer, self._clock())
        return robots

    async def _ask(self, url: str, poll: Poll, turn: Turn) -> FetchResult:
        page = Poll(
            id=f"page of {poll.id}",
            feed=Feed(url=url, hold=poll.feed.hold),
            state=FeedState(url=url, host=poll.lease.host),
            lease=poll.lease,
        )
        return await fetch(self._client, page, self._http, self._clock, turn)


def _page(answer: FetchResult, url: str) -> Page | None:
    if answer.error:
        _LOG.info("%s: %s; the feed's text is kept", url, answer.error)
        return None
    try:
        return extract_page(answer.body, url=url, content_type=answer.content_type)
    except TerminalError as error:
        _LOG.info("%s: %s; the feed's text is kept", url, error)
        return None
