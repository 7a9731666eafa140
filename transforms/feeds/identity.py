"""Which document an entry is: pure decisions on keys, ids and hashes."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from schemas.entry import Entry
from schemas.feed import Feed, SeenEntry
from transforms.text.urls import domain, registered_domain

_SPACE = re.compile(r"\s+")


def entry_key(entry: Entry) -> str:
    """Gives the key under which a feed's state remembers an entry.

    The GUID, else the link as given, else a hash of title and date, else of the text.
    """
    if entry.guid:
        return entry.guid
    if entry.link:
        return entry.link
    return "hash:" + _digest("title", *_title_and_date(entry))


def distinct_keys(entries: Sequence[Entry]) -> list[str]:
    """Gives the keys of one fetch's entries, in order, no two the same.

    Where several entries share a GUID (a known fault of generators), link and title tell them
    apart; what is still the same, its count, so that each entry keeps an outcome of its own.
    """
    keys = [entry_key(entry) for entry in entries]
    shared = {key for key, count in Counter(keys).items() if count > 1}
    taken: set[str] = set()
    # Where counting had got to for a key: thousands of the same entry are not counted from one.
    repetitions: dict[str, int] = {}
    distinct: list[str] = []
    for entry, key in zip(entries, keys, strict=True):
        own = f"{key} #{_digest('same', entry.link, *_title_and_date(entry))}"
        candidate = own if key in shared else key
        repetition = repetitions.get(own, 1)
        while candidate in taken:
            repetition += 1
            candidate = f"{own} {repetition}"
        repetitions[own] = repetition
        taken.add(candidate)
        distinct.append(candidate)
    return distinct


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
    seen: Mapping[str, SeenEntry],
) -> str:
    """Decides which document an entry belongs to.

    Args:
        entry: The entry.
        feed: Its feed; `identity` is the policy.
        canonical: The canonical form of its link, or empty.
        shared: Links that several entries of this fetch have (`shared_links`).
        key: The entry's key in the feed's state (`distinct_keys`).
        seen: What the feed's state remembers. A known entry keeps its document, whatever has
            become of its link or of the policy.

    Returns:
        32 hexadecimal digits.
    """
    known = seen.get(key)
    if known is not None:
        return known.article_id
    link = canonical if canonical not in shared else ""
    publisher = registered_domain(canonical) or domain(canonical) or registered_domain(feed.url)
    by_link = ("link", link) if link else None
    # An entry that shares its GUID too has a key made distinct; the bare GUID would join it.
    own_guid = entry.guid if key == entry.guid else key
    by_guid = ("guid", publisher, own_guid) if entry.guid else None
    by_title = ("title", publisher, *_title_and_date(entry))
    if feed.identity == "title":
        parts: tuple[str, ...] = by_title
    elif feed.identity == "guid":
        parts = by_guid or by_link or by_title
    elif feed.identity == "link":
        # The user says that the link is the identity, shared or not.
        parts = ("link", canonical) if canonical else by_guid or by_title
    else:
        parts = by_link or by_guid or by_title
    return _digest(*parts)


def content_hash(entry: Entry) -> str:
    """Hashes what the publisher sent: raw title, texts, link and dates.

    Our own rules have no part in it, so that a change of theirs is no correction.
    """
    return _digest(
        "content",
        entry.title,
        entry.summary,
        entry.content,
        entry.link,
        entry.published,
        entry.updated,
    )


def _title_and_date(entry: Entry) -> tuple[str, str]:
    title = _SPACE.sub(" ", entry.title).strip().casefold()
    if title or entry.published:
        return title, entry.published
    return _SPACE.sub(" ", entry.summary or entry.content).strip(), entry.updated


def _digest(*parts: str) -> str:
    hashed = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        hashed.update(b"%d:" % len(data) + data)
    return hashed.hexdigest()
