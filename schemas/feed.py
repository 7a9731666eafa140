"""A feed as configured, and what polling has learnt of it and of its host."""

from datetime import datetime
from operator import not_
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from schemas.article import FeedReference
from schemas.codes import country_code, language_tag
from schemas.quantities import Seconds, require_order
from schemas.subscription import Subscription

HoldScope = Literal["host", "domain", "feed"]
IdentityPolicy = Literal["auto", "guid", "link", "link+title", "title"]

NO_FEED_URL = "http://localhost/"
"""Stands for the address of a feed that came from nowhere: a file, a line of JSON."""


class FeedInterval(BaseModel):
    """Bounds of one feed's polling interval, in place of `polling.interval`'s."""

    model_config = ConfigDict(extra="forbid")

    min: Seconds | None = Field(default=None, gt=0, description="It is not polled more often.")
    max: Seconds | None = Field(default=None, gt=0, description="It is not polled more rarely.")

    @model_validator(mode="after")
    def _ordered(self) -> "FeedInterval":
        if self.min is not None and self.max is not None:
            require_order(self.min, self.max)
        return self


class Feed(BaseModel):
    """One feed of the configuration."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(description="http or https address of the feed document.")
    name: str = ""
    country: str = Field(default="", description="The publisher's country, ISO 3166-1 alpha-2.")
    language: str = Field(default="", description="BCP 47; a hint where the text is short.")
    tags: list[str] = Field(default_factory=list)
    labels: dict[str, str] = Field(default_factory=dict)
    full_text: bool = Field(default=False, description="Fetch the pages of its entries.")
    identity: IdentityPolicy = "auto"
    max_entries: int | None = Field(default=None, ge=1, description="Entries taken in one poll.")
    interval: FeedInterval | None = Field(
        default=None, description="Bounds of its polling interval; default: `polling.interval`."
    )
    hold: HoldScope | None = Field(
        default=None, description="What Retry-After holds back; default: `polling.hold`."
    )

    @field_validator("url")
    @classmethod
    def _http_only(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("a feed's url must start with http:// or https://")
        if "@" in value.split("/", 3)[2]:
            raise ValueError("a feed's url must not hold a user or password")
        try:
            port_is_wrong = urlsplit(value).port == 0
        except ValueError:
            port_is_wrong = True
        if port_is_wrong or not urlsplit(value).hostname:
            raise ValueError("a feed's url must name a host, and a port from 1 to 65535 if any")
        return value

    @field_validator("country")
    @classmethod
    def _iso_3166(cls, value: str) -> str:
        return country_code(value) if value else ""

    @field_validator("language")
    @classmethod
    def _bcp_47(cls, value: str) -> str:
        return language_tag(value) if value else ""

    def reference(self) -> FeedReference:
        """Gives the part of the feed that its documents carry."""
        return FeedReference(
            url=self.url,
            name=self.name,
            country=self.country,
            language=self.language,
            tags=list(self.tags),
            labels=dict(self.labels),
        )


class SeenEntry(BaseModel):
    """What a feed's state remembers of an entry that has a document, or became a dead letter."""

    article_id: str
    hash: str = Field(description="Of what the publisher sent, as in the document's source.")
    rule_version: int = 1
    # Most entries have neither: a state holds thousands of them.
    failed: bool = Field(
        default=False, exclude_if=not_, description="This version became a dead letter."
    )
    versions: dict[str, int] = Field(
        default_factory=dict,
        exclude_if=not_,
        description="How often each version (by hash) was taken, oldest first; empty: only once "
        "one was, that of `hash`.",
    )


class FeedState(BaseModel):
    """What polling has learnt of one feed; committed only when a whole poll is safe.

    Times are UTC. `seen` maps an entry's key (GUID, else link, else hash; or as `Feed.identity`
    says) to its document.
    """

    url: str
    host: str = Field(description="The lease's unit that this feed belongs to.")
    name: str = ""
    etag: str = ""
    last_modified: str = ""
    next_due: datetime | None = Field(default=None, description="None: due at once.")
    interval_seconds: float | None = None
    seen: dict[str, SeenEntry] = Field(default_factory=dict)
    guid_changes: int = Field(
        default=0, description="Fetches in a row with other GUIDs; from 2 on they mean nothing."
    )
    future_polls: int = Field(
        default=0, description="Polls in a row whose newest entry was dated in the future."
    )
    future_seconds: float = Field(default=0.0, description="How far at the least.")
    cut_off: str = Field(
        default="", description="Hash of the entry within which the last document broke off."
    )
    safe_path: str = Field(
        default="", description="Format and rules of the fast path that disagreed with feedparser."
    )
    disagreements: int = Field(default=0, description="Polls in which the two paths disagreed.")
    last_disagreement: str = Field(default="", description="The fields they disagreed on.")
    pending: bool = Field(default=False, description="Entries over the limit are still to come.")
    left_over: int = Field(default=0, description="How many, of those that have never failed.")
    last_sight: datetime | None = None
    last_poll: datetime | None = None
    last_success: datetime | None = None
    last_failure: datetime | None = None
    last_error: str = Field(default="", description="Of the last poll, empty after a success.")
    last_failed_with: str = Field(default="", description="Of the last failed poll.")
    last_status: int | None = None
    held_back: str = Field(
        default="", description="Why it was not asked: another's answer holds its host back."
    )
    consecutive_failures: int = 0
    hold_until: datetime | None = Field(default=None, description="Retry-After or backoff.")
    retry_after: datetime | None = Field(
        default=None, description="The part of it that the server asked for, which no push ends."
    )
    retired: bool = Field(default=False, description="410 Gone.")
    failing_since: datetime | None = Field(default=None, description="First failure in a row.")
    dormant: bool = Field(default=False, description="Failing for long: tried rarely.")
    address: str = Field(default="", description="Where it has moved for good; empty: `url`.")
    moved_to: str = Field(default="", description="Where permanent redirects have led of late.")
    moved_polls: int = Field(default=0, description="Polls in a row that were led there.")
    moved_since: datetime | None = None
    entries_a_day: float | None = Field(
        default=None, description="New entries a day, those of the last days counting most."
    )
    counting_since: datetime | None = Field(default=None, description="The first success.")
    ttl_seconds: float | None = Field(default=None, description="The document's own wish.")
    skip_hours: list[int] = Field(default_factory=list, description="Hours of the day, UTC.")
    skip_days: list[int] = Field(default_factory=list, description="Days, UTC, Monday is 0.")
    subscription: Subscription | None = Field(default=None, description="At the feed's hub.")
    pushed_at: datetime | None = Field(default=None, description="The hub's last push.")
    polls: int = 0
    entries_written: int = 0
    format: str = ""
    title: str = ""
    removed: bool = Field(default=False, description="No longer in the configuration.")


class Lease(BaseModel):
    """A claim on a host, valid while its token stands in the store and it has not expired."""

    host: str
    owner: str
    token: str
    expires: datetime
    feeds: list[str] = Field(
        default_factory=list, description="Feeds whose polls have not ended; none left: free."
    )


class HostState(BaseModel):
    """What is known of a host: when it was last asked, and until when it wants to be left alone."""

    host: str
    last_request: datetime | None = None
    hold_until: datetime | None = None
    lease: Lease | None = None
