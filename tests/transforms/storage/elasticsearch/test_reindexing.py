"""A new index behind the alias, while writers go on."""

import threading
from typing import Any

import pytest

from schemas.config import Config
from schemas.errors import ConfigError, TransientError
from tests.servers.articles import article
from tests.transforms.elasticsearchio.proxy import Fault, Gateway
from transforms.elasticsearch_protocol.retries import RetryPolicy
from transforms.storage.article_index import Write
from transforms.storage.elasticsearch import reindex_claim, reindexing
from transforms.storage.elasticsearch.article_index import ElasticsearchArticleIndex
from transforms.storage.elasticsearch.reindexing import Reindexed, current_index, next_name

WRITERS, DOCUMENTS, ROUNDS = 3, 40, 12


def test_names_of_indices_are_counted() -> None:
    assert next_name("a-news-articles-000009") == "a-news-articles-000010"
    with pytest.raises(ConfigError, match="six digits"):
        next_name("news")


class Writer(threading.Thread):
    """Raises the counter in each of its documents, by compare-and-set, and deletes some at last."""

    def __init__(self, config: Config, number: int) -> None:
        super().__init__()
        self._config = config
        self.ids = [f"w{number}-{place}" for place in range(DOCUMENTS)]
        self.kept = self.ids[: DOCUMENTS // 2]
        self.problem: BaseException | None = None
        self.blocked = 0

    def run(self) -> None:
        index = ElasticsearchArticleIndex(self._config)
        try:
            for _ in range(ROUNDS):
                self._raise_all(index)
            waiting = set(self.ids) - set(self.kept)
            while waiting:
                try:
                    index.delete(sorted(waiting))
                    waiting = set(index.get(sorted(waiting)))
                except TransientError:
                    self.blocked += 1
        except BaseException as error:
            self.problem = error
        finally:
            index.close()

    def _raise_all(self, index: ElasticsearchArticleIndex) -> None:
        waiting = list(self.ids)
        while waiting:
            try:
                stored = index.get(waiting)
            except TransientError:
                continue
            writes = []
            for key in waiting:
                known = stored.get(key)
                count = int(known.article.news.title) + 1 if known else 1
                version = known.version if known else None
                writes.append(Write(article(key, str(count)), version))
            results = index.write(writes)
            self.blocked += sum(result.kind == "transient" for result in results)
            assert {result.kind for result in results} <= {"written", "conflict", "transient"}
            waiting = [
                key
                for key, result in zip(waiting, results, strict=True)
                if result.kind != "written"
            ]


@pytest.fixture
def slow_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes the passes small, so that many are needed."""
    monkeypatch.setattr(reindexing, "_AT_ONCE", 7)
    monkeypatch.setattr(reindexing, "FEW", 20)


@pytest.mark.usefixtures("slow_passes")
def test_writers_lose_nothing_while_the_index_changes(
    config: Config, index: ElasticsearchArticleIndex
) -> None:
    alias = index._names.articles
    standing = [article(f"s{number}", "0") for number in range(100)]
    assert {result.kind for result in index.write([Write(one) for one in standing])} == {"written"}
    config.index.shards = 3
    mover = ElasticsearchArticleIndex(config)
    mover.setup()
    writers = [Writer(config, number) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    moved: list[Reindexed] = []
    while any(writer.is_alive() for writer in writers) or len(moved) < 2:
        moved.append(mover.reindex(lambda _: None))
    for writer in writers:
        writer.join()
        assert writer.problem is None
    assert all(done.finished for done in moved)
    kept = {key for writer in writers for key in writer.kept}
    stored = index.get(sorted(kept))
    assert {one.article.news.title for one in stored.values()} == {str(ROUNDS)}
    index.refresh()
    assert {one.id for one in index.scan()} == kept | {one.id for one in standing}
    name = current_index(index._client, alias)
    settings = index._client.api.indices.get_settings(index=name, flat_settings=True)
    assert settings[name]["settings"]["index.number_of_shards"] == "3"
    assert mover.setup() == []
    mover.close()


def test_a_write_prepared_against_the_old_index_is_not_taken(
    index: ElasticsearchArticleIndex,
) -> None:
    index.write([Write(article("a", "first"))])
    stale = index.get(["a"])["a"].version
    index.reindex(lambda _: None)
    (refused,) = index.write([Write(article("a", "stale"), stale)])
    assert refused.kind == "transient"
    assert "blocked" in refused.reason
    fresh = index.get(["a"])["a"]
    assert fresh.article.news.title == "first"
    (taken,) = index.write([Write(article("a", "second"), fresh.version)])
    assert taken.kind == "written"


def test_an_error_leaves_the_old_index_open(
    index: ElasticsearchArticleIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.write([Write(article("a", "first"))])
    old = current_index(index._client, index._names.articles)

    def fail(*_: Any) -> None:
        raise TransientError("away")

    monkeypatch.setattr(reindexing, "_delete_what_is_gone", fail)
    with pytest.raises(TransientError, match="away"):
        index.reindex(lambda _: None)
    assert current_index(index._client, index._names.articles) == old
    (taken,) = index.write([Write(article("b", "second"))])
    assert taken.kind == "written"
    monkeypatch.undo()
    done: list[Reindexed] = []
    index.reindex(done.append)
    assert (done[-1].finished, set(index.get(["a", "b"]))) == (True, {"a", "b"})


class Outage:
    """Cuts the next connections of a reindexing, once the old index is closed to writes."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, connections: int) -> None:
        self.left = 0
        delete_what_is_gone = reindexing._delete_what_is_gone

        def begin(*arguments: Any) -> None:
            self.left = connections
            delete_what_is_gone(*arguments)

        monkeypatch.setattr(reindexing, "_delete_what_is_gone", begin)
        monkeypatch.setattr(reindexing, "OPENING", RetryPolicy(max_attempts=8, first_delay=0.01))

    def fault(self, _number: int, _body: bytes) -> Fault:
        self.left -= 1
        return "cut before" if self.left >= 0 else None


def behind(gateway: Gateway, config: Config) -> ElasticsearchArticleIndex:
    there = config.index.model_copy(update={"url": gateway.url})
    return ElasticsearchArticleIndex(config.model_copy(update={"index": there}))


def test_a_lost_connection_leaves_the_old_index_open(
    config: Config, index: ElasticsearchArticleIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.write([Write(article("a", "first"))])
    outage = Outage(monkeypatch, connections=4)
    with Gateway(config.index.url, outage.fault, faulty="") as gateway:
        mover = behind(gateway, config)
        with pytest.raises(TransientError, match="cannot be reached") as caught:
            mover.reindex(lambda _: None)
        mover.close()
    assert "closed to writes" not in str(caught.value)
    (taken,) = index.write([Write(article("b", "second"))])
    assert taken.kind == "written"


def test_what_a_lasting_outage_has_left_closed_is_said_and_mended_by_the_next_call(
    config: Config, index: ElasticsearchArticleIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.write([Write(article("a", "first"))])
    outage = Outage(monkeypatch, connections=1_000)
    with Gateway(config.index.url, outage.fault, faulty="") as gateway:
        mover = behind(gateway, config)
        with pytest.raises(
            TransientError, match=r"may still be closed to writes: run `dateline reindex` again"
        ):
            mover.reindex(lambda _: None)
        mover.close()
    (refused,) = index.write([Write(article("b", "second"))])
    assert (refused.kind, "blocked" in refused.reason) == ("transient", True)
    monkeypatch.undo()
    taken: list[str] = []

    def write_meanwhile(done: Reindexed) -> None:
        if not done.passes:
            taken.extend(one.kind for one in index.write([Write(article("b", "second"))]))

    assert index.reindex(write_meanwhile).finished
    assert taken == ["written"]
    assert set(index.get(["a", "b"])) == {"a", "b"}
    (last,) = index.write([Write(article("c", "third"))])
    assert last.kind == "written"


def test_of_two_at_once_the_second_is_told_to_wait(
    index: ElasticsearchArticleIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.write([Write(article("a", "first"))])
    told: list[str] = []

    def begin_another(done: Reindexed) -> None:
        if told:
            return
        with monkeypatch.context() as patched:
            patched.setattr(reindex_claim, "owner_name", lambda: "elsewhere/1/abc-1")
            with pytest.raises(TransientError) as caught:
                index.reindex(lambda _: None)
        told.append(str(caught.value))

    assert index.reindex(begin_another).finished
    assert "another `dateline reindex` is filling" in told[0]
    assert set(index.get(["a"])) == {"a"}
    assert index.setup() == [], "the mark is gone"


def test_who_has_lost_its_claim_leaves_both_indices_alone(
    index: ElasticsearchArticleIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.write([Write(article("a", "first"))])
    monkeypatch.setattr(reindex_claim, "_RENEWED_AFTER", 0.0)
    finished: list[bool] = []

    def take_over(done: Reindexed) -> None:
        if not finished:
            finished.append(False)
            # Its own process's mark holds nobody up: as if it had not been renewed for too long.
            finished.append(index.reindex(lambda _: None).finished)

    with pytest.raises(TransientError, match="has begun to fill"):
        index.reindex(take_over)
    assert finished == [False, True]
    (taken,) = index.write([Write(article("b", "second"))])
    assert taken.kind == "written"
    assert set(index.get(["a", "b"])) == {"a", "b"}


def test_an_index_that_has_the_alias_is_never_dropped(
    index: ElasticsearchArticleIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.write([Write(article("a", "first"))])
    old = current_index(index._client, index._names.articles)
    index.reindex(lambda _: None)
    monkeypatch.setattr(reindexing, "current_index", lambda *_: old)
    with pytest.raises(TransientError, match="has just been given the alias"):
        index.reindex(lambda _: None)
    assert set(index.get(["a"])) == {"a"}


def test_an_index_that_is_not_set_up_is_named(config: Config) -> None:
    index = ElasticsearchArticleIndex(config)
    with pytest.raises(ConfigError, match="dateline setup"):
        index.reindex(lambda _: None)
    index.close()
