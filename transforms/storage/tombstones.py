"""What was deleted stays away: tombstones, and the documents that they cover. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal

from schemas.article import Article

# The fields by which the documents under a tombstone are found; an id is looked up directly.
FIELDS = {"url": ("url.full",), "domain": ("url.domain", "url.registered_domain")}


@dataclass(frozen=True, slots=True)
class Tombstone:
    """Keeps documents away, those to come too.

    Attributes:
        kind: `id` for one document, `url` for a canonical address, `domain` for all of a host, or
            of a registered domain with its hosts.
        value: The document's id, the address, or the domain.
    """

    kind: Literal["id", "url", "domain"]
    value: str

    @property
    def key(self) -> str:
        """Its id where tombstones are kept: of fixed length, since an address may be long."""
        text = f"{self.kind}:{self.value}".encode("utf-8", "surrogatepass")
        return blake2b(text, digest_size=16).hexdigest()


def covering(article: Article) -> list[Tombstone]:
    """Gives the tombstones any of which would keep a document away."""
    url = article.url
    found = [Tombstone("id", article.id)]
    if url.full:
        found.append(Tombstone("url", url.full))
    domains = dict.fromkeys((url.domain, url.registered_domain))
    found += [Tombstone("domain", domain) for domain in domains if domain]
    return found


def keys_of(articles: Iterable[Article]) -> dict[str, list[str]]:
    """Gives, by document id, the keys of the tombstones that would keep it away."""
    return {article.id: [stone.key for stone in covering(article)] for article in articles}
