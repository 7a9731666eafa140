"""The sweep: joins copies after they were written, and settles their stories.

It takes the documents whose story is provisional, finds what may be copies of them by their bands,
and the other members of their stories, and relabels what belongs together. It keeps no state of
its own: a sweep that is killed, or meets another, leaves documents provisional for the next one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from schemas.article import Article
from schemas.config import StoriesConfig
from transforms.storage.article_index import ArticleIndex, SearchRequest, Write
from transforms.stories.grouping import CopyGraph, stories_of

_STATE, _ID, _BANDS = "news.story.state", "news.story.id", "news.story.bands"
# How often a process that always has something to do looks for copies: the more documents wait,
# the more memory a sweep takes at once.
SWEEP_SECONDS = 15.0
DOCUMENTS_AT_ONCE = 400
_PAGE = 200
_VALUES_PER_QUERY = 4_000
# A graph that grows beyond this (a form that a whole agency fills in) is settled as far as it got.
MAX_GRAPH = 5_000


@dataclass(slots=True)
class Swept:
    """What a sweep did: documents looked at, and those given another story."""

    settled: int = 0
    relabelled: int = 0


def sweep(index: ArticleIndex, config: StoriesConfig) -> Swept:
    """Settles the stories of all provisional documents.

    Raises:
        TransientError: The index is away; what is left stays provisional.
    """
    swept = Swept()
    window, span = timedelta(seconds=config.window), timedelta(seconds=config.span)
    index.refresh()
    while True:
        provisional = _found(index, _STATE, ["provisional"], limit=DOCUMENTS_AT_ONCE)
        if not provisional:
            return swept
        graph = _graph_around(index, provisional, window, span)
        settled = _settle(index, graph, stories_of(graph, span), swept)
        if not settled:
            # Somebody else writes these documents at this moment; the next sweep takes them.
            return swept
        index.refresh()


def _graph_around(
    index: ArticleIndex, start: Sequence[Article], window: timedelta, span: timedelta
) -> CopyGraph:
    """Collects the documents, their copies, and theirs in turn, with all of their stories."""
    graph = CopyGraph(window)
    earliest = min(article.timestamp for article in start) - span
    latest = max(article.timestamp for article in start) + span
    reached: list[Article] = list(start)
    for article in start:
        graph.add(article)
    while reached and len(graph.articles) < MAX_GRAPH:
        # Most documents are copies of none, and members of no story but their own.
        known = tuple(graph.articles)
        labels = sorted({article.news.story.id for article in reached})
        members = _found(index, _ID, labels, without=known)
        bands = sorted({band for article in reached for band in article.news.story.bands})
        since = max(earliest, min(article.timestamp for article in reached) - window)
        until = min(latest, max(article.timestamp for article in reached) + window)
        possible = _found(index, _BANDS, bands, since, until, without=known)
        reached = list(members)
        for article in members:
            graph.add(article)
        for article in possible:
            if article.id not in graph.articles and graph.has_copy_of(article):
                graph.add(article)
                reached.append(article)
    return graph


def _after(until: datetime | None) -> datetime | None:
    # The search leaves its upper bound out.
    return None if until is None else until + timedelta(milliseconds=1)


def _found(
    index: ArticleIndex,
    field: str,
    values: Sequence[str],
    since: datetime | None = None,
    until: datetime | None = None,
    without: tuple[str, ...] = (),
    limit: int = MAX_GRAPH,
) -> list[Article]:
    """Gives the documents, but for those `without`, of which a field holds any of the values."""
    found: dict[str, Article] = {}
    for start in range(0, len(values), _VALUES_PER_QUERY):
        filters = tuple((field, value) for value in values[start : start + _VALUES_PER_QUERY])
        offset = 0
        while len(found) < limit:
            request = SearchRequest(
                filters=filters,
                since=since,
                until=_after(until),
                without=without,
                size=min(_PAGE, limit - len(found)),
                offset=offset,
                sort="newest",
            )
            hits = index.search(request).hits
            found |= {hit.article.id: hit.article for hit in hits}
            offset += len(hits)
            if len(hits) < request.size:
                break
    return list(found.values())


def _settle(index: ArticleIndex, graph: CopyGraph, stories: dict[str, str], swept: Swept) -> int:
    """Writes what changes, by compare-and-set; gives how many documents are settled now."""
    changed = [
        article_id
        for article_id, article in graph.articles.items()
        if article.news.story.state != "settled" or article.news.story.id != stories[article_id]
    ]
    settled = 0
    for start in range(0, len(changed), _PAGE):
        ids = changed[start : start + _PAGE]
        writes = []
        for article_id, stored in index.get(ids).items():
            story = stored.article.news.story
            if story.bands != graph.articles[article_id].news.story.bands:
                continue  # its text has changed since it was compared
            swept.relabelled += story.id != stories[article_id]
            update = {"id": stories[article_id], "state": "settled"}
            news = stored.article.news.model_copy(update={"story": story.model_copy(update=update)})
            writes.append(Write(stored.article.model_copy(update={"news": news}), stored.version))
        settled += sum(result.kind == "written" for result in index.write(writes))
    swept.settled += settled
    return settled
