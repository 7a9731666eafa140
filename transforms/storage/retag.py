"""Tags a stored document again: its sources' texts, without a revision. Pure but for the tagger."""

from collections.abc import Callable

from schemas.article import Article, Content, News
from transforms.storage.compose import compose, sources_with_content

# What the tagger writes (`transforms.tagging.content`).
TAGGED_FIELDS = (
    "people",
    "organizations",
    "places",
    "groups",
    "events",
    "products",
    "entity_ids",
    "geo",
    "mentions",
    "tagger",
)

TagContent = Callable[[Content, str, str], Content]


def retagged(stored: Article, tag: TagContent) -> Article:
    """Gives a document as the tagger sees its texts now.

    What the publishers sent, when, and how often they corrected it stays; so does the story.

    Args:
        stored: The document as it stands.
        tag: Gives a content with its tags, for a content, its publisher's registered domain, and
            the country that its feed is configured with.
    """
    sources = [
        source.model_copy(
            update={
                "content": tag(source.content, source.link.registered_domain, source.feed.country)
            }
            if source.content is not None
            else {}
        )
        for source in sources_with_content(stored).values()
    ]
    tagged = compose(stored.id, sources).news
    entities = {name: getattr(tagged, name) for name in TAGGED_FIELDS}
    news: News = stored.news.model_copy(update={**entities, "sources": tagged.sources})
    return stored.model_copy(update={"news": news})
