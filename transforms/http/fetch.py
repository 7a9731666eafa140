"""One poll over HTTP: the redirects, the limits, and what the answer means.

Sources: RFC 9110 (status codes, conditional requests), RFC 9111 (freshness), RFC 3229 (226),
RFC 7538 (308).
"""

import asyncio
from collections.abc import Callable
from datetime import datetime

import aiohttp
from yarl import URL

from schemas.config import HttpConfig
from schemas.errors import TerminalError
from schemas.poll import FetchResult, Poll
from transforms.http.client import FeedClient
from transforms.http.conditional import max_age, retry_after, validator
from transforms.http.decoding import BodyDecoder
from transforms.http.failures import describe_failure, describe_status, is_unreachable
from transforms.http.redaction import redact
from transforms.http.request import request_headers
from transforms.http.visit import HostHeldError, HostTakenError, Visit, Visiting, visit_at_once

Clock = Callable[[], datetime]

_PERMANENT = (301, 308)
_REDIRECTS = (301, 302, 303, 307, 308)


async def fetch(
    client: FeedClient,
    poll: Poll,
    config: HttpConfig,
    clock: Clock,
    visit: Visiting = visit_at_once,
) -> FetchResult:
    """Asks for one feed and follows its redirects.

    Nothing but a cancellation is raised: whatever goes wrong is the result's `error`.

    Args:
        client: Connections behind the address guard.
        poll: The order; its state's validators make the request conditional.
        config: `timeout` bounds all requests together, from the connection to the last byte
            (waits for a visit are not counted); `max_bytes` the body, as sent and unpacked.
        clock: Gives the time, UTC.
        visit: Asked for before each request, those that redirects lead to included.

    Returns:
        The answer; `fetched_at` is when it was complete, `elapsed_seconds` how long it took.
    """
    exchange = _Exchange(client, poll, config, clock, visit)
    try:
        await exchange.run()
    except (HostHeldError, HostTakenError) as error:
        exchange.put_off(error)
    except TimeoutError:
        exchange.fail(
            f"{exchange.url}: no complete answer within {config.timeout:g} s (http.timeout), "
            f"{exchange.received:,} bytes of the body had arrived"
        )
    except Exception as error:  # whatever a server can do must not stop the others
        exchange.fail(describe_failure(error, exchange.url), unreachable=is_unreachable(error))
    return exchange.result()


