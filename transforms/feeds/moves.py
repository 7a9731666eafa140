"""Where a feed is asked: it moves after permanent redirects, and comes back if that was wrong."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from schemas.feed import Feed, FeedState
from schemas.poll import FetchResult
from transforms.lease_unit import lease_unit

# One permanent redirect may be a mistake of an afternoon; browsers that believed it are stuck.
MOVES_AFTER_POLLS = 3
MOVES_AFTER = timedelta(days=1)
RETURNS_AFTER_FAILURES = 3

_SETTLED = {"moved_to": "", "moved_polls": 0, "moved_since": None}


def after_success(
    state: FeedState, feed: Feed, result: FetchResult, now: datetime
) -> dict[str, object]:
    """Gives what a successful poll changes in a state's address.

    The feed is asked at the target of permanent redirects (301, 308: RFC 9110, sections 15.4.2
    and 15.4.9) once three polls in a row, over a day or more, were led to the same one. A
    temporary redirect (302, 303, 307) is followed and moves nothing.
    """
    asked = state.address or feed.url
    target = result.moved_to
    if not target or target == asked or not _may_move(asked, target):
        return dict(_SETTLED)
    if target != state.moved_to or state.moved_since is None:
        return {"moved_to": target, "moved_polls": 1, "moved_since": now}
    polls = state.moved_polls + 1
    if polls < MOVES_AFTER_POLLS or now - state.moved_since < MOVES_AFTER:
        return {"moved_polls": polls}
    address = "" if target == feed.url else target
    return {**_SETTLED, "address": address, "host": lease_unit(target, feed.hold)}


def after_failure(state: FeedState, feed: Feed, failures: int, *, gone: bool) -> dict[str, object]:
    """Gives what a failed poll changes in a state's address.

    It ends a row of polls that were led to the same address. A feed that has moved and is not found
    there any more is asked again where the configuration names it.

    Args:
        state: Before the poll.
        feed: As configured.
        failures: In a row, this one included.
        gone: The answer was 410.
    """
    if not state.address or (failures < RETURNS_AFTER_FAILURES and not gone):
        return dict(_SETTLED)
    # The validators are the other address's.
    return {
        **_SETTLED,
        "address": "",
        "host": lease_unit(feed.url, feed.hold),
        "etag": "",
        "last_modified": "",
    }


def _may_move(asked: str, target: str) -> bool:
    """Never gives up TLS for good, nor keeps a password that a redirect brought."""
    old, new = urlsplit(asked), urlsplit(target)
    return "@" not in new.netloc and not (old.scheme == "https" and new.scheme == "http")
