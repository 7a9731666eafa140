"""Recognises a fetch's entries by what the feed's state remembers, whatever their GUIDs do. Pure.

Some generators make their GUIDs anew at every fetch. Such an entry is still the one that the state
remembers under a GUID which the feed shows no more: its link's document is the same, or what the
publisher sent is. It takes that one's place in the state, so that the state does not grow. A feed
that does so to most of its entries twice in a row has volatile GUIDs, for good: its entries are
known by their links from then on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schemas.entry import Entry
from schemas.feed import Feed, SeenEntry
from transforms.feeds.entry_keys import KeyRule, digest, distinct_keys, key_rule
from transforms.feeds.identity import article_id, content_hash, shared_links
from transforms.text.urls import canonical_url

# Fetches in a row in which most GUIDs were new for known entries: one is a move to another system.
VOLATILE_AFTER = 2
# Rules by which the state may know an entry from before its feed's policy was changed.
_OTHER_RULES: tuple[KeyRule, ...] = ("link", "link+title", "title")


@dataclass(frozen=True, slots=True)
class Recognised:
    """An entry with its place in the feed's state and its document.

    Attributes:
        key: Its key in the state from now on.
        hash: Of what the publisher sent.
        article_id: Its document.
        known: What the state remembers of it, or None.
        former_key: The key under which the state remembers it, where that is another one.
        new_guid: It has another GUID than at the last fetch.
    """

    entry: Entry
    key: str
    hash: str
    article_id: str
    known: SeenEntry | None = None
    former_key: str = ""
    new_guid: bool = False


def recognise(
    entries: Sequence[Entry],
    feed: Feed,
    seen: Mapping[str, SeenEntry],
    guid_changes: int = 0,
) -> list[Recognised]:
    """Tells which document each entry of one fetch is.

    Args:
        entries: All entries of the fetch.
        feed: The feed; `identity` is the policy.
        seen: What the feed's state remembers. A remembered entry keeps its document, whatever has
            become of its link, of its GUID or of the policy.
        guid_changes: `FeedState.guid_changes`.
    """
    volatile = guid_changes >= VOLATILE_AFTER
    rule = key_rule(feed.identity, volatile)
    guid_keys = distinct_keys(entries)
    keys = guid_keys if rule == "guid" else distinct_keys(entries, rule)
    links: list[str] = []
    shared: frozenset[str] = frozenset()
    taken = set(keys)
    vanished = _Vanished(seen, taken.union(guid_keys))
    by_other_rules: list[tuple[str, ...]] = []
    found: list[Recognised] = []
    for place, (entry, key, guid_key) in enumerate(zip(entries, keys, guid_keys, strict=True)):
        sent = content_hash(entry)
        known = seen.get(key)
        if known is not None:
            found.append(Recognised(entry, key, sent, known.article_id, known))
            continue
        if not links:
            # Most fetches bring nothing new, and an address is the dearest part of an entry.
            links = [canonical_url(one.link, one.base_url) for one in entries]
            shared = shared_links(links)
        own_id = article_id(entry, feed, links[place], shared, guid_key, volatile_guids=volatile)
        former = guid_key if guid_key in seen and guid_key not in taken else ""
        if not former and vanished:
            if not by_other_rules:
                rules = (distinct_keys(entries, other) for other in _OTHER_RULES)
                by_other_rules = list(zip(*rules, strict=True))
            link_id = digest("link", links[place])
            former = vanished.by_key(by_other_rules[place], entry.link, link_id)
            former = former or vanished.by_id(own_id)
            if not former and feed.identity == "auto":
                former = vanished.by_hash(sent)
        if former:
            known = seen[former]
            vanished.take(former)
        identity = known.article_id if known is not None else own_id
        is_new = bool(former) and _is_another_guid(entry, former)
        found.append(Recognised(entry, key, sent, identity, known, former, is_new))
    return found


def guid_changes_after(found: Sequence[Recognised], guid_changes: int) -> int:
    """Counts the fetches in a row in which most of the known entries had other GUIDs.

    Args:
        found: The entries of a fetch.
        guid_changes: The count before it; once it says that the GUIDs are volatile, it stays.
    """
    if guid_changes >= VOLATILE_AFTER:
        return guid_changes
    known = [one for one in found if one.entry.guid and one.known is not None]
    changed = sum(one.new_guid for one in known)
    if not known:
        return guid_changes
    return guid_changes + 1 if 2 * changed > len(known) else 0


class _Vanished:
    """Remembered entries that the fetch does not show under their keys; each is given once."""

    def __init__(self, seen: Mapping[str, SeenEntry], shown: set[str]) -> None:
        self._entries = {key: known for key, known in seen.items() if key not in shown}
        self._by_id: dict[str, list[str]] = {}
        self._by_hash: dict[str, list[str]] = {}
        for key, known in self._entries.items():
            self._by_id.setdefault(known.article_id, []).append(key)
            self._by_hash.setdefault(known.hash, []).append(key)

    def __bool__(self) -> bool:
        return bool(self._entries)

    def by_key(self, keys: Sequence[str], link: str, link_id: str) -> str:
        """Gives the first of the keys; one that is the link only if it was the identity."""
        for key in keys:
            known = self._entries.get(key)
            if known is not None and (key != link or known.article_id == link_id):
                return key
        return ""

    def by_id(self, identity: str) -> str:
        return self._latest(self._by_id.get(identity, []))

    def by_hash(self, sent: str) -> str:
        return self._latest(self._by_hash.get(sent, []))

    def take(self, key: str) -> None:
        self._entries.pop(key, None)

    def _latest(self, keys: list[str]) -> str:
        while keys and keys[-1] not in self._entries:
            keys.pop()
        return keys[-1] if keys else ""


def _is_another_guid(entry: Entry, former_key: str) -> bool:
    """Tells a key that was a GUID from one made of this GUID, of a link or of a title."""
    own = (entry.guid, entry.link)
    made_of_own = tuple(f"{part} {mark}" for part in own if part for mark in "#+")
    return bool(entry.guid) and not (
        former_key in own or former_key.startswith(("hash:", *made_of_own))
    )
