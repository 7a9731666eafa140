"""What every article index must do, run on both backends."""

from schemas.article import Article
from schemas.config import Config
from tests.backends import opened
from tests.transforms.storage.sights import sight
from transforms.storage.article_index import ArticleIndex, SearchRequest, Write
from transforms.storage.merge import merge
from transforms.storage.open import open_index


def article(article_id: str = "one", version: str = "v1") -> Article:
    return merge(None, sight(version=version, article_id=article_id, body="Some text.")).article


def test_a_written_document_is_read_at_once_as_it_was(index: ArticleIndex) -> None:
    assert [r.kind for r in index.write([Write(article())])] == ["written"]
    assert index.get(["one", "missing"])["one"].article == article()
    assert set(index.get(["missing"])) == set()


def test_of_two_creations_one_meets_a_conflict(index: ArticleIndex) -> None:
    first, second = index.write([Write(article())])[0], index.write([Write(article())])[0]
    assert (first.kind, second.kind) == ("written", "conflict")


def test_a_replacement_needs_the_version_that_stands(index: ArticleIndex) -> None:
    index.write([Write(article())])
    version = index.get(["one"])["one"].version
    assert index.write([Write(article(version="v2"), version)])[0].kind == "written"
    assert index.write([Write(article(version="v3"), version)])[0].kind == "conflict"
    assert index.get(["one"])["one"].article.news.title == "Title v2"


def test_a_replacement_of_what_is_not_there_is_a_conflict(index: ArticleIndex) -> None:
    index.write([Write(article())])
    version = index.get(["one"])["one"].version
    assert index.write([Write(article("other"), version)])[0].kind == "conflict"


def test_one_conflict_costs_no_other_write(index: ArticleIndex) -> None:
    index.write([Write(article("two"))])
    results = index.write([Write(article("one")), Write(article("two")), Write(article("three"))])
    assert [result.kind for result in results] == ["written", "conflict", "written"]


def test_nothing_to_write_or_read_is_nothing(index: ArticleIndex) -> None:
    assert index.write([]) == []
    assert index.get([]) == {}


def test_what_was_written_is_found_after_a_refresh_and_once(index: ArticleIndex) -> None:
    index.write([Write(article())])
    index.refresh()
    index.write([Write(article(version="v2"), index.get(["one"])["one"].version)])
    index.refresh()
    result = index.search(SearchRequest())
    assert result.total == 1
    assert result.hits[0].article.news.title == "Title v2"


def test_a_scan_gives_every_document_once(index: ArticleIndex) -> None:
    names = {f"article-{number}" for number in range(25)}
    index.write([Write(article(name)) for name in sorted(names)])
    index.refresh()
    scanned = [found.id for found in index.scan()]
    assert sorted(scanned) == sorted(names)


def test_setting_up_again_changes_nothing(index: ArticleIndex) -> None:
    index.write([Write(article())])
    assert index.setup() == []
    assert "one" in index.get(["one"])


def test_a_dry_run_says_what_it_would_do_and_does_nothing(config: Config) -> None:
    fresh = open_index(config)
    try:
        promised = fresh.setup(dry_run=True)
        assert promised
        assert fresh.setup(dry_run=True) == promised
    finally:
        fresh.close()


def test_documents_outlive_a_restart(config: Config) -> None:
    with opened(config) as (index, _):
        index.write([Write(article())])
    with opened(config) as (index, _):
        index.check()
        index.refresh()
        assert index.get(["one"])["one"].article == article()
        assert index.search(SearchRequest()).total == 1


def test_a_reader_finds_what_the_writer_has_refreshed(config: Config) -> None:
    with opened(config) as (index, _):
        index.write([Write(article())])
        index.refresh()
        reader = open_index(config, read_only=True)
        try:
            assert reader.search(SearchRequest()).total == 1
        finally:
            reader.close()
