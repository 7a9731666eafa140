"""Fetches the article pages of a feed's new entries, right after the feed and under a lease.

Whatever happens, the feed's poll has not ended before: a process that dies has it made again. A
page that cannot be had costs its entry nothing but the better text.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from schemas.config import HttpConfig, PollingConfig
from schemas.errors import TerminalError
from schemas.feed import Feed, FeedState, HoldScope
from schemas.page import Page
from schemas.poll import FetchResult, Poll
from transforms.feeds.full_text import by_hosts, wanted_pages
from transforms.http.client import FeedClient
from transforms.http.fetch import Clock, Turn, fetch
from transforms.http.host_loans import HostLoans
from transforms.http.robots import Robots, read_robots, robots_url
from transforms.pages.extraction import extract_page

_LOG = logging.getLogger(__name__)
_MAX_SITES = 10_000


@dataclass(frozen=True, slots=True)
class _Asking:
    """How pages are asked for.

    Attributes:
        host: The unit of the lease that covers them.
        hold: What a Retry-After of theirs holds back.
        turn: Gives turns at hosts.
        is_ours: Says whether the lease still is.
    """

    host: str
    hold: HoldScope | None
    turn: Turn
    is_ours: Callable[[], Awaitable[bool]]


class PageFetches:
    """Fetches pages within one event loop; keeps each site's robots.txt for a day.

    Args:
        client: Connections behind the address guard.
        http: Limits, and the User-Agent that robots.txt knows us by.
        polling: `pages_per_poll`.
        clock: Gives the time, UTC.
        loans: Lends the hosts of pages that a feed's own lease does not cover; None leaves those
            pages alone.
    """

    def __init__(
        self,
        client: FeedClient,
        http: HttpConfig,
        polling: PollingConfig,
        clock: Clock,
        loans: HostLoans | None,
    ) -> None:
        self._client = client
        self._http = http
        self._per_poll = polling.pages_per_poll
        self._clock = clock
        self._loans = loans
        self._robots: dict[str, Robots] = {}

    async def add(self, result: FetchResult, turn: Turn) -> None:
        """Puts the pages of an answer's new entries into it.

        A site that asks to be left alone (429, 503) is: its feed then holds it back, and so does
        the host of a page elsewhere.
        """
        if result.error or not result.body:
            return
        # Parsing takes up to a tenth of a second, in which no other answer would be read.
        pages = await asyncio.to_thread(wanted_pages, result, self._per_poll)
        for hosts, addresses in by_hosts(pages, result.poll).items():
            if not hosts:
                poll = result.poll
                asking = _Asking(poll.lease.host, poll.feed.hold, turn, _is_pools_to_keep)
                answer = await self._add_pages(result, addresses, asking)
                if answer is not None:
                    result.hold_host, result.hold_feed = answer.hold_host, answer.hold_feed
                    result.hold_cause = answer.hold_cause
            elif self._loans is not None:
                await self._add_borrowed(self._loans, result, hosts, addresses, turn)

    async def _add_borrowed(
        self,
        loans: HostLoans,
        result: FetchResult,
        hosts: Sequence[str],
        pages: Sequence[str],
        turn: Turn,
    ) -> None:
        async with loans.borrowed(hosts, result.poll.lease.owner) as loan:
            if loan is None:
                _LOG.info("%s and %d more: the feed's text is kept", pages[0], len(pages) - 1)
                return
            asking = _Asking(hosts[0], "host", turn, partial(loans.prolong, loan))
            answer = await self._add_pages(result, pages, asking)
            loan.last_request = self._clock()
            if answer is not None and answer.hold_host:
                loan.hold_until = self._clock() + timedelta(seconds=answer.hold_host)

    async def _add_pages(
        self, result: FetchResult, pages: Sequence[str], asking: _Asking
    ) -> FetchResult | None:
        """Adds pages of one lease, one after another; gives an answer that wants no more."""
        for number, url in enumerate(pages):
            if not await asking.is_ours():
                return None
            robots = await self._robots_of(url, result.poll, asking)
            if not robots.permits(url, self._http.user_agent):
                _LOG.info("%s: robots.txt does not permit it; the feed's text is kept", url)
                continue
            if number and (delay := robots.crawl_delay(self._http.user_agent)):
                await asyncio.sleep(delay)
            answer = await self._ask(url, result.poll, asking)
            if answer.hold_host or answer.hold_feed:
                _LOG.info("%s: %s; the feed's text is kept", url, answer.error)
                return answer
            page = await asyncio.to_thread(_page, answer, url)
            if page is not None:
                result.pages[url] = page
        return None

    async def _robots_of(self, url: str, poll: Poll, asking: _Asking) -> Robots:
        address = robots_url(url)
        known = self._robots.get(address)
        if known is not None and known.until > self._clock():
            return known
        if len(self._robots) >= _MAX_SITES:
            self._robots.clear()
        answer = await self._ask(address, poll, asking)
        robots = self._robots[address] = read_robots(answer, self._clock())
        return robots

    async def _ask(self, url: str, poll: Poll, asking: _Asking) -> FetchResult:
        page = Poll(
            id=f"page of {poll.id}",
            feed=Feed(url=url, hold=asking.hold),
            state=FeedState(url=url, host=asking.host),
            lease=poll.lease.model_copy(update={"host": asking.host}),
        )
        return await fetch(self._client, page, self._http, self._clock, asking.turn)


async def _is_pools_to_keep() -> bool:
    """Says yes: the pool prolongs a feed's own lease, and ends its tasks where that is lost."""
    return True


def _page(answer: FetchResult, url: str) -> Page | None:
    if answer.error:
        _LOG.info("%s: %s; the feed's text is kept", url, answer.error)
        return None
    try:
        return extract_page(answer.body, url=url, content_type=answer.content_type)
    except TerminalError as error:
        _LOG.info("%s: %s; the feed's text is kept", url, error)
        return None
