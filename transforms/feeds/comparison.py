"""Parses a feed on both paths and names what differs: the check on the fast path."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from schemas.entry import Entry, ParsedFeed
from schemas.errors import TerminalError
from transforms.feeds.parsing import Path, parse_feed

_MAX_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that the two paths read differently.

    Attributes:
        position: The entry's place in the feed; None where the feed itself differs.
        field: The field of `Entry` or `ParsedFeed`, `entries` (their number) or `error`.
        fast: The fast path's value, cut to 200 characters.
        safe: The same of feedparser, which is right by definition.
    """

    position: int | None
    field: str
    fast: str
    safe: str


def compare_paths(
    body: bytes, *, url: str, content_type: str = ""
) -> tuple[ParsedFeed | TerminalError, list[Difference]]:
    """Parses a document on both paths; see `differences`.

    Args:
        body: The document.
        url: Where it came from.
        content_type: The HTTP `Content-Type`, or empty.

    Returns:
        What the safe path made of it (its error, where it is no feed), and the differences.
    """
    fast = _outcome(body, url, content_type, "fast")
    safe = _outcome(body, url, content_type, "safe")
    if isinstance(fast, TerminalError) or isinstance(safe, TerminalError):
        same = str(fast) == str(safe)
        return safe, [] if same else [_difference(None, "error", fast, safe)]
    return safe, differences(fast, safe)


def is_compared(feed_url: str, polls: int, share: float) -> bool:
    """Tells whether a poll is one of those that are parsed on both paths.

    Args:
        feed_url: The feed's address.
        polls: How many polls the feed has had: the same one is always judged alike.
        share: How many of all polls, 0 to 1.
    """
    drawn = hashlib.blake2b(f"{polls} {feed_url}".encode(), digest_size=8).digest()
    return int.from_bytes(drawn, "big") < share * 2**64


def named(found: Sequence[Difference]) -> str:
    """Names the fields that differ, each once, as `title, link`."""
    return ", ".join(dict.fromkeys(difference.field for difference in found))


def differences(fast: ParsedFeed, safe: ParsedFeed) -> list[Difference]:
    """Names the fields in which two readings of a feed differ."""
    found = [
        _difference(None, name, getattr(fast, name), getattr(safe, name))
        for name in ParsedFeed.model_fields
        if name != "entries" and getattr(fast, name) != getattr(safe, name)
    ]
    if len(fast.entries) != len(safe.entries):
        found.append(_difference(None, "entries", len(fast.entries), len(safe.entries)))
    for ours, theirs in zip(fast.entries, safe.entries, strict=False):
        found += [
            _difference(theirs.position, name, getattr(ours, name), getattr(theirs, name))
            for name in Entry.model_fields
            if getattr(ours, name) != getattr(theirs, name)
        ]
    return found


def _outcome(body: bytes, url: str, content_type: str, path: Path) -> ParsedFeed | TerminalError:
    try:
        return parse_feed(body, url=url, content_type=content_type, path=path)
    except TerminalError as error:
        return error


def _difference(position: int | None, field: str, fast: object, safe: object) -> Difference:
    return Difference(position, field, repr(fast)[:_MAX_SHOWN], repr(safe)[:_MAX_SHOWN])
