from datetime import timedelta

import pytest

from schemas.article import Sight
from schemas.config import Config, IndexConfig
from schemas.errors import ConfigError, TransientError
from schemas.mapping import article_mapping
from tests.servers.articles import NOON, article
from tests.servers.elasticsearch_indices import request
from tests.servers.elasticsearch_server import Server
from tests.transforms.elasticsearchio.proxy import Fault, Gateway
from transforms.storage.article_index import SearchRequest, Write
from transforms.storage.elasticsearch.article_index import ElasticsearchArticleIndex
from transforms.storage.tombstones import Tombstone
from transforms.storage.writer import write_sights


def test_setup_says_what_it_makes_and_a_second_one_makes_nothing(config: Config) -> None:
    index = ElasticsearchArticleIndex(config)
    foreseen = index.setup(dry_run=True)
    assert len(foreseen) == 5
    with pytest.raises(TransientError, match="run `dateline setup`"):
        index.check()
    assert index.setup() == foreseen
    assert index.setup() == []
    index.check()
    index.close()


def test_setup_adds_new_fields_to_an_index_that_is_there(
    index: ElasticsearchArticleIndex, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    from transforms.storage.elasticsearch import article_setup

    derived = article_mapping

    def newer() -> dict[str, object]:
        mapping = derived()
        mapping["properties"]["news"]["properties"]["mood"] = {"type": "keyword"}
        return mapping

    monkeypatch.setattr(article_setup, "article_mapping", newer)
    lines = index.setup()
    name = f"{config.index.prefix}news-articles-000001"
    assert f"mapping of index {name}: updated" in lines
    stored = request(config.index.url, "GET", f"{name}/_mapping")[name]["mappings"]
    assert stored["properties"]["news"]["properties"]["mood"] == {"type": "keyword"}


def test_setup_marks_an_index_that_holds_tombstones_from_before_there_was_a_mark(
    index: ElasticsearchArticleIndex, config: Config
) -> None:
    index.bury([Tombstone("id", "one")], NOON)
    name = f"{config.index.prefix}news-tombstones"
    request(config.index.url, "DELETE", f"{name}/_doc/mark")
    request(config.index.url, "PUT", f"{name}/_mapping", {"_meta": {"dateline": "older"}})
    assert index.setup() == [
        f"index {name}: marked, since it holds tombstones",
        f"mapping of index {name}: updated",
    ]
    assert index.setup() == []
    assert index.write([Write(article("one"))])[0].kind == "deleted"
    assert list(index.tombstones()) == [Tombstone("id", "one")]


def test_setup_changes_the_replicas(index: ElasticsearchArticleIndex, config: Config) -> None:
    config.index.replicas = 1
    name = f"{config.index.prefix}news-articles-000001"
    assert f"index {name}: 1 replicas instead of 0" in index.setup()
    settings = request(config.index.url, "GET", f"{name}/_settings")[name]["settings"]
    assert settings["index"]["number_of_replicas"] == "1"
    assert index.setup() == []


@pytest.mark.parametrize("word", ["harvest", "drought", "monsoon", "lovelace"])
def test_a_bare_word_of_kibana_looks_in_texts_and_names(
    index: ElasticsearchArticleIndex, config: Config, word: str
) -> None:
    index.write(
        [
            Write(article("a", "Harvest", "The drought", summary="Monsoon")),
            Write(article("b", "Rain", people=["Ada Lovelace"])),
            Write(article("c", "Rain", categories=[word])),
        ]
    )
    index.refresh()
    alias = f"{config.index.prefix}news-articles"
    # What Kibana sends for a word in KQL, and in Lucene's syntax.
    kql = {"multi_match": {"type": "best_fields", "query": word, "lenient": True}}
    for query in (kql, {"query_string": {"query": word}}):
        found = request(config.index.url, "POST", f"{alias}/_search", {"query": query})
        wanted = "b" if word == "lovelace" else "a"
        assert [hit["_id"] for hit in found["hits"]["hits"]] == [wanted]


def test_setup_gives_an_older_index_the_fields_of_a_bare_word(
    index: ElasticsearchArticleIndex, config: Config
) -> None:
    name = f"{config.index.prefix}news-articles-000001"
    request(config.index.url, "PUT", f"{name}/_settings", {"index.query.default_field": None})
    line = f"index {name}: the fields that a bare word looks in updated"
    assert index.setup(dry_run=True) == [line]
    assert index.setup() == [line]
    assert index.setup() == []


def test_setup_refuses_a_field_of_another_type(
    index: ElasticsearchArticleIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    from transforms.storage.elasticsearch import article_setup

    mapping = article_mapping()
    mapping["properties"]["message"] = {"type": "keyword"}
    monkeypatch.setattr(article_setup, "article_mapping", lambda: mapping)
    with pytest.raises(ConfigError, match="`dateline reindex`"):
        index.setup()


def test_setup_refuses_an_index_where_the_alias_must_be(config: Config) -> None:
    request(config.index.url, "PUT", f"{config.index.prefix}news-articles")
    index = ElasticsearchArticleIndex(config)
    with pytest.raises(ConfigError, match="where an alias must be"):
        index.setup()
    index.close()


def test_a_lost_alias_is_put_back(index: ElasticsearchArticleIndex, config: Config) -> None:
    index.write([Write(article("a"))])
    name = f"{config.index.prefix}news-articles"
    request(config.index.url, "DELETE", f"{name}-000001/_alias/{name}")
    assert index.setup() == [f"alias {name} of index {name}-000001: added"]
    assert list(index.get(["a"])) == ["a"]


def test_an_acknowledged_write_is_read_at_once(index: ElasticsearchArticleIndex) -> None:
    written = article("a", "Title", "Body", people=["Ann"])
    assert [r.kind for r in index.write([Write(written)])] == ["written"]
    assert index.get(["a", "b"])["a"].article == written
    assert list(index.get(["a", "b"])) == ["a"]


def test_writes_with_another_version_conflict(index: ElasticsearchArticleIndex) -> None:
    index.write([Write(article("a", "one"))])
    version = index.get(["a"])["a"].version
    results = index.write(
        [
            Write(article("a", "create again")),
            Write(article("a", "two"), version),
            Write(article("a", "late"), version),
            Write(article("never", "there"), (5, 1, version[2])),
        ]
    )
    assert [r.kind for r in results] == ["conflict", "written", "conflict", "conflict"]
    assert index.get(["a"])["a"].article.news.title == "two"


def test_one_refusal_costs_no_other(index: ElasticsearchArticleIndex) -> None:
    far_off = article("point", geo={"location": [{"lat": 91, "lon": 0}]})
    results = index.write(
        [
            Write(article("a")),
            Write(article("x" * 513)),
            Write(far_off),
            Write(article("")),
            Write(article("ü" * 256)),
            Write(article("b")),
        ]
    )
    kinds = [r.kind for r in results]
    assert kinds == ["written", "rejected", "rejected", "rejected", "written", "written"]
    assert "latitude" in results[2].reason


def test_text_that_is_no_unicode_is_rejected(index: ElasticsearchArticleIndex) -> None:
    broken = article("a")
    broken.news.title = "half a \ud83d pair"
    (result,) = index.write([Write(broken)])
    assert result.kind == "rejected"
    assert "news.title" in result.reason


def test_no_index_is_made_by_a_write(config: Config) -> None:
    index = ElasticsearchArticleIndex(config)
    (result,) = index.write([Write(article("a"))])
    assert result.kind == "transient"
    assert "dateline setup" in result.reason
    found = request(config.index.url, "GET", f"_cat/indices/{config.index.prefix}*?format=json")
    assert found == []
    index.close()


def test_a_block_is_transient_and_named(index: ElasticsearchArticleIndex, config: Config) -> None:
    alias = f"{config.index.prefix}news-articles"
    request(config.index.url, "PUT", f"{alias}/_settings", {"index.blocks.write": True})
    (result,) = index.write([Write(article("a"))])
    assert result.kind == "transient"
    assert "blocked" in result.reason
    with pytest.raises(TransientError, match="blocked"):
        index.check()


@pytest.mark.parametrize("other", ["news-articles-000009", "of-another-application"])
def test_a_block_of_an_index_that_is_not_behind_the_alias_is_none(
    index: ElasticsearchArticleIndex, config: Config, other: str
) -> None:
    name = f"{config.index.prefix}{other}"
    request(config.index.url, "PUT", name)
    request(config.index.url, "PUT", f"{name}/_block/write")
    index.check()


def test_values_too_long_for_a_keyword_are_kept_and_not_counted(
    index: ElasticsearchArticleIndex,
) -> None:
    long, short = "ก" * 40_000, "ก" * 256
    assert index.write([Write(article("a", people=[long, short]))])[0].kind == "written"
    index.refresh()
    result = index.search(SearchRequest(facets=("news.people",)))
    assert result.facets == {"news.people": [(short, 1)]}
    assert result.hits[0].article.news.people == [long, short]


def test_scan_gives_every_article_over_several_pages(
    index: ElasticsearchArticleIndex,
) -> None:
    written = {f"id-{number}" for number in range(450)}
    index.write([Write(article(article_id)) for article_id in sorted(written)])
    found = [found.id for found in index.scan()]
    assert len(found) == len(written)
    assert set(found) == written


def test_a_scan_goes_on_where_the_server_is_overloaded_for_a_moment(
    index: ElasticsearchArticleIndex, config: Config
) -> None:
    index.write([Write(article(f"id-{number}")) for number in range(450)])
    faults: dict[int, Fault] = {2: 503, 3: "cut before"}
    gateway = Gateway(config.index.url, lambda n, _: faults.get(n), faulty="/_search")
    with gateway:
        behind = config.index.model_copy(update={"url": gateway.url})
        scanning = ElasticsearchArticleIndex(Config(index=behind))
        assert len({found.id for found in scanning.scan()}) == 450
        scanning.close()


def test_sights_are_written_once_however_often(index: ElasticsearchArticleIndex) -> None:
    sight = Sight.model_validate(
        {
            "article_id": "a",
            "feed": {"url": "https://feed.example/rss"},
            "time": NOON,
            "hash": "h",
            "content": {"title": "Title"},
        }
    )
    again = sight.model_copy(update={"time": NOON + timedelta(hours=1)})
    first = write_sights(index, [sight, again], now=lambda: NOON, tries=1)
    second = write_sights(index, [sight], now=lambda: NOON, tries=1)
    assert first[0].change == "created"
    assert [result.kind for result in second] == ["unchanged"]
    assert index.get(["a"])["a"].article.news.revision == 1


def test_a_server_that_is_away_is_transient_everywhere_and_what_it_took_is_kept(
    elasticsearch_server: Server, index_prefix: str
) -> None:
    config = Config(index=IndexConfig(url=elasticsearch_server.url, prefix=index_prefix))
    index = ElasticsearchArticleIndex(config)
    index.setup()
    index.write([Write(article("a"))])
    elasticsearch_server.kill()
    for call in (
        index.check,
        index.refresh,
        index.setup,
        lambda: index.get(["a"]),
        lambda: index.search(SearchRequest()),
        lambda: next(index.scan()),
    ):
        with pytest.raises(TransientError, match="cannot be reached"):
            call()
    assert index.write([Write(article("b"))])[0].kind == "transient"
    elasticsearch_server.start()
    assert list(index.get(["a", "b"])) == ["a"]
    index.close()
