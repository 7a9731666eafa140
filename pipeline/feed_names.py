"""What a feed is called where people read of it: as configured, else as it calls itself."""

from collections.abc import Sequence

from schemas.config import Config
from schemas.errors import DatelineError
from schemas.feed import Feed, FeedState
from transforms.feeds.titles import feed_title, titled


def shown_name(state: FeedState) -> str:
    """Gives a feed's name, "" where it has none and no title."""
    return state.name or feed_title(state.title)


def with_titles(config: Config) -> list[Feed]:
    """Gives the configuration's feeds; one without a name bears its title, if it was polled."""
    if all(feed.name for feed in config.feeds):
        return config.feeds
    titles = {state.url: state.title for state in _states(config)}
    return [titled(feed, titles.get(feed.url, "")) for feed in config.feeds]


def _states(config: Config) -> Sequence[FeedState]:
    """Gives what is known of the feeds: nothing before the first run, or without a server."""
    from transforms.storage.open import open_store

    try:
        store = open_store(config, read_only=True)
        try:
            return store.states()
        finally:
            store.close()
    except DatelineError:
        return []
