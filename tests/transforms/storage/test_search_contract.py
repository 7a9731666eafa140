"""Search gives the same answer on both backends: the one a naive matcher gives."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.article import Article, Content, FeedReference, Geo, Link, Sight
from schemas.config import Config
from schemas.fields import resolve_field
from tests.backends import BACKENDS, opened
from tests.transforms.storage.sights import START
from transforms.storage.article_index import ArticleIndex, SearchRequest, Write
from transforms.storage.merge import merge
from transforms.storage.open import open_index
from transforms.storage.query import MAX_WORDS, SEARCHED_FIELDS, Clause, parse_query
from transforms.storage.tokens import segmented, standard_tokens

LONG_WORD = "Donaudampfschifffahrtsgesellschaft" * 12
TEXTS = {
    "en": (
        "Harvest rain helps farmers",
        "Heavy rain fell on the U.S. plains. It's the first since May.",
    ),
    "en-2": ("Rain stops play", "The match was stopped by rain; rain again tomorrow."),
    "zh": ("北京举行航天展览", "北京国家博物馆周五举行航天展览，展出新的月球车。"),
    "zh-2": ("上海港口创纪录", "上海港口今年的货运量创下新纪录。"),
    "ja": ("東京で桜が満開", "東京の桜が満開になり、多くの人が公園でカメラを構えた。"),
    "ko": ("서울에서 눈", "서울에 첫눈이 내렸다. 시민들은 거리에서 사진을 찍었다."),
    "th": ("กรุงเทพฯ เตรียมรับน้ำท่วม", "เจ้าหน้าที่กรุงเทพมหานครเตรียมรับมือน้ำท่วมในฤดูฝน"),
    "my": ("ရန်ကုန်မြို့", "ရန်ကုန်မြို့တွင် မိုးရွာသည်။"),
    "ar": ("أمطار غزيرة في القاهرة", "هطلت أمطار غزيرة على القاهرة صباح اليوم."),
    "he": ("גשם בירושלים", "גשם ראשון ירד בירושלים הבוקר."),
    "hi": ("दिल्ली में बारिश", "दिल्ली में आज सुबह तेज बारिश हुई।"),
    "ru": ("Дождь в Москве", "В Москве прошёл сильный дождь."),
    "de": ("Straßenbahn fährt wieder", f"Die {LONG_WORD} meldet: Die Straßenbahn fährt wieder."),
    "fr": ("L'orage s'éloigne", "L’orage s’éloigne de Paris après 3,5 heures de pluie."),
    "mixed": ("BTS ที่กรุงเทพ", "The BTS line กรุงเทพ opens; e-mail info@example.org or 10.5 km."),
    "empty": ("", ""),
}
PEOPLE = {
    "en": ["Ada Lovelace"],
    "en-2": ["Ada Lovelace", "Alan Turing"],
    "fr": ["Émile Zola", "a b"],
}
COUNTRIES = {"en": ["US"], "en-2": ["GB", "US"], "zh": ["CN"], "zh-2": ["CN"], "ar": ["EG"]}


def article(name: str, number: int) -> Article:
    title, body = TEXTS[name]
    content = Content(
        title=title,
        body=body,
        language=name.split("-")[0],
        segmented=segmented(f"{title}\n\n{body}"),
        people=PEOPLE.get(name, []),
        categories=["x" * 300] if name == "en" else [],
        geo=Geo(country_iso_code=COUNTRIES.get(name, [])),
    )
    time = START + timedelta(hours=number)
    sight = Sight(
        article_id=name,
        feed=FeedReference(url=f"https://feed.example/{number % 3}", tags=[f"t{number % 2}"]),
        time=time,
        hash=name,
        published=time,
        link=Link(full=f"https://paper.example/{name}", domain="paper.example"),
        content=content,
    )
    return merge(None, sight).article


ARTICLES = {name: article(name, number) for number, name in enumerate(TEXTS)}


@pytest.fixture(scope="module", params=BACKENDS)
def index(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ArticleIndex]:
    """Gives an index that holds the articles."""
    if request.param == "embedded":
        folder: Path = tmp_path_factory.mktemp("search")
        config = Config.model_validate({"index": {"url": f"embedded:{folder / 'index'}"}})
    else:
        url = request.getfixturevalue("elasticsearch_url")
        config = Config.model_validate(
            {"index": {"url": url, "prefix": "test-search-contract-", "shards": 3}}
        )
    with opened(config) as (writable, _):
        existing = {found.id for found in writable.scan()}
        writable.write([Write(a) for a in ARTICLES.values() if a.id not in existing])
        writable.refresh()
        reader = open_index(config, read_only=True)
        yield reader
        reader.close()


def has_phrase(tokens: Sequence[str], phrase: Sequence[str]) -> bool:
    size = len(phrase)
    return size > 0 and any(
        list(tokens[start : start + size]) == list(phrase)
        for start in range(len(tokens) - size + 1)
    )


def words(text: str) -> list[str]:
    """Gives the tokens as a reader takes them: one apostrophe is as good as another."""
    return [re.sub("[’ʼ]", "'", token) for token in standard_tokens(text)]


def values(found: Article, path: str) -> list[str]:
    value: object = found.to_document()
    for part in path.split("."):
        value = value[part]  # type: ignore[index]
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def holds(found: Article, clause: Clause) -> bool:
    if clause.field is not None and clause.field.index.kind == "keyword":
        return clause.text in values(found, clause.field.path)
    fields = (clause.field.path,) if clause.field is not None else SEARCHED_FIELDS
    plain = [token for token in words(clause.text) if not segmented(token)]
    clusters = standard_tokens(segmented(clause.text))
    if clause.field is not None:
        return has_phrase(words(values(found, fields[0])[0]), words(clause.text))
    if not plain and not clusters:
        return False
    if plain and not any(has_phrase(words(values(found, path)[0]), plain) for path in fields):
        return False
    return not clusters or has_phrase(standard_tokens(found.news.segmented), clusters)


def naive(query: str) -> set[str]:
    clauses = parse_query(query).clauses
    return {
        name
        for name, found in ARTICLES.items()
        if all(holds(found, clause) != clause.negated for clause in clauses)
    }


QUERIES = {
    "": set(TEXTS),
    "rain": {"en", "en-2"},
    "RAIN": {"en", "en-2"},
    '"heavy rain"': {"en"},
    '"rain heavy"': set(),
    "rain -match": {"en"},
    "U.S.": {"en"},
    "it's": {"en"},
    "it’s": {"en"},
    "itʼs": {"en"},
    "北京": {"zh"},
    "京北": set(),
    "航天展览": {"zh"},
    "港口": {"zh-2"},
    "東京": {"ja"},
    "カメラ": {"ja"},
    "서울에서": {"ko"},
    "กรุงเทพ": {"th", "mixed"},
    "น้ำท่วม": {"th"},
    "ท่วมน้ำ": set(),
    "BTSกรุงเทพ": {"mixed"},
    "ရန်ကုန်": {"my"},
    "القاهرة": {"ar"},
    "أمطار غزيرة": {"ar"},
    "ירושלים": set(),
    "בירושלים": {"he"},
    "बारिश": {"hi"},
    "дождь": {"ru"},
    LONG_WORD: {"de"},
    LONG_WORD[:-3]: set(),
    "straßenbahn": {"de"},
    "l'orage": {"fr"},
    '"l’orage s’éloigne de"': {"fr"},
    "\"l'orage s'éloigne de\"": {"fr"},
    "title:l’orage": {"fr"},
    "body:l'orage": {"fr"},
    "-body:l'orage language:fr": set(),
    "3,5": {"fr"},
    "info@example.org": {"mixed"},
    "title:rain": {"en", "en-2"},
    'body:"first since"': {"en"},
    "country:US": {"en", "en-2"},
    "country:us": {"en", "en-2"},
    'people:"Ada Lovelace"': {"en", "en-2"},
    "people:Ada": set(),
    'people:"Émile Zola"': {"fr"},
    "language:zh -港口": {"zh"},
    "-rain": set(TEXTS) - {"en", "en-2"},
    "!!!": set(),
    "-!!!": set(TEXTS),
    "https://paper.example/zh": set(),
    "url:https://paper.example/zh": {"zh"},
    f"category:{'x' * 300}": set(),
}


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query[:30] or "everything")
def test_a_query_finds_what_it_says(index: ArticleIndex, query: str) -> None:
    result = index.search(SearchRequest(query=parse_query(query), size=50))
    assert {hit.article.id for hit in result.hits} == QUERIES[query]
    assert result.total == len(QUERIES[query])
    if not query.startswith("category:"):
        assert naive(query) == QUERIES[query], "the naive matcher is the reference"


# What other engines take for operators, and characters that are none or look like others.
ODD = (
    *"*?~^!+(){}[]/|&#'’…",
    *("AND", "OR", "NOT", "ra*n", "rain~2", "[a TO b]", "1e5", "\\", "r\u0301ain", LONG_WORD),
    *("\x00", "\u200b", "\ufeff", "\u3000", "😀", "ＲＡＩＮ", "ﬀ", "İ", "ſ"),
)
WRITTEN = {token for parts in TEXTS.values() for part in parts for token in part.split()}
WORDS = st.sampled_from([*sorted(WRITTEN), *ODD])
PHRASES = st.lists(WORDS, max_size=3).map(lambda words: '"' + " ".join(words) + '"')
VALUES = st.sampled_from(
    ["country:us", "language:en", 'people:"Ada Lovelace"', "tag:t1", "person:ada", 'tag:"*"']
)
TITLES = st.one_of(WORDS, PHRASES).map(lambda word: f"title:{word}")
CLAUSES = st.tuples(st.sampled_from(["", "", "-"]), st.one_of(WORDS, PHRASES, VALUES, TITLES)).map(
    "".join
)


@settings(max_examples=150, deadline=None)
@given(clauses=st.lists(CLAUSES, max_size=4))
def test_whatever_is_typed_finds_what_the_naive_matcher_finds(
    index: ArticleIndex, clauses: list[str]
) -> None:
    query = " ".join(clauses)
    path = "news.geo.country_iso_code"
    request = SearchRequest(query=parse_query(query), facets=(path,), facet_size=50, size=50)
    result, expected = index.search(request), naive(query)
    assert {hit.article.id for hit in result.hits} == expected
    assert result.total == len(expected)
    counts = Counter(value for name in expected for value in values(ARTICLES[name], path))
    assert dict(result.facets[path]) == counts


@pytest.mark.parametrize("word", ["rain", "-it's", "it’s", "กรุงเทพ"])
def test_as_many_words_as_a_query_may_have_are_answered(index: ArticleIndex, word: str) -> None:
    each = len(standard_tokens(segmented(word))) or 1
    many = parse_query(" ".join(f"{word}{n}" for n in range(MAX_WORDS // (each + 1))))
    assert index.search(SearchRequest(query=many)).total == (len(TEXTS) if word[0] == "-" else 0)
    phrase = parse_query('"' + " ".join([word.lstrip("-")] * (MAX_WORDS // each)) + '"')
    assert index.search(SearchRequest(query=phrase)).total == 0


def test_hits_come_back_whole(index: ArticleIndex) -> None:
    (hit,) = index.search(SearchRequest(query=parse_query("港口"))).hits
    assert hit.article == ARTICLES["zh-2"]


def test_facets_are_exact_and_ties_are_broken_by_value(index: ArticleIndex) -> None:
    paths = ("news.geo.country_iso_code", "news.people", "news.language", "news.categories")
    result = index.search(SearchRequest(facets=paths, facet_size=50, size=0))
    assert result.hits == []
    for path in paths[:3]:
        counts = Counter(value for a in ARTICLES.values() for value in values(a, path))
        assert result.facets[path] == sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    assert result.facets["news.categories"] == [], "too long a value is kept, not counted"


def test_facets_count_the_found_and_are_cut_after_ordering(index: ArticleIndex) -> None:
    request = SearchRequest(
        query=parse_query("rain"), facets=("news.geo.country_iso_code",), facet_size=1
    )
    assert index.search(request).facets["news.geo.country_iso_code"] == [("US", 2)]


def test_values_of_one_filter_are_alternatives_and_filters_add_up(index: ArticleIndex) -> None:
    country, language = resolve_field("country"), resolve_field("language")
    assert country is not None
    assert language is not None
    either = ((country.path, "US"), (country.path, "CN"))
    found = index.search(SearchRequest(filters=either, size=50))
    assert {hit.article.id for hit in found.hits} == {"en", "en-2", "zh", "zh-2"}
    both = (*either, (language.path, "zh"))
    assert index.search(SearchRequest(filters=both)).total == 2


def test_since_is_inclusive_and_until_is_not(index: ArticleIndex) -> None:
    times = sorted(found.timestamp for found in ARTICLES.values())
    found = index.search(SearchRequest(since=times[2], until=times[5], size=50))
    assert sorted(hit.article.timestamp for hit in found.hits) == times[2:5]


def test_pages_of_the_newest_join_without_gap_or_repetition(index: ArticleIndex) -> None:
    ids = []
    for offset in range(0, len(TEXTS) + 5, 5):
        request = SearchRequest(sort="newest", size=5, offset=offset)
        ids += [hit.article.id for hit in index.search(request).hits]
    assert ids == list(reversed(TEXTS))


@pytest.mark.parametrize("query", ["", "language:en country:US", "-rain", "-!!!"])
def test_without_words_the_newest_comes_first(index: ArticleIndex, query: str) -> None:
    hits = index.search(SearchRequest(query=parse_query(query), size=50)).hits
    times = [hit.article.timestamp for hit in hits]
    assert len(times) > 1
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize(("query", "marked"), [("rain", "<em>"), ("กรุงเทพ", ""), ("東京", "<em>")])
def test_hits_show_where_the_words_stand(index: ArticleIndex, query: str, marked: str) -> None:
    for hit in index.search(SearchRequest(query=parse_query(query))).hits:
        shown = " ".join(fragment for list_ in hit.highlights.values() for fragment in list_)
        assert marked in shown
        assert "<em>" not in hit.article.news.body
