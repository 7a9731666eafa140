"""What a feed's state becomes when a poll is committed. Pure."""

from collections.abc import Mapping

from schemas.feed import FeedState, SeenEntry


def committed_state(
    learnt: FeedState, stored: FeedState | None, seen: Mapping[str, SeenEntry]
) -> FeedState:
    """Gives the state to store.

    The configuration, the feed's hub, and a push may have changed the stored state while the poll
    was under way. After such a push the feed is due at once: the poll may have been answered
    before what the push announces.

    Args:
        learnt: As the poll leaves it.
        stored: As it stands in the store; its `seen` is not looked at.
        seen: The entries to remember.
    """
    update: dict[str, object] = {"seen": dict(seen)}
    if stored is not None:
        update |= {
            "removed": stored.removed,
            "name": stored.name,
            "subscription": stored.subscription,
            "pushed_at": stored.pushed_at,
        }
        if stored.address == learnt.address:
            update["host"] = stored.host
        if stored.pushed_at != learnt.pushed_at:
            update |= {"next_due": stored.pushed_at, "hold_until": learnt.retry_after}
    return learnt.model_copy(update=update)
