"""The configuration, as one YAML file describes it; `pipeline.configuration` reads the file."""

import ipaddress
import re
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, field_validator, model_validator

from schemas.feed import Feed, HoldScope
from schemas.quantities import Bytes, Keep, Seconds, require_order


class ConfigPart(BaseModel):
    """Base of the configuration's parts: a key that means nothing is a mistake."""

    model_config = ConfigDict(extra="forbid")


class IndexConfig(ConfigPart):
    """Where documents and the feed store live."""

    url: str = Field(
        default="embedded:./data",
        description="embedded:PATH for a folder, or http(s)://host:port of an Elasticsearch.",
    )
    prefix: str = Field(
        default="",
        pattern=r"^[a-z0-9][a-z0-9_-]*$|^$",
        description="Put before every index name, for several installations on one cluster.",
    )
    shards: int = Field(default=1, ge=1, le=1024, description="Primary shards of the articles.")
    replicas: int = Field(default=0, ge=0, le=10, description="Replicas of each shard.")
    analysis: Literal["plain", "language"] = Field(
        default="plain",
        description="`language` also finds other forms of a word, where the index can.",
    )
    ca_file: Path | None = Field(default=None, description="CA certificates for https, PEM.")
    api_key: str | None = Field(
        default=None,
        pattern=r"^(env:\w+|file:/.+|gcp:projects/[^/]+/secrets/[^/]+/versions/[^/]+)$",
        description="Where each process reads the API key: env:NAME, file:/PATH or gcp:projects/…",
    )
    request_timeout: Seconds = Field(default=30, gt=0, description="One request to the index.")
    tries: int = Field(default=4, ge=1, description="Tries of a write before it is put off.")
    keep: Keep | None = Field(
        default=None,
        description="Older entries are not stored, older documents deleted by `run`; none: never.",
    )

    @field_validator("url")
    @classmethod
    def _known_scheme(cls, value: str) -> str:
        if value.startswith("embedded:") and len(value) > len("embedded:"):
            return value
        if value.startswith(("http://", "https://")):
            if "@" in value.split("/", 3)[2]:
                raise ValueError(
                    "must not hold a user or password: set DATELINE_ELASTICSEARCH_USER and "
                    "DATELINE_ELASTICSEARCH_PASSWORD (or DATELINE_ELASTICSEARCH_API_KEY)"
                )
            return value
        raise ValueError("must be embedded:PATH, http://host:port or https://host:port")


class HttpConfig(ConfigPart):
    """How feeds are fetched."""

    user_agent: str = Field(
        default="Dateline/0.1 (+https://example.org/contact)",
        description="Sent with every request; should name a contact.",
    )
    allow_networks: list[str] = Field(
        default_factory=list,
        description="Networks in CIDR form that may be fetched though they are private.",
    )
    timeout: Seconds = Field(default=30, gt=0, description="One whole fetch, redirects included.")
    max_bytes: Bytes = Field(default=15_000_000, gt=0, description="Of a body, decompressed.")
    max_redirects: int = Field(default=5, ge=0, le=20, description="Redirects followed.")
    in_flight: int = Field(default=100, ge=1, description="Fetches under way at once.")
    ca_file: Path | None = Field(default=None, description="CA certificates for https, PEM.")

    @field_validator("user_agent")
    @classmethod
    def _one_line(cls, value: str) -> str:
        value = value.strip()
        if not value.isprintable() or not value:
            raise ValueError(
                "must be one line that names a contact, such as NewsDesk/1.0 (+https://…)"
            )
        return value

    @field_validator("allow_networks")
    @classmethod
    def _networks(cls, value: list[str]) -> list[str]:
        for network in value:
            try:
                ipaddress.ip_network(network)
            except ValueError as error:
                raise ValueError(
                    f"{error}: must be a network in CIDR form such as 10.0.0.0/8"
                ) from None
        return value


class IntervalConfig(ConfigPart):
    """Bounds of a feed's polling interval."""

    min: Seconds = Field(default=300, gt=0, description="A feed is not polled more often.")
    max: Seconds = Field(default=86400, gt=0, description="A feed is not polled more rarely.")

    @model_validator(mode="after")
    def _ordered(self) -> "IntervalConfig":
        require_order(self.min, self.max)
        return self

    def for_feed(self, feed: Feed) -> "IntervalConfig":
        """Gives the bounds for one feed: its own, and what it leaves open as near as they allow."""
        own = feed.interval
        if own is None:
            return self
        shortest = self.min if own.min is None else own.min
        longest = self.max if own.max is None else own.max
        if own.min is None:
            shortest = min(shortest, longest)
        return IntervalConfig(min=shortest, max=max(shortest, longest))