class _Exchange:
    """The course of one poll."""

    def __init__(
        self, client: FeedClient, poll: Poll, config: HttpConfig, clock: Clock, visit: Visiting
    ) -> None:
        self._client = client
        self._poll = poll
        self._config = config
        self._clock = clock
        self._visit = visit
        self._headers = request_headers(poll.state, config.user_agent)
        self._budget = config.timeout
        self._visited: set[URL] = set()
        self._decoder: BodyDecoder | None = None
        self._answer = FetchResult(poll=poll, fetched_at=clock())
        self.url = poll.state.address or poll.feed.url

    @property
    def received(self) -> int:
        return self._decoder.received if self._decoder is not None else 0

    def fail(self, error: str, *, unreachable: bool = False) -> None:
        self._answer.unreachable = unreachable
        self._answer.error = redact(error)
        self._answer.body = b""

    def put_off(self, error: HostHeldError | HostTakenError) -> None:
        """Ends a poll that could not be made to its end, which says nothing about the feed."""
        self._answer.status = None
        self._answer.hold_feed = error.retry_after
        self._answer.put_off = isinstance(error, HostTakenError)
        self.fail(describe_failure(error, self.url))

    def result(self) -> FetchResult:
        answer = self._answer
        answer.fetched_at = self._clock()
        answer.elapsed_seconds = max(self._config.timeout - self._budget, 0.0)
        if answer.error:
            answer.moved_to = ""
        return answer

    async def run(self) -> None:
        url: URL | None = URL(self.url).with_fragment(None)
        while url is not None:
            self.url = str(url)
            self._client.guard.check_url(url)
            async with self._visit(url) as visit:
                self._answer.asked_at = self._answer.asked_at or self._clock()
                url = await self._ask_in_time(url, visit)

    async def _ask_in_time(self, url: URL, visit: Visit) -> URL | None:
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            async with asyncio.timeout(max(self._budget, 0.0)):
                return await self._ask(url, visit)
        finally:
            self._budget -= loop.time() - started

    async def _ask(self, url: URL, visit: Visit) -> URL | None:
        """Asks one address; gives the next one, or None if this answer is the last."""
        self._visited.add(url)
        async with self._client.get(url, self._headers) as response:
            answer = self._answer
            answer.status = response.status
            answer.final_url = str(url.with_user(None))
            if response.status in _REDIRECTS:
                return self._next(url, response)
            await self._take(visit, response)
            if not answer.error and len(self._visited) > 1 and not answer.detoured:
                answer.moved_to = self.url
            return None

    def _next(self, url: URL, response: aiohttp.ClientResponse) -> URL:
        status = response.status
        target = _target(url, response.headers.get("Location", ""), status)
        if len(self._visited) > self._config.max_redirects:
            raise TerminalError(
                f"more than {self._config.max_redirects} redirects (http.max_redirects), the next "
                f"to {redact(str(target))}"
            )
        self._client.guard.check_url(target)
        if target in self._visited:
            raise TerminalError(
                f"redirects in a circle, back to {redact(str(target))} (no cookies are kept)"
            )
        self._answer.detoured = self._answer.detoured or status not in _PERMANENT
        return target

    async def _take(self, visit: Visit, response: aiohttp.ClientResponse) -> None:
        answer, headers = self._answer, response.headers
        now = self._clock()
        if response.status in (200, 226):
            if response.status == 226 and not _is_feed_delta(headers.get("IM", "")):
                raise TerminalError(
                    f"answered 226 with IM: {headers.get('IM', '')}; only `feed` was asked for"
                )
            answer.content_type = headers.get("Content-Type", "")
            answer.links = headers.getall("Link", [])
            answer.body = await self._read(response)
            answer.etag = validator(headers, "ETag")
            answer.last_modified = validator(headers, "Last-Modified")
            answer.max_age_seconds = max_age(headers, now)
        elif response.status == 304:
            if not (self._poll.state.etag or self._poll.state.last_modified):
                # Only a conditional request may be answered so (RFC 9110, section 15.4.5).
                raise TerminalError(
                    "answered 304 (not modified) to a request without ETag and Last-Modified; "
                    "200 with the feed would be right"
                )
            # A 304 may leave out what has not changed (RFC 9110, section 15.4.5).
            answer.etag = validator(headers, "ETag") or self._poll.state.etag
            answer.last_modified = (
                validator(headers, "Last-Modified") or self._poll.state.last_modified
            )
            answer.max_age_seconds = max_age(headers, now)
        else:
            if response.status in (429, 503):
                wish = retry_after(headers, now)
                if visit.is_own and self._poll.feed.hold != "feed":
                    answer.hold_host = wish
                else:
                    answer.hold_feed = wish
                    if self._poll.feed.hold != "feed":
                        visit.hold_seconds = wish
                answer.hold_cause = redact(f"{self.url} answered {response.status}")
            reason = response.reason or ""
            self.fail(describe_status(response.status, reason, self.url, answer.detoured))

    async def _read(self, response: aiohttp.ClientResponse) -> bytes:
        limit = self._config.max_bytes
        if (response.content_length or 0) > limit:
            raise TerminalError(
                f"the body has {response.content_length:,} bytes, more than {limit:,} "
                "(http.max_bytes); it was not read"
            )
        codings = ",".join(response.headers.getall("Content-Encoding", []))
        self._decoder = BodyDecoder(codings, limit)
        async for chunk in response.content.iter_any():
            self._decoder.feed(chunk)
        return self._decoder.finish()


def _target(url: URL, location: str, status: int) -> URL:
    """Reads a redirect's target, relative perhaps, without its fragment.

    Raises:
        TerminalError: There is none, or it is no address.
    """
    # Bytes that are no UTF-8 arrive as surrogates; Latin-1 is what such servers mean.
    raw = location.strip().encode("utf-8", "surrogateescape")
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    if not text:
        raise TerminalError(f"answered {status} without a Location to go to")
    try:
        target = url.join(URL(text)).with_fragment(None)
    except ValueError as error:
        raise TerminalError(
            f"answered {status} with a Location that is no address: {text[:200]!r} ({error})"
        ) from None
    upgraded = target.scheme == "https" or target.scheme == url.scheme
    if url.user is not None and target.user is None and target.host == url.host and upgraded:
        target = target.with_user(url.user).with_password(url.password)
    return target


def _is_feed_delta(manipulations: str) -> bool:
    names = [part.partition(";")[0].strip().lower() for part in manipulations.split(",")]
    return [name for name in names if name] in ([], ["feed"])
