"""Shows of each story one article only, and tells in how many other outlets it is.

It reads on in the hits until there are stories enough, so that any index can answer it.
"""

from collections.abc import Mapping
from dataclasses import replace

from transforms.storage.article_index import ArticleIndex, Hit, SearchRequest, SearchResult

STORY = "news.story.id"
_OUTLET = "url.registered_domain"
_PER_PAGE = 100
# As far as either index gives hits.
_MOST_HITS = 10_000
_MOST_OUTLETS = 1_000


def search_by_story(
    index: ArticleIndex, request: SearchRequest
) -> tuple[SearchResult, Mapping[str, int]]:
    """Searches, and keeps the first hit of each story.

    Args:
        index: Where to search.
        request: Its size and offset count stories; its order says which hit is the first.

    Returns:
        The result, its total and facets over all articles, and by the hits' ids the number of
        other outlets (registered domains) that have the story, whether the search finds them or
        not.

    Raises:
        TransientError: The index is away.
    """
    wanted = request.offset + request.size
    first = index.search(replace(request, offset=0, size=min(_PER_PAGE, wanted * 2)))
    stories: dict[str, Hit] = {}
    page, read = first, 0
    while page.hits:
        for hit in page.hits:
            stories.setdefault(story_of(hit), hit)
        read += len(page.hits)
        if len(stories) >= wanted or read >= min(first.total, _MOST_HITS):
            break
        size = min(_PER_PAGE, _MOST_HITS - read)
        page = index.search(replace(request, offset=read, size=size, facets=()))
    shown = list(stories.values())[request.offset : wanted]
    return replace(first, hits=shown), {hit.article.id: _outlets(index, hit) for hit in shown}


def story_of(hit: Hit) -> str:
    """Gives the id of a hit's story; an article is at least a story of its own."""
    return hit.article.news.story.id or hit.article.id


def _outlets(index: ArticleIndex, hit: Hit) -> int:
    request = SearchRequest(
        filters=((STORY, story_of(hit)),), size=0, facets=(_OUTLET,), facet_size=_MOST_OUTLETS
    )
    outlets = {value for value, _ in index.search(request).facets[_OUTLET]}
    return len(outlets - {hit.article.url.registered_domain})