class PollingConfig(ConfigPart):
    """When feeds are fetched, and how politely."""

    interval: IntervalConfig = Field(default_factory=IntervalConfig)
    per_host_delay: Seconds = Field(default=1, ge=0, description="Between two requests to a host.")
    lease: Seconds = Field(default=120, gt=0, description="How long a claim on a host lasts.")
    round: Seconds = Field(default=1, gt=0, description="How long a round waits for answers.")
    hosts_per_round: int = Field(default=200, ge=1, description="Hosts claimed in one round.")
    hold: HoldScope = Field(
        default="host",
        description="What Retry-After holds back; `domain` also asks it one request at a time.",
    )
    pages_per_poll: int = Field(
        default=20, ge=1, description="Entries that one poll of a feed with full text takes."
    )
    dormant_after: Seconds = Field(
        default=1_209_600, gt=0, description="A feed that has failed for so long is dormant."
    )
    dormant_interval: Seconds = Field(
        default=604_800, gt=0, description="A dormant feed is tried so rarely."
    )


class LimitsConfig(ConfigPart):
    """Bounds on what one feed or entry may bring."""

    entries: int = Field(default=500, ge=1, description="Entries taken of a feed in one poll.")
    title_chars: int = Field(default=5_000, ge=1, description="A longer title is a dead letter.")
    body_chars: int = Field(default=1_000_000, ge=1, description="A longer text is a dead letter.")
    seen_entries: int = Field(default=2_000, ge=1, description="Entries remembered for a feed.")


class ParsingConfig(ConfigPart):
    """How feed documents are read."""

    compare_share: float = Field(
        default=0.01, ge=0, le=1, description="Share of polls that are parsed on both paths."
    )


class MetricsConfig(ConfigPart):
    """Figures for Prometheus."""

    port: int | None = Field(
        default=None,
        ge=1,
        le=65535,
        description="Served at its /metrics; none: not at all.",
    )
    host: str = Field(default="127.0.0.1", description="The address to listen on.")


class WebSubConfig(ConfigPart):
    """Subscriptions at the hubs that feeds name (W3C WebSub)."""

    callback_url: str = Field(
        default="",
        description="Public address that hubs call, passed on to host and port; empty: none.",
    )
    host: str = Field(default="127.0.0.1", description="The address to listen on.")
    port: int = Field(default=8787, ge=1, le=65535, description="The port to listen on.")

    @field_validator("callback_url")
    @classmethod
    def _http_address(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^\s/?#@]+[^\s?#]*", value):
            raise ValueError(
                "must be an http or https address without user, query and fragment, such as "
                "https://news.example.org/websub"
            )
        return value.rstrip("/")


class StoriesConfig(ConfigPart):
    """Joining copies and rewrites of one report."""

    window: Seconds = Field(
        default=259_200, gt=0, description="Copies are published at most so far apart."
    )
    span: Seconds = Field(
        default=1_209_600, gt=0, description="A story is at most so long from first to last."
    )


class TaggerConfig(ConfigPart):
    """The entity tagger."""

    data: list[Path] = Field(
        default_factory=list, description="YAML files that add to or override the gazetteer."
    )
    prior: Path | None = Field(
        default=None, description="What publishers have written of before, by `dateline prior`."
    )
    backends: dict[str, str] = Field(
        default_factory=dict,
        description="By language, or `*`: `rules`, or `spacy:PIPELINE` to find names.",
    )
    _content: str = PrivateAttr(default="")

    def files(self) -> list[Path]:
        """Gives the files that the tagger reads besides its own."""
        return [*self.data, *([self.prior] if self.prior is not None else [])]

    @property
    def content(self) -> str:
        """Tells files that were written anew under their names; two that differ are not equal."""
        return self._content

    def note_content(self, digest: str) -> None:
        """Notes what the files held when the configuration was loaded."""
        self._content = digest


class Config(ConfigPart):
    """The whole configuration, paths resolved, OPML files read into `feeds`."""

    index: IndexConfig = Field(default_factory=IndexConfig)
    http: HttpConfig = Field(default_factory=HttpConfig)
    polling: PollingConfig = Field(default_factory=PollingConfig)
    limits: LimitsConfig = Field(default_factory=LimitsConfig)
    parsing: ParsingConfig = Field(default_factory=ParsingConfig)
    tagger: TaggerConfig = Field(default_factory=TaggerConfig)
    stories: StoriesConfig = Field(default_factory=StoriesConfig)
    metrics: MetricsConfig = Field(default_factory=MetricsConfig)
    websub: WebSubConfig = Field(default_factory=WebSubConfig)
    feeds: list[Feed] = Field(default_factory=list)
    opml: list[Path] = Field(
        default_factory=list, description="Feed lists, added to `feeds`; folders become tags."
    )

    def feed_of(self, url: str) -> Feed:
        """Gives the configured feed of an address, or one of which nothing else is known."""
        return next((feed for feed in self.feeds if feed.url == url), None) or Feed(url=url)

    @model_validator(mode="after")
    def _holds_filled_in(self) -> "Config":
        for feed in self.feeds:
            feed.hold = feed.hold or self.polling.hold
        return self
