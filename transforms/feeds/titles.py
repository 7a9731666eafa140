"""A feed's own title, as a name for a feed that the configuration gives none. Pure."""

from schemas.feed import Feed
from transforms.text.html import title_to_text
from transforms.text.shortening import shortened

MAX_CHARS = 120


def feed_title(title: str) -> str:
    """Gives a feed's title as plain text on one line, of bounded length."""
    return shortened(title_to_text(title), MAX_CHARS)


def titled(feed: Feed, title: str) -> Feed:
    """Gives a feed that has a name as it is, another one with its title for a name."""
    name = "" if feed.name else feed_title(title)
    return feed.model_copy(update={"name": name}) if name else feed
