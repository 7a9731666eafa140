"""Servers that publish as newsrooms do: items come over time, some are edited, old ones leave."""

import hashlib
import random
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

from tests.servers.feed_documents import Item, rss
from tests.servers.feed_server import FeedServer, Request, Response

FIRST_DAY = datetime(2026, 3, 1, tzinfo=UTC)
SHARED_EVERY = 5
EDIT_SHARE = 0.4


@dataclass
class Published:
    """An item, in all versions that it had.

    Attributes:
        feeds: Numbers of the feeds that show it; an item of two feeds is never edited.
        patient: It is edited only when its newest version is known to be safe, so that its right
            revision is known exactly; else between two numbers.
        version: The newest, from 1.
        served: Versions that a whole answer has shown.
        safe: Versions of answers whose poll was committed: the feed was asked with their ETag.
        changed: When it was published or edited last, in seconds of `time.monotonic`.
    """

    number: int
    feeds: tuple[int, ...]
    patient: bool
    changed: float
    version: int = 1
    served: set[int] = field(default_factory=set)
    safe: set[int] = field(default_factory=set)

    @property
    def link(self) -> str:
        """The item's address, its name in the index."""
        return f"https://paper.example/item/{self.number}"

    def title(self) -> str:
        """The newest version's title."""
        return f"Item {self.number}, version {self.version}"

    def text(self) -> str:
        """The newest version's text, each a little longer than the one before."""
        return f"The council met on matter {self.number}." + " It spoke again." * self.version

    def item(self) -> Item:
        """The newest version as a feed shows it."""
        return Item(
            guid=f"item-{self.number}",
            link=self.link,
            title=self.title(),
            content_html=f"<p>{self.text()}</p>",
            published=FIRST_DAY + timedelta(minutes=self.number),
        )

    def revisions(self) -> tuple[int, int]:
        """Gives the least and the greatest revision that the document may rightly have.

        Every version that is safe counts, and the newest; none counts that was never served.
        """
        return len(self.safe | {self.version}), len(self.served)


