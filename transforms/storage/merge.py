"""Merging what feeds show of an article into one document: pure, commutative, idempotent.

The document is a function of the set of its sources' records alone, so sights of different feeds
may arrive in any order. Sights of one feed are ordered by their times; an older or equal one is a
repetition and changes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from schemas.article import Article, Sight, Source, Story
from transforms.storage.compose import compose, sources_with_content
from transforms.stories.fingerprint import bands_of

# Gives the bands of a title and a text (`bands_of`).
Fingerprint = Callable[[str, str], list[str]]
Change = Literal["created", "source_added", "corrected", "refreshed", "unchanged"]

# A version that became the current one this often does not become it again: the entry flips
# between versions, and each flip would be one more revision, for ever.
MAX_APPEARANCES = 2
# Versions remembered for each source; older ones are forgotten first.
MAX_VERSIONS = 16


@dataclass(frozen=True, slots=True)
class Merged:
    """The document after a sight, and what the sight changed in it."""

    article: Article
    change: Change


def merge(stored: Article | None, sight: Sight, fingerprint: Fingerprint = bands_of) -> Merged:
    """Merges a sight into the stored document.

    Args:
        stored: The document as it stands, or None where there is none.
        sight: What one feed showed of it.
        fingerprint: Gives the bands of the text; for who knows them already.

    Returns:
        The new document and the kind of change; for `unchanged`, `stored` itself.
    """
    sources = sources_with_content(stored) if stored is not None else {}
    known = sources.get(sight.feed.url)
    change: Change
    if known is None:
        sources[sight.feed.url] = _first_version(sight)
        change = "created" if stored is None else "source_added"
    else:
        change = _change(known, sight)
        if change == "unchanged" and stored is not None:
            return Merged(stored, change)
        sources[sight.feed.url] = _next_version(known, sight, change)
    article = compose(sight.article_id, sources.values())
    story = _story(article, stored, fingerprint)
    news = article.news.model_copy(update={"story": story})
    return Merged(article.model_copy(update={"news": news}), change)


def _story(article: Article, stored: Article | None, fingerprint: Fingerprint) -> Story:
    """Keeps the story, to be looked at again where the text or the date is another now."""
    news = article.news
    bands = fingerprint(news.title, news.body or news.summary)
    if stored is None:
        return Story(id=article.id, bands=bands)
    known = stored.news.story
    if known.bands == bands and stored.timestamp == article.timestamp:
        return known
    return known.model_copy(update={"bands": bands, "state": "provisional"})


def _change(known: Source, sight: Sight) -> Change:
    if sight.time <= known.last_sight:
        return "unchanged"
    if sight.hash == known.hash:
        return "refreshed" if sight.rule_version > known.rule_version else "unchanged"
    if known.seen.get(sight.hash, 0) >= MAX_APPEARANCES:
        return "unchanged"
    return "corrected"


def _first_version(sight: Sight) -> Source:
    return Source(
        feed=sight.feed,
        hash=sight.hash,
        seen={sight.hash: 1},
        rule_version=sight.rule_version,
        first_sight=sight.time,
        last_sight=sight.time,
        published=sight.published,
        undated=sight.published is None,
        dated_by_page=sight.dated_by_page,
        link=sight.link,
        content=sight.content,
    )


def _next_version(known: Source, sight: Sight, change: Change) -> Source:
    seen = dict(known.seen)
    corrections = known.corrections
    if change == "corrected":
        corrections += 1
        appearances = seen.pop(sight.hash, 0) + 1
        seen[sight.hash] = appearances
        for oldest in list(seen)[:-MAX_VERSIONS]:
            del seen[oldest]
    return known.model_copy(
        update={
            "feed": sight.feed,
            "hash": sight.hash,
            "seen": seen,
            "rule_version": sight.rule_version,
            "last_sight": sight.time,
            "corrections": corrections,
            "published": sight.published or known.published,
            "dated_by_page": (sight if sight.published else known).dated_by_page,
            "link": sight.link,
            "content": sight.content,
        }
    )
