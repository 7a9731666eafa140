from datetime import timedelta

import pytest

from schemas.config import Config
from schemas.errors import TransientError
from tests.servers.articles import NOON, article
from tests.transforms.storage.elasticsearch.by_query_gateway import ByQueryGateway
from transforms.storage.article_index import SearchRequest, Write
from transforms.storage.elasticsearch.article_index import ElasticsearchArticleIndex
from transforms.storage.elasticsearch.compare_and_set import MAX_CONFLICTS


def fill(index: ElasticsearchArticleIndex, old: int) -> None:
    times = {f"old-{number}": NOON - timedelta(days=9 + number) for number in range(old)}
    times["young"] = NOON
    index.write([Write(article(name, title="Rain", time=time)) for name, time in times.items()])


def left(index: ElasticsearchArticleIndex) -> set[str]:
    index.refresh()
    return {hit.article.id for hit in index.search(SearchRequest(size=100)).hits}


def through(gateway: ByQueryGateway, config: Config) -> ElasticsearchArticleIndex:
    return ElasticsearchArticleIndex(
        Config(index=config.index.model_copy(update={"url": gateway.url}))
    )


def test_a_server_with_delete_by_query_is_asked_to_in_slices(
    index: ElasticsearchArticleIndex, config: Config
) -> None:
    fill(index, 5)
    with ByQueryGateway(config.index.url) as gateway:
        behind = through(gateway, config)
        before = NOON - timedelta(days=1)
        assert [behind.delete_before(before, 2) for _ in range(4)] == [2, 2, 1, 0]
        behind.close()
    assert left(index) == {"young"}
    assert {call["max_docs"] for call in gateway.calls} == {2}
    assert {call["conflicts"] for call in gateway.calls} == {"proceed"}


def test_documents_that_others_write_are_asked_for_again_not_taken_for_the_end(
    index: ElasticsearchArticleIndex, config: Config
) -> None:
    fill(index, 3)
    with ByQueryGateway(config.index.url, conflicts=(1, 2, 2)) as gateway:
        behind = through(gateway, config)
        before = NOON - timedelta(days=1)
        # One of two, then neither of the two that are left, twice, then both.
        assert [behind.delete_before(before, 2) for _ in range(3)] == [1, 2, 0]
        behind.close()
    assert left(index) == {"young"}
    assert len(gateway.calls) == 5


def test_a_slice_that_others_never_leave_alone_is_given_up_for_now(
    index: ElasticsearchArticleIndex, config: Config
) -> None:
    fill(index, 1)
    with ByQueryGateway(config.index.url, conflicts=(1,) * MAX_CONFLICTS) as gateway:
        behind = through(gateway, config)
        with pytest.raises(TransientError, match=f"faster {MAX_CONFLICTS} times in a row"):
            behind.delete_before(NOON - timedelta(days=1), 2)
        behind.close()
    assert left(index) == {"old-0", "young"}
