"""Names of the indices, each behind the configured prefix."""

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b


@dataclass(frozen=True, slots=True)
class Names:
    """All names that one installation uses on a cluster.

    Attributes:
        prefix: `index.prefix` of the configuration, put before each name as it is.
    """

    prefix: str = ""

    @property
    def articles(self) -> str:
        """The alias that articles are read and written through."""
        return f"{self.prefix}news-articles"

    @property
    def first_articles(self) -> str:
        """The index that the alias is first given. One, since an id is unique within one only."""
        return f"{self.prefix}news-articles-000001"

    @property
    def feeds(self) -> str:
        """Feed states: feed health in Kibana."""
        return f"{self.prefix}news-feeds"

    @property
    def hosts(self) -> str:
        """Host states with their leases."""
        return f"{self.prefix}news-hosts"

    @property
    def failures(self) -> str:
        """Dead letters."""
        return f"{self.prefix}news-failures"

    @property
    def tombstones(self) -> str:
        """What was deleted and is to stay away."""
        return f"{self.prefix}news-tombstones"

    @property
    def rounds(self) -> str:
        """The template of the rounds' figures; its indices are `rounds_of`."""
        return f"{self.prefix}news-polls"

    def rounds_of(self, time: datetime) -> str:
        """Gives the index of the rounds of the month (UTC) that `time` lies in."""
        return f"{self.rounds}-{time.astimezone(UTC):%Y.%m}"


def document_id(*parts: str) -> str:
    """Gives an id of fixed length: Elasticsearch takes 512 bytes at most, a URL may be longer."""
    text = "\n".join(parts).encode("utf-8", "surrogatepass")
    return blake2b(text, digest_size=16).hexdigest()
