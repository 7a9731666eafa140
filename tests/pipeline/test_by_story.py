"""Hits collapsed by story, alike on both indexes."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest

from pipeline.by_story import search_by_story
from pipeline.search import result_object
from schemas.article import Article, Content, FeedReference, Link, Sight
from schemas.config import Config
from tests.backends import opened
from tests.transforms.storage.sights import START
from transforms.storage.article_index import ArticleIndex, SearchRequest, Write
from transforms.storage.merge import merge
from transforms.storage.query import parse_query

# By id: story, outlet. Later ones are newer.
ARTICLES = {
    "a1": ("a", "one.example"),
    "b1": ("b", "one.example"),
    "a2": ("a", "two.example"),
    "a3": ("a", "three.example"),
    "c1": ("c", "two.example"),
    "a4": ("a", "two.example"),
}


def article(name: str, number: int) -> Article:
    story, domain = ARTICLES[name]
    sight = Sight(
        article_id=name,
        feed=FeedReference(url=f"https://{domain}/feed"),
        time=START + timedelta(hours=number),
        hash=name,
        published=START + timedelta(hours=number),
        link=Link(full=f"https://{domain}/{name}", domain=domain, registered_domain=domain),
        content=Content(title=f"Rain {name}", body="It rained.", language="en"),
    )
    made = merge(None, sight).article
    known = made.news.story.model_copy(update={"id": story})
    return made.model_copy(update={"news": made.news.model_copy(update={"story": known})})


@pytest.fixture
def articles(config: Config) -> Iterator[ArticleIndex]:
    """Gives an index that holds the articles."""
    with opened(config) as (articles, _):
        articles.write([Write(article(name, n)) for n, name in enumerate(ARTICLES)])
        articles.refresh()
        yield articles


def ids(hits: Sequence[dict[str, object]]) -> list[object]:
    return [(hit["id"], hit["also_in"]) for hit in hits]


@pytest.mark.parametrize(
    ("query", "size", "offset", "expected"),
    [
        ("", 10, 0, [("a4", 2), ("c1", 0), ("b1", 0)]),
        ("", 1, 1, [("c1", 0)]),
        ("", 2, 2, [("b1", 0)]),
        ("", 5, 3, []),
        ("-title:a4", 1, 0, [("c1", 0)]),
        ("title:a2", 10, 0, [("a2", 2)]),
    ],
)
def test_each_story_comes_once(
    articles: ArticleIndex, query: str, size: int, offset: int, expected: list[tuple[str, int]]
) -> None:
    request = SearchRequest(query=parse_query(query), size=size, offset=offset, facets=("tags",))
    result, outlets = search_by_story(articles, request)
    assert ids(result_object(result, outlets)["hits"]) == expected
    assert result.total == articles.search(request).total
    assert list(result.facets) == ["tags"]


def test_it_reads_on_until_there_are_stories_enough(
    articles: ArticleIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.by_story._PER_PAGE", 2)
    result, _ = search_by_story(articles, SearchRequest(size=3))
    assert [hit.article.id for hit in result.hits] == ["a4", "c1", "b1"]
