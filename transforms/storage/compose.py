"""A document out of the records of its sources, and the records out of a document: pure."""

from collections.abc import Iterable
from typing import Any, Literal

from schemas.article import Article, Content, Event, Image, News, Source, SourceFeeds

# What a document has of any source that gives it, where that of its text does not; and none of it.
_NOTHING: dict[str, Any] = {"authors": [], "categories": [], "image": Image()}


def sources_with_content(article: Article) -> dict[str, Source]:
    """Gives the sources by feed URL, the one that the document shows with its content back."""
    shown = Content.model_validate(
        {name: getattr(article.news, name) for name in Content.model_fields}
    )
    return {
        source.feed.url: source
        if source.content is not None
        else source.model_copy(
            update={
                "content": shown.model_copy(update={name: _NOTHING[name] for name in source.lacks}),
                "lacks": [],
            }
        )
        for source in article.news.sources
    }


def compose(article_id: str, sources: Iterable[Source]) -> Article:
    """Builds the document, but for its story, from its sources' records, each with its content.

    The text is the longest of the sources' (ties by feed URL), and so is what belongs to it; but
    authors, categories and picture that its source does not give are another's. The date is that
    of the source that was seen first; where that one had none at first sight, the time of that
    sight, for good.
    """
    records = sorted(sources, key=lambda source: source.feed.url)
    shown = min(records, key=lambda source: (-_text_length(source), source.feed.url))
    origin = min(records, key=lambda source: (source.first_sight, source.feed.url))
    dated = not origin.undated and origin.published is not None
    timestamp = origin.published if dated and origin.published else origin.first_sight
    own = shown.content or Content()
    borrowed = _borrowed(own, records)
    content = own.model_copy(update=borrowed)
    kept = [
        source.model_copy(update={"content": None, "lacks": list(borrowed)})
        if source is shown
        else source
        for source in records
    ]
    news = News(
        **{name: getattr(content, name) for name in Content.model_fields},
        published=timestamp,
        published_source=_date_of(origin) if dated else "first_seen",
        revision=1 + sum(source.corrections for source in records),
        feed=SourceFeeds(
            url=[source.feed.url for source in records],
            name=_unique(source.feed.name for source in records),
            country=_unique(source.feed.country for source in records),
            language=_unique(source.feed.language for source in records),
            tags=_unique(tag for source in records for tag in source.feed.tags),
        ),
        sources=kept,
    )
    labels: dict[str, str] = {}
    for source in records:
        labels = {**source.feed.labels, **labels}
    return Article.model_validate(
        {
            "id": article_id,
            "@timestamp": timestamp,
            "event": Event(created=origin.first_sight),
            "message": content.title,
            "url": shown.link,
            "news": news,
            "tags": news.feed.tags,
            "labels": labels,
        }
    )


def _borrowed(own: Content, records: Iterable[Source]) -> dict[str, Any]:
    """Gives what a text's source does not give, and the first of the others does."""
    found: dict[str, Any] = {}
    for name, nothing in _NOTHING.items():
        if getattr(own, name) == nothing:
            others = (getattr(source.content, name, nothing) for source in records)
            value = next((other for other in others if other != nothing), nothing)
            if value != nothing:
                found[name] = value
    return found


def _date_of(source: Source) -> Literal["feed", "page"]:
    return "page" if source.dated_by_page else "feed"


def _text_length(source: Source) -> int:
    return len(source.content.body) if source.content is not None else 0


def _unique(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(value for value in values if value))
