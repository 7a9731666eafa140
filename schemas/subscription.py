"""A feed's subscription at a hub (W3C WebSub, 2018), and what a poll says for it."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict


class Subscription(BaseModel):
    """What is known of a feed's subscription; times are UTC.

    Attributes:
        hub: Where requests are sent.
        topic: What the feed calls itself (`rel="self"`), the subscription's subject.
        callback: The configured address; the hub was given the feed's own path below it.
        asked: A request that the hub may verify is under way.
        granted: Start of the lease, or None.
        lease_end: End of the lease, or None where none was verified.
        next_try: No request before.
        failures: Requests in a row that failed or were never verified.
        missed: Polls since the last push that found entries no push had announced.
    """

    model_config = ConfigDict(frozen=True)

    hub: str
    topic: str
    callback: str
    asked: bool = False
    granted: datetime | None = None
    lease_end: datetime | None = None
    next_try: datetime | None = None
    failures: int = 0
    missed: int = 0


class HubNews(BaseModel):
    """What one poll says for the feed's subscription.

    Attributes:
        known: The subscription as it was when the poll began.
        read: The poll brought a document: one that names no hub has none any more.
        hub: The hub that it names, or empty.
        topic: What the feed calls itself, or empty.
        new_entries: Entries that were never seen before.
        pushed: A push had made the feed due.
    """

    known: Subscription | None = None
    read: bool = False
    hub: str = ""
    topic: str = ""
    new_entries: int = 0
    pushed: bool = False
