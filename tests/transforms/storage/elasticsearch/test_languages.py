"""Search by language: with analyzers on the server, without them, and on an index from before."""

import uuid
from collections.abc import Iterator

import pytest

from schemas.config import Config, IndexConfig
from tests.servers.articles import article
from tests.servers.elasticsearch_indices import delete_indices
from transforms.storage.article_index import SearchRequest, Write
from transforms.storage.elasticsearch.article_index import ElasticsearchArticleIndex
from transforms.storage.elasticsearch.languages import CANDIDATES, available_analyzers
from transforms.storage.query import parse_query

# A word as it is searched, and a form of it as it stands in the text.
FORMS = {
    "en": ("attack", "Rebels launched several attacks on Monday."),
    "fr": ("attaque", "Les attaques ont repris lundi."),
    "de": ("Angriff", "Nach den Angriffen blieb es ruhig."),
    "es": ("ataque", "Los ataques comenzaron el lunes."),
    "it": ("elezione", "Le elezioni si terranno in maggio."),
    "pt": ("ataque", "Os ataques começaram na segunda-feira."),
    "ru": ("атака", "Ночью начались новые атаки."),
    "sv": ("attack", "Flera attacker skedde i måndags."),
    "ar": ("هجوم", "بدأ الهجوم يوم الاثنين."),
    "hi": ("हमला", "सोमवार को कई हमले हुए।"),
    "cs": ("útok", "V pondělí začaly nové útoky."),
    "el": ("επίθεση", "Νέες επιθέσεις τη Δευτέρα."),
    "hu": ("támadás", "Újabb támadások kezdődtek hétfőn."),
    "id": ("serangan", "Warga takut pada serangannya."),
}
OTHER = article("other", "A quiet day", "Nothing happened at all.", language="en")


@pytest.fixture
def languages_prefix(elasticsearch_with_languages: str) -> Iterator[str]:
    prefix = f"test-{uuid.uuid4().hex[:12]}-"
    yield prefix
    delete_indices(elasticsearch_with_languages, prefix)


def opened(url: str, prefix: str, analysis: str = "language") -> ElasticsearchArticleIndex:
    values = {"url": url, "prefix": prefix, "analysis": analysis}
    return ElasticsearchArticleIndex(Config(index=IndexConfig.model_validate(values)))


def fill(index: ElasticsearchArticleIndex) -> None:
    forms = [article(code, "…", body, language=code) for code, (_, body) in FORMS.items()]
    results = index.write([Write(one) for one in (*forms, OTHER)])
    assert {result.kind for result in results} == {"written"}
    index.refresh()


def found(index: ElasticsearchArticleIndex, text: str) -> set[str]:
    result = index.search(SearchRequest(query=parse_query(text), size=100))
    return {hit.article.id for hit in result.hits}


@pytest.fixture
def by_language(
    elasticsearch_with_languages: str, languages_prefix: str
) -> Iterator[ElasticsearchArticleIndex]:
    index = opened(elasticsearch_with_languages, languages_prefix)
    index.setup()
    fill(index)
    yield index
    index.close()


def test_a_word_finds_its_other_forms(by_language: ElasticsearchArticleIndex) -> None:
    missed = {
        code: word for code, (word, _) in FORMS.items() if code not in found(by_language, word)
    }
    assert missed == {}
    assert "other" not in found(by_language, "attack")


def test_forms_are_left_out_and_stand_in_phrases_too(
    by_language: ElasticsearchArticleIndex,
) -> None:
    assert "en" not in found(by_language, "-attack language:en")
    assert found(by_language, '"several attack"') == {"en"}
    assert found(by_language, '"attack several"') == set()
    assert found(by_language, "title:attack") == set(), "a field is searched as it stands"


def test_a_bare_word_in_kibana_finds_forms(by_language: ElasticsearchArticleIndex) -> None:
    api = by_language._client.api
    hits = api.search(
        index=by_language._names.articles, query={"query_string": {"query": "attack"}}
    )
    assert "en" in {hit["_id"] for hit in hits["hits"]["hits"]}


def test_the_forms_are_not_kept_in_the_document(by_language: ElasticsearchArticleIndex) -> None:
    source = by_language._client.api.get(index=by_language._names.articles, id="en")["_source"]
    assert "stemmed" not in source["news"]
    assert set(by_language.get(["en", "fr"])) == {"en", "fr"}


def test_setup_is_idempotent_and_takes_the_best_analyzer_there_is(
    by_language: ElasticsearchArticleIndex,
) -> None:
    assert by_language.setup() == []
    analyzers = available_analyzers(by_language._client)
    assert (analyzers["en"], analyzers["ja"], analyzers["th"]) == ("english", "cjk", "thai")
    assert "uk" not in analyzers


def test_an_index_of_plain_words_takes_languages_on_for_what_is_written_from_then_on(
    elasticsearch_with_languages: str, languages_prefix: str
) -> None:
    plain = opened(elasticsearch_with_languages, languages_prefix, "plain")
    plain.setup()
    fill(plain)
    assert found(plain, "attack") == set()
    assert found(plain, "attacks") == {"en"}
    plain.close()
    index = opened(elasticsearch_with_languages, languages_prefix)
    said = index.setup()
    assert any("mapping of index" in line for line in said)
    assert any(line.startswith("words by language: ar arabic, ") for line in said)
    assert any("dateline reprocess --all" in line for line in said)
    assert index.setup() == []
    assert "en" not in found(index, "attack")
    stored = index.get(["en"])["en"]
    (result,) = index.write([Write(stored.article, stored.version)])
    assert result.kind == "written"
    index.refresh()
    assert "en" in found(index, "attack")
    index.close()


def test_without_analyzers_the_index_is_set_up_and_searches_words_as_they_stand(
    elasticsearch_url: str, index_prefix: str
) -> None:
    index = opened(elasticsearch_url, index_prefix)
    said = index.setup()
    if not available_analyzers(index._client):
        assert any("none, since the server has no analyzer" in line for line in said)
    fill(index)
    assert index.setup() == []
    assert found(index, "attacks") >= {"en"}
    if not available_analyzers(index._client):
        assert "en" not in found(index, "attack")
    index.close()


def test_a_better_analyzer_is_taken_by_a_new_index(
    elasticsearch_with_languages: str, languages_prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = opened(elasticsearch_with_languages, languages_prefix)
    with monkeypatch.context() as before:
        before.setitem(CANDIDATES, "en", ("cjk",))
        index.setup()
    fill(index)
    assert index.setup() == [], "the analyzer of a field cannot be changed"
    assert "en" not in found(index, "attack")
    index.reindex(lambda _: None)
    assert "en" in found(index, "attack")
    assert [line for line in index.setup() if "of index" in line] == []
    index.close()


def test_languages_are_codes_of_iso_639() -> None:
    assert all(2 <= len(code) <= 3 and code.islower() for code in CANDIDATES)
