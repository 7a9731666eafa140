"""The keys under which a feed's state remembers its entries: pure."""

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from typing import Literal

from schemas.entry import Entry
from schemas.feed import IdentityPolicy

# `guid`: the GUID, else the link. `link`: the link, else the GUID. `stable link`: never the GUID,
# which this feed makes anew at every fetch.
KeyRule = Literal["guid", "link", "stable link", "link+title", "title"]

_SPACE = re.compile(r"\s+")


def key_rule(policy: IdentityPolicy, volatile_guids: bool) -> KeyRule:
    """Gives the rule for a feed's keys."""
    if policy == "auto":
        return "stable link" if volatile_guids else "guid"
    return policy


def entry_key(entry: Entry, rule: KeyRule = "guid") -> str:
    """Gives the key of one entry; a hash of title and date, else of the text, is the last resort.

    Keys of different rules are different, but for a GUID that is the link.
    """
    match rule:
        case "guid":
            return entry.guid or entry.link or _key_by_title(entry)
        case "link":
            return entry.link or entry.guid or _key_by_title(entry)
        case "stable link":
            return entry.link or _key_by_title(entry)
        case "link+title":
            if not entry.link:
                return _key_by_title(entry)
            return f"{entry.link} +{digest('title', folded(entry.title))}"
        case "title":
            return _key_by_title(entry)


def _key_by_title(entry: Entry) -> str:
    return "hash:" + digest("title", *title_and_date(entry))


def distinct_keys(entries: Sequence[Entry], rule: KeyRule = "guid") -> list[str]:
    """Gives the keys of one fetch's entries, in order, no two the same.

    Where several entries share a key (a known fault of generators), link and title tell them
    apart; what is still the same, its count, so that each entry keeps an outcome of its own.
    """
    keys = [entry_key(entry, rule) for entry in entries]
    shared = {key for key, count in Counter(keys).items() if count > 1}
    taken: set[str] = set()
    # Where counting had got to for a key: thousands of the same entry are not counted from one.
    repetitions: dict[str, int] = {}
    distinct: list[str] = []
    for entry, key in zip(entries, keys, strict=True):
        candidate = key
        if key in shared or key in taken:
            own = f"{key} #{digest('same', entry.link, *title_and_date(entry))}"
            candidate = own if key in shared else key
            repetition = repetitions.get(own, 1)
            while candidate in taken:
                repetition += 1
                candidate = f"{own} {repetition}"
            repetitions[own] = repetition
        taken.add(candidate)
        distinct.append(candidate)
    return distinct


def title_and_date(entry: Entry) -> tuple[str, str]:
    """Gives what tells entries apart that have no GUID and no link."""
    title = folded(entry.title)
    if title or entry.published:
        return title, entry.published
    return _SPACE.sub(" ", entry.summary or entry.content).strip(), entry.updated


def folded(title: str) -> str:
    """Folds a title's white space and case."""
    return _SPACE.sub(" ", title).strip().casefold()


def digest(*parts: str) -> str:
    """Hashes texts, 32 hexadecimal digits; where one ends and the next begins counts."""
    hashed = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        hashed.update(b"%d:" % len(data) + data)
    return hashed.hexdigest()
