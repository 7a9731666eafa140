"""Documents that break off within an entry: what of it is there is not taken for the whole. Pure.

The last entry of such a document may have half a date, half a link or half a text. It is left to
the next poll, which mostly brings it whole; where that poll brings the same half, it is all there
is, and is taken.
"""

import hashlib
import re
from collections.abc import Sequence

from schemas.entry import ParsedFeed
from schemas.feed import FeedState
from transforms.feeds.recognition import Recognised

_TAG = re.compile(
    rb"<(?P<end>/?)(?:[\w.-]{1,40}:)?(?:(?P<entry>item|entry)|rss|feed|rdf)(?P<after>[\s/>])", re.I
)


def cut_off_entry(body: bytes) -> str:
    """Gives the hash of an entry that is followed neither by its end nor by the root's, else "".

    Args:
        body: A document that is not well-formed XML.
    """
    start = None
    for tag in _TAG.finditer(body):
        if tag["entry"] or tag["end"]:
            start = None if tag["end"] or tag["after"] == b"/" else tag.start()
    if start is None:
        return ""
    return hashlib.blake2b(body[start:], digest_size=16).hexdigest()


def without_cut_off(
    recognised: Sequence[Recognised], parsed: ParsedFeed, state: FeedState
) -> list[Recognised]:
    """Leaves out the entry in which a document breaks off, unless it did so last time too.

    An entry that is known whole is left out however often it comes in halves.

    Args:
        recognised: The document's entries.
        parsed: The document.
        state: The feed's, before the poll.
    """
    if not parsed.cut_off or not recognised:
        return list(recognised)
    last = max(recognised, key=lambda one: one.entry.position)
    same_half = last.known is None and parsed.cut_off == state.cut_off
    unchanged = last.known is not None and last.known.hash == last.hash
    if same_half or unchanged:
        return list(recognised)
    return [one for one in recognised if one is not last]
