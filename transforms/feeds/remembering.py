"""What a feed's state remembers of an entry, and what it is then known by. Pure.

An entry that became a dead letter is remembered as failed: it is tried again as long as the feed
shows it, but after all others, so that entries which cannot succeed never keep back those behind
them. Versions are counted as the document counts them (`transforms.storage.merge`), so that an
entry which flips between two of them is neither taken nor its page asked for at every flip.
"""

from collections.abc import Sequence

from schemas.feed import SeenEntry
from schemas.poll import PollEntry
from transforms.feeds.recognition import Recognised
from transforms.storage.merge import MAX_APPEARANCES, MAX_VERSIONS
from transforms.text.normalize import RULE_VERSION, WITHOUT_PAGE


def is_known(one: Recognised) -> bool:
    """Says whether an entry would change nothing: the rules being as they are, or it being used up.

    A version that was taken as often as the document takes one is used up.
    """
    known = one.known
    if known is None:
        return False
    if known.hash == one.hash:
        return not known.failed and known.rule_version == RULE_VERSION
    return known.versions.get(one.hash, 0) >= MAX_APPEARANCES


def has_failed(one: Recognised) -> bool:
    """Says whether an entry, as it is and by the rules as they are, became a dead letter."""
    known = one.known
    return (
        known is not None
        and known.failed
        and (known.hash, known.rule_version) == (one.hash, RULE_VERSION)
    )


def _waits_for_page(one: Recognised) -> bool:
    known = one.known
    return known is not None and (known.hash, known.rule_version) == (one.hash, WITHOUT_PAGE)


def in_turn(recognised: Sequence[Recognised]) -> list[Recognised]:
    """Gives the entries that are not known, those last that failed or only wait for a page."""
    unknown = (one for one in recognised if not is_known(one))
    return sorted(unknown, key=lambda one: has_failed(one) or _waits_for_page(one))


def taken(origin: PollEntry, rule_version: int) -> SeenEntry:
    """Gives what is remembered of an entry that came through."""
    known = origin.known
    versions = _taken_before(known)
    if known is None or known.failed or known.hash != origin.hash:
        versions[origin.hash] = versions.pop(origin.hash, 0) + 1
    kept = dict(list(versions.items())[-MAX_VERSIONS:])
    return SeenEntry(
        article_id=origin.article_id,
        hash=origin.hash,
        rule_version=rule_version,
        versions={} if kept == {origin.hash: 1} else kept,
    )


def failed(origin: PollEntry) -> SeenEntry:
    """Gives what is remembered of an entry that became a dead letter."""
    return SeenEntry(
        article_id=origin.article_id,
        hash=origin.hash,
        rule_version=RULE_VERSION,
        failed=True,
        versions=_taken_before(origin.known),
    )


def _taken_before(known: SeenEntry | None) -> dict[str, int]:
    if known is None or (known.failed and not known.versions):
        return {}
    return dict(known.versions) or {known.hash: 1}
