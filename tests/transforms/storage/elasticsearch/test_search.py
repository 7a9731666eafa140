import random
from datetime import timedelta
from typing import Any

import pytest

from schemas.article import Article
from schemas.config import Config
from schemas.errors import ConfigError
from tests.servers.articles import NOON, article
from transforms.storage.article_index import SearchRequest, Write
from transforms.storage.elasticsearch import facets, searching
from transforms.storage.elasticsearch.article_index import ElasticsearchArticleIndex
from transforms.storage.query import parse_query
from transforms.storage.tokens import standard_tokens

LONG_WORD = "Donau" * 60

ARTICLES = [
    article("en", "Floods in the north", "The river rose. Rescue boats came.", language="en"),
    article("en2", "A quiet day", "No floods, no boats; the north river slept.", language="en"),
    article("zh", "中国经济增长放缓", "国家统计局公布数据。", language="zh"),
    article("ja", "東京でマラソン大会", "ランナーが集まった。", language="ja"),
    article("th", "น้ำท่วมภาคเหนือ", "ประชาชนอพยพ 300 คน จาก Chiang Mai", language="th"),
    article("ar", "الفيضانات في الشمال", "ارتفع منسوب النهر.", language="ar"),
    article("long", "Ein langes Wort", LONG_WORD, language="de"),
    article("emoji", "Party 🎉 tonight", "…", language="en"),
]


def search(index: ElasticsearchArticleIndex, text: str, **request: Any) -> set[str]:
    found = index.search(SearchRequest(query=parse_query(text), size=100, **request))
    assert found.total == len(found.hits)
    return {hit.article.id for hit in found.hits}


@pytest.fixture
def filled(index: ElasticsearchArticleIndex) -> ElasticsearchArticleIndex:
    return _fill(index, ARTICLES)


def _fill(index: ElasticsearchArticleIndex, articles: list[Article]) -> ElasticsearchArticleIndex:
    results = index.write([Write(one) for one in articles])
    assert {result.kind for result in results} == {"written"}
    index.refresh()
    return index


def test_queries(filled: ElasticsearchArticleIndex) -> None:
    expected = {
        "floods": {"en", "en2"},
        "FLOODS north": {"en", "en2"},
        '"floods in"': {"en"},
        "floods -quiet": {"en"},
        "-floods language:en": {"emoji"},
        "title:floods": {"en"},
        "language:EN": {"emoji", "en", "en2"},
        "经济": {"zh"},
        "经增": set(),
        "統計": set(),
        "マラソン": {"ja"},
        "น้ำท่วม": {"th"},
        "ภาคเหนือ": {"th"},
        "ประชาชนอพยพ": {"th"},
        "ภาคใต้": set(),
        "300คน": {"th"},
        "النهر": {"ar"},
        "نهر": set(),
        LONG_WORD: {"long"},
        LONG_WORD[:255]: {"long"},
        LONG_WORD[:254]: set(),
        "🎉": {"emoji"},
        "…": set(),
        "-… language:zh": {"zh"},
        "": {one.id for one in ARTICLES},
    }
    assert {text: search(filled, text) for text in expected} == expected


def test_a_clause_of_two_kinds_of_script_must_hold_in_both(
    filled: ElasticsearchArticleIndex,
) -> None:
    assert search(filled, '"Chiang Mai อพยพ"') == {"th"}
    assert search(filled, '"Chiang Rai อพยพ"') == set()
    assert search(filled, '"Chiang Mai ภาคใต้"') == set()


def test_our_tokens_are_the_servers_for_the_texts_searched(
    filled: ElasticsearchArticleIndex,
) -> None:
    for one in ARTICLES:
        answer = filled._client.api.indices.analyze(analyzer="standard", text=one.news.body)
        assert [token["token"] for token in answer["tokens"]] == standard_tokens(one.news.body)


def test_filters_of_one_field_are_alternatives_and_fields_must_all_hold(
    index: ElasticsearchArticleIndex,
) -> None:
    _fill(
        index,
        [
            article("a", "x", people=["Ann"], language="en"),
            article("b", "x", people=["Bob", "Ann"], language="fr"),
            article("c", "x", people=["Bob"], language="en"),
            article("d", "x", people=["ann"], language="en"),
        ],
    )
    people = (("news.people", "Ann"), ("news.people", "Bob"))
    assert search(index, "x", filters=people) == {"a", "b", "c"}
    assert search(index, "x", filters=(*people, ("news.language", "en"))) == {"a", "c"}


def test_since_is_inclusive_and_until_exclusive(index: ElasticsearchArticleIndex) -> None:
    _fill(index, [article(str(h), "x", time=NOON + timedelta(hours=h)) for h in range(4)])
    since, until = NOON + timedelta(hours=1), NOON + timedelta(hours=3)
    assert search(index, "x", since=since, until=until) == {"1", "2"}
    assert search(index, "x", since=until) == {"3"}


def test_newest_first_in_pages_that_neither_overlap_nor_leave_a_gap(
    index: ElasticsearchArticleIndex,
) -> None:
    times = {f"id-{n}": NOON + timedelta(hours=n % 3) for n in range(10)}
    _fill(index, [article(article_id, "x", time=time) for article_id, time in times.items()])
    found = [
        hit.article.id
        for offset in range(0, 12, 3)
        for hit in index.search(SearchRequest(size=3, offset=offset, sort="newest")).hits
    ]
    assert found == sorted(times, key=lambda article_id: (-times[article_id].hour, article_id))


def test_highlights_mark_what_was_found(filled: ElasticsearchArticleIndex) -> None:
    result = filled.search(SearchRequest(query=parse_query("quiet river")))
    assert result.hits[0].highlights["news.title"] == ["A <em>quiet</em> day"]
    assert "<em>river</em>" in result.hits[0].highlights["news.body"][0]


def test_a_page_beyond_the_window_says_so(index: ElasticsearchArticleIndex) -> None:
    with pytest.raises(ConfigError, match="first 10000 hits"):
        index.search(SearchRequest(offset=9_995, size=10))


@pytest.mark.parametrize("per_shard", [5_000, 1], ids=["one-request", "counted-page-by-page"])
def test_facets_are_exact_over_several_shards(
    config: Config, monkeypatch: pytest.MonkeyPatch, per_shard: int
) -> None:
    monkeypatch.setattr(searching, "VALUES_PER_SHARD", per_shard)
    monkeypatch.setattr(facets, "VALUES_PER_PAGE", 4)
    config.index.shards = 3
    index = ElasticsearchArticleIndex(config)
    index.setup()
    draw = random.Random(1)
    names = ["Ann", "Bob", "Zoë", "Émile", "中国", "😀", "￦", "a", "", *map(str, range(20))]
    counts: dict[str, int] = {}
    articles = []
    for number in range(150):
        people = draw.sample(names, 3)
        for name in people:
            if name:
                counts[name] = counts.get(name, 0) + 1
        articles.append(article(str(number), "x", people=people))
    _fill(index, articles)
    expected = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    for size in (3, 8, 100):
        request = SearchRequest(facets=("news.people",), facet_size=size, size=0)
        result = index.search(request)
        assert result.total == 150
        assert result.facets["news.people"] == expected[:size]
    index.close()