class Publisher:
    """Some feeds, each host a server of its own, written by one thread with seeded chance.

    `overlaps` tells of requests that came to a host while it was still at another one's answer.
    A poll counts as ended once its ETag comes back: until then its reader may have been killed.

    Args:
        hosts: Servers.
        feeds_per_host: Feeds of each.
        keep_seconds: How long an item stays in its feed after its last change.
        pause_seconds: Between two changes, on average.
        slowest_seconds: Answers take from nothing to this, so that fetches are under way often.
        seed: For what is published where; when is up to the clock.
    """

    def __init__(
        self,
        *,
        hosts: int = 3,
        feeds_per_host: int = 2,
        keep_seconds: float,
        pause_seconds: float,
        slowest_seconds: float,
        seed: int,
    ) -> None:
        self._random = random.Random(seed)
        self._keep = keep_seconds
        self._pause = pause_seconds
        self._slowest = slowest_seconds
        self._feeds_per_host = feeds_per_host
        self._lock = threading.Lock()
        self._asked = threading.Condition(self._lock)
        self._requests = 0
        self._under_way = [0] * hosts
        self.overlaps: list[str] = []
        self._silent = threading.Event()
        self._documents: dict[str, list[tuple[Published, int]]] = {}
        self._answered_at: dict[str, float] = {}
        started = time.monotonic()
        self._read_until = [started] * (hosts * feeds_per_host)
        self._longest_unread = [0.0] * (hosts * feeds_per_host)
        self.items: list[Published] = []
        self.servers = [FeedServer() for _ in range(hosts)]
        for feed in range(hosts * feeds_per_host):
            self._server(feed).script(f"/{feed}.xml", partial(self._answer, feed))
        self._stopped_at: float | None = None
        self._thread = threading.Thread(target=self._publish, daemon=True)
        self._thread.start()

    @property
    def urls(self) -> list[str]:
        """The feeds' addresses."""
        feeds = range(len(self.servers) * self._feeds_per_host)
        return [self._server(feed).url(f"/{feed}.xml") for feed in feeds]

    def feeds(self) -> list[tuple[FeedServer, str]]:
        """Gives each feed's server and path."""
        feeds = range(len(self.servers) * self._feeds_per_host)
        return [(self._server(feed), f"/{feed}.xml") for feed in feeds]

    @property
    def requests(self) -> int:
        """How many requests have come in."""
        with self._lock:
            return self._requests

    def wait_for_request(self, after: int, timeout: float) -> bool:
        """Waits until more than `after` requests have come in; says whether they have."""
        with self._asked:
            return self._asked.wait_for(lambda: self._requests > after, timeout)

    def longest_unread(self) -> list[float]:
        """Gives for each feed the longest time between two polls that ended, in seconds.

        Nothing may be lost while this is less than an item stays in its feed.
        """
        with self._lock:
            end = self._stopped_at or time.monotonic()
            pairs = zip(self._longest_unread, self._read_until, strict=True)
            return [max(longest, end - until) for longest, until in pairs]

    def fall_silent(self) -> None:
        """Publishes and edits nothing more; what the feeds show now stays in them."""
        self._silent.set()
        self._thread.join()
        with self._lock:
            self._stopped_at = self._stopped_at or time.monotonic()

    def close(self) -> None:
        """Ends the servers."""
        self.fall_silent()
        for server in self.servers:
            server.close()

    def _server(self, feed: int) -> FeedServer:
        return self.servers[feed // self._feeds_per_host]

    def _publish(self) -> None:
        while True:
            with self._lock:
                self._change()
                pause = self._random.uniform(0, 2 * self._pause)
            if self._silent.wait(pause):
                return

    def _change(self) -> None:
        editable = [item for item in self._shown() if self._may_be_edited(item)]
        if editable and self._random.random() < EDIT_SHARE:
            item = self._random.choice(editable)
            item.version += 1
            item.changed = time.monotonic()
            return
        number = len(self.items)
        feeds = range(len(self.servers) * self._feeds_per_host)
        count = 2 if number % SHARED_EVERY == 0 else 1
        shown_by = tuple(self._random.sample(feeds, min(count, len(feeds))))
        self.items.append(Published(number, shown_by, number % 2 == 0, time.monotonic()))

    def _shown(self) -> list[Published]:
        now = time.monotonic() if self._stopped_at is None else self._stopped_at
        oldest = now - self._keep
        return [item for item in self.items if item.changed >= oldest]

    def _may_be_edited(self, item: Published) -> bool:
        return len(item.feeds) == 1 and (not item.patient or item.version in item.safe)

    def _note_reading(self, feed: int, known: str, tag: str) -> None:
        now = time.monotonic() if self._stopped_at is None else self._stopped_at
        self._answered_at[tag] = now
        # What was shown under a known ETag was read when it was last shown: now, where it still is.
        until = self._answered_at.get(known, self._read_until[feed])
        unread = until - self._read_until[feed]
        self._longest_unread[feed] = max(self._longest_unread[feed], unread)
        self._read_until[feed] = max(self._read_until[feed], until)

    def _answer(self, feed: int, request: Request) -> Response:
        host = feed // self._feeds_per_host
        with self._asked:
            self._requests += 1
            self._asked.notify_all()
            self._under_way[host] += 1
            if self._under_way[host] > 1:
                self.overlaps.append(f"{request.path} was asked for while another answer was made")
            known = request.headers.get("If-None-Match", "")
            for item, version in self._documents.get(known, []):
                item.safe.add(version)
            items = [item for item in self._shown() if feed in item.feeds]
            body = rss([item.item() for item in items], title=f"Feed {feed}")
            tag = f'"{feed}-{hashlib.sha256(body).hexdigest()[:16]}"'
            self._documents[tag] = [(item, item.version) for item in items]
            self._note_reading(feed, known, tag)
            delay = self._random.uniform(0, self._slowest)
            if tag != known:
                for item in items:
                    item.served.add(item.version)
        time.sleep(delay)
        with self._lock:
            self._under_way[host] -= 1
        if tag == known:
            return Response(304, {"ETag": tag})
        return Response(200, {"ETag": tag, "Content-Type": "application/rss+xml"}, body)
