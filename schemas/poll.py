"""What travels between the stages: a poll's order, its answer, its entries, its outcomes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from schemas.article import Sight
from schemas.entry import Entry
from schemas.failure import Failure
from schemas.feed import Feed, FeedState, Lease, SeenEntry
from schemas.page import Page
from schemas.subscription import HubNews

PollKind = Literal["committed", "not_modified", "failed", "held_back", "transient", "lease_lost"]
OutcomeKind = Literal["written", "unchanged", "expired", "dead_letter", "transient"]


class Poll(BaseModel):
    """An order to fetch one feed, under a lease of its host."""

    id: str
    feed: Feed
    state: FeedState
    lease: Lease


class HostWork(BaseModel):
    """A claimed host with all of its due feeds, in the order they are to be asked."""

    lease: Lease
    polls: list[Poll]
    last_request: datetime | None = None


class FetchOrder(BaseModel):
    """What is handed to a worker that fetches: work, or nothing but the question what is there."""

    work: HostWork | None = None


class FetchResult(BaseModel):
    """The answer to a poll, or why there is none.

    Attributes:
        status: The last answer's HTTP status; None where no answer came.
        error: Empty for 200, 226 and 304; else what was wrong, for feed health.
        unreachable: Nobody was met: the host's name has no address, or none takes a connection.
        hold_host: Seconds that the server asks the whole host to be left alone (429, 503).
        hold_feed: Seconds that only this feed is to be left alone: by configuration, or since
            another host, which a redirect led to, has asked for it.
        put_off: The poll is to be made again: somebody else has the lease of a host that a
            redirect led to.
        hold_cause: The answer that asks for it, its address and status: the feed's, or that of a
            page of one of its entries.
        moved_to: Target of a chain made of permanent redirects only (301, 308).
        detoured: The chain held another redirect (302, 303, 307): what its end says of itself, it
            does not say of the feed.
        asked_at: When the first request was sent; None where the feed was not asked.
        links: The values of the `Link` headers.
        pages: The articles of new entries' pages, by canonical address; with full text only.
        pages_put_off: Addresses of pages that are to be asked for at the next poll.
    """

    poll: Poll
    fetched_at: datetime
    asked_at: datetime | None = None
    status: int | None = None
    final_url: str = ""
    moved_to: str = ""
    detoured: bool = False
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    max_age_seconds: float | None = None
    unreachable: bool = False
    hold_host: float | None = None
    hold_feed: float | None = None
    hold_cause: str = ""
    put_off: bool = False
    body: bytes = b""
    error: str = ""
    elapsed_seconds: float = 0.0
    links: list[str] = Field(default_factory=list)
    pages: dict[str, Page] = Field(default_factory=dict)
    pages_put_off: list[str] = Field(default_factory=list)


class PollEntry(BaseModel):
    """An entry on its way through the stages, with all that later stages need of its poll."""

    poll_id: str
    feed: Feed
    entry: Entry
    key: str = Field(description="The entry's key in the feed state.")
    hash: str = Field(description="Of what the publisher sent.")
    article_id: str
    judged_at: datetime | None = Field(
        default=None, description="What future dates are told by, if not by `sight_time`."
    )
    known: SeenEntry | None = None
    sight_time: datetime
    page_put_off: bool = Field(default=False, description="Its page is still to be asked for.")


class PollSight(BaseModel):
    """A sight on its way to the writer, and the entry it came from (a dead letter's input)."""

    origin: PollEntry
    sight: Sight


class Outcome(BaseModel):
    """What became of one entry. A poll is committed when each of its entries has one."""

    poll_id: str
    feed_url: str
    key: str
    kind: OutcomeKind
    seen: SeenEntry | None = None
    failure: Failure | None = Field(default=None, description="Set for dead letters.")
    created: bool = Field(default=False, description="The document is new.")
    reason: str = ""


class Learnt(BaseModel):
    """What a poll learnt, held back until its entries are safe.

    Attributes:
        expected: How many outcomes are still to come: one for each entry that goes on.
        unchanged: Keys in the state of entries that go no further: they are known as they are.
        waiting: Keys in the state of entries that are shown, and that this poll has no room for.
        unreadable: Outcomes of the entries that cannot be read.
        state: The feed's next state, `seen` still being that of before the poll.
        put_off: Why the poll is to be made again at `state.next_due`, committing nothing.
        failed: True for a failed poll, which has no entries and is feed health only. One that was
             not made, since its host is held back, is none (`state.held_back`).
        lag_seconds: From the due time to the first request; None where the feed was not due, or
            was not asked.
        hub_news: For the subscription at the feed's hub, where there is something to say.
    """

    poll_id: str
    feed_url: str
    lease: Lease
    expected: int
    unchanged: list[str] = Field(default_factory=list)
    waiting: list[str] = Field(default_factory=list)
    unreadable: list[Outcome] = Field(default_factory=list)
    state: FeedState
    put_off: str = ""
    last_request: datetime | None = None
    hold_host_until: datetime | None = None
    failed: bool = False
    not_modified: bool = False
    lag_seconds: float | None = None
    hub_news: HubNews | None = None


@dataclass(frozen=True, slots=True)
class PollCommit:
    """What a feed store is to keep of a poll.

    Attributes:
        learnt: What the poll learnt.
        seen: The feed's entries to remember.
        closed: Keys of entries that succeeded: their open dead letters are closed.
    """

    learnt: Learnt
    seen: Mapping[str, SeenEntry] = field(default_factory=dict)
    closed: Sequence[str] = ()


class PollPiece(BaseModel):
    """What is together of a poll that ends, mostly all of it."""

    learnt: Learnt | None = None
    outcomes: list[Outcome] = Field(default_factory=list)


class Committed(BaseModel):
    """The end of a poll: what was committed, or why it was not."""

    poll_id: str
    feed_url: str
    host: str
    kind: PollKind
    counts: dict[str, int] = Field(default_factory=dict, description="Entries by outcome.")
    dead_letters: dict[str, int] = Field(default_factory=dict, description="By stage.")
    new_dead_letters: list[str] = Field(
        default_factory=list, description="What and why, of those that were not open before."
    )
    created: int = 0
    lag_seconds: float | None = None
    error: str = ""
    hub_news: HubNews | None = None


class RoundSummary(BaseModel):
    """One small document a round, for dashboards and logs (`news-polls-YYYY.MM`)."""

    timestamp: datetime = Field(alias="@timestamp", serialization_alias="@timestamp")
    owner: str
    polls: int = 0
    not_modified: int = 0
    failed: int = 0
    held_back: int = Field(default=0, description="Not asked, and no poll: their hosts wait.")
    transient: int = Field(default=0, description="Polls put off: they are made again.")
    written: int = 0
    created: int = 0
    unchanged: int = 0
    expired: int = 0
    dead_letters: int = 0
    new_dead_letters: int = Field(default=0, description="Those that were not open before.")
    seconds: float = 0.0
    lag_p50: float | None = Field(default=None, description="Seconds behind the due time.")
    lag_p95: float | None = None

    model_config = {"populate_by_name": True}
