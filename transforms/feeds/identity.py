"""Which document an entry is: pure decisions on ids and hashes.

`transforms.feeds.recognition` applies them to a whole fetch and to what the feed's state remembers.
"""

from collections import Counter
from collections.abc import Iterable

from schemas.entry import Entry
from schemas.feed import Feed
from transforms.feeds.entry_keys import digest, folded, title_and_date
from transforms.text.urls import domain, registered_domain


def shared_links(canonical_urls: Iterable[str]) -> frozenset[str]:
    """Gives the canonical URLs that several entries of one fetch have: they identify none."""
    counts = Counter(url for url in canonical_urls if url)
    return frozenset(url for url, count in counts.items() if count > 1)


def article_id(
    entry: Entry,
    feed: Feed,
    canonical: str,
    shared: frozenset[str],
    key: str,
    *,
    volatile_guids: bool = False,
) -> str:
    """Decides which document an entry belongs to that the feed's state does not know.

    Args:
        entry: The entry.
        feed: Its feed; `identity` is the policy.
        canonical: The canonical form of its link, or empty.
        shared: Links that several entries of this fetch have (`shared_links`).
        key: The entry's key by its GUID (`distinct_keys`).
        volatile_guids: The feed makes its GUIDs anew at every fetch: they identify nothing where
            the policy is `auto`.

    Returns:
        32 hexadecimal digits.
    """
    link = canonical if canonical not in shared else ""
    publisher = registered_domain(canonical) or domain(canonical) or registered_domain(feed.url)
    by_link = ("link", link) if link else None
    # An entry that shares its GUID too has a key made distinct; the bare GUID would join it.
    own_guid = entry.guid if key == entry.guid else key
    by_guid = ("guid", publisher, own_guid) if entry.guid else None
    by_title = ("title", publisher, *title_and_date(entry))
    parts: tuple[str, ...]
    match feed.identity:
        case "title":
            parts = by_title
        case "guid":
            parts = by_guid or by_link or by_title
        case "link":
            # The user says that the link is the identity, shared or not.
            parts = ("link", canonical) if canonical else by_guid or by_title
        case "link+title":
            titled = ("link+title", canonical, folded(entry.title))
            parts = titled if canonical else by_title
        case "auto":
            parts = by_link or (None if volatile_guids else by_guid) or by_title
    return digest(*parts)


def content_hash(entry: Entry) -> str:
    """Hashes what the publisher sent: raw title, texts, link and dates.

    Our own rules have no part in it, so that a change of theirs is no correction.
    """
    return digest(
        "content",
        entry.title,
        entry.summary,
        entry.content,
        entry.link,
        entry.published,
        entry.updated,
    )
