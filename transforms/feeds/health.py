"""A feed's health, in one word."""

from typing import Literal, get_args

from schemas.feed import FeedState

Health = Literal["ok", "new", "failing", "dormant", "retired", "removed"]
# How the reasons begin for which a feed was not asked; what follows says who asked for that.
HELD_BACK = "held back by Retry-After: "
HEALTHS: tuple[Health, ...] = get_args(Health)


def health(state: FeedState) -> Health:
    """Gives the first that fits: removed, retired, dormant, failing, new, ok.

    A feed is failing when its last poll failed, and new until its first success.
    """
    if state.removed:
        return "removed"
    if state.retired:
        return "retired"
    if state.dormant:
        return "dormant"
    if state.consecutive_failures:
        return "failing"
    return "new" if state.last_success is None else "ok"
