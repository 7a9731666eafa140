"""Fetches the article pages of a feed's new entries, right after the feed and under a lease.

Whatever happens, the feed's poll has not ended before: a process that dies has it made again. A
page that cannot be had costs its entry nothing but the better text.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from yarl import URL

from schemas.config import HttpConfig, PollingConfig
from schemas.errors import TerminalError
from schemas.feed import Feed, FeedState
from schemas.page import Page
from schemas.poll import FetchResult, Poll
from transforms.feeds.full_text import wanted_pages
from transforms.http.client import FeedClient
from transforms.http.failures import describe_page_failure
from transforms.http.fetch import Clock, fetch
from transforms.http.robots import Robots, read_robots, robots_url
from transforms.http.visit import HostHeldError, HostTakenError, Visit, Visiting
from transforms.lease_unit import is_covered
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

    async def add(self, result: FetchResult, visit: Visiting) -> None:
        """Puts the pages of an answer's new entries into it.

        A site that asks to be left alone (429, 503) is: its feed then holds it back, and so does
        the host of a page elsewhere. A page whose host has another's lease is left to the next
        poll.
        """
        if result.error or not result.body:
            return
        # Parsing takes up to a tenth of a second, in which no other answer would be read.
        pages = await asyncio.to_thread(wanted_pages, result, self._per_poll)
        sites: set[str] = set()
        for url in pages:
            if (result.hold_host or result.hold_feed) and is_covered(url, result.poll):
                continue
            admitted = partial(self._admitted, result, visit)
            site = robots_url(url)
            if site in sites:
                await asyncio.sleep(self._crawl_delay(site))
            sites.add(site)
            answer = await self._ask(url, result, admitted)
            page = await asyncio.to_thread(_page, answer, url)
            if page is not None:
                result.pages[url] = page
            elif answer.put_off:
                result.pages_put_off.append(url)

    @asynccontextmanager
    async def _admitted(
        self, result: FetchResult, visit: Visiting, url: URL
    ) -> AsyncIterator[Visit]:
        """Gives the right to ask for a page, or for what it redirects to.

        The rules of each address's own site decide (RFC 9309, section 2.2.2).
        """
        robots = await self._robots_of(str(url), result, visit)
        if not robots.permits(str(url), self._http.user_agent):
            raise TerminalError("robots.txt does not permit it")
        async with visit(url) as visited:
            yield visited

    async def _robots_of(self, url: str, result: FetchResult, visit: Visiting) -> Robots:
        address = robots_url(url)
        known = self._robots.get(address)
        if known is not None and known.until > self._clock():
            return known
        answer = await self._ask(address, result, visit)
        if answer.put_off:
            raise HostTakenError(answer.error)
        if answer.status is None and answer.hold_feed:
            raise HostHeldError(answer.error, answer.hold_feed)
        if len(self._robots) >= _MAX_SITES:
            self._robots.clear()
        robots = self._robots[address] = read_robots(answer, self._clock())
        return robots

    def _crawl_delay(self, site: str) -> float:
        robots = self._robots.get(site)
        return robots.crawl_delay(self._http.user_agent) if robots is not None else 0.0

    async def _ask(self, url: str, result: FetchResult, visit: Visiting) -> FetchResult:
        """Asks for one address; a Retry-After of the feed's own host becomes its answer's."""
        poll = result.poll
        page = Poll(
            id=f"page of {poll.id}",
            feed=Feed(url=url, hold="host"),
            state=FeedState(url=url, host=poll.lease.host),
            lease=poll.lease,
        )
        answer = await fetch(self._client, page, self._http, self._clock, visit)
        if answer.hold_host:
            result.hold_cause = answer.hold_cause
            if poll.feed.hold == "feed":
                result.hold_feed = answer.hold_host
            else:
                result.hold_host = answer.hold_host
        return answer


def _page(answer: FetchResult, url: str) -> Page | None:
    if answer.error:
        reason = describe_page_failure(answer.error, answer.status, url)
        _LOG.info("%s; the feed's text is kept", reason)
        return None
    try:
        return extract_page(answer.body, url=url, content_type=answer.content_type)
    except TerminalError as error:
        _LOG.info("%s: %s; the feed's text is kept", url, error)
        return None
