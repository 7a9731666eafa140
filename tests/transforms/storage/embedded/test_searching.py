"""Hits, totals, facets and order are those of a plain reading of the documents."""

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.article import Article
from schemas.fields import resolve_field
from tests.transforms.storage.embedded.documents import article
from tests.transforms.storage.sights import START
from transforms.storage.article_index import SearchRequest, Write
from transforms.storage.embedded import search_index
from transforms.storage.embedded.articles import EmbeddedArticleIndex
from transforms.storage.query import SEARCHED_FIELDS, Clause, Query
from transforms.storage.tokens import segmented, standard_tokens, without_segmented

WORDS = [
    "rain",
    "Rain",
    "U.S.",
    "it's",
    "a_b",
    "1,5",
    "é",
    "北京",
    "雨",
    "カメラ",
    "กรุงเทพ",
    "น้ำ",
    "-",
    "😀",
]
COUNTRIES = ["US", "GB", "CN", "us", "Côte", ""]
texts = st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join)
articles = st.builds(
    lambda title, summary, body, countries, seconds: (title, summary, body, countries, seconds),
    texts,
    texts,
    texts,
    st.lists(st.sampled_from(COUNTRIES), max_size=3),
    st.integers(0, 5),
)
fields = st.sampled_from([None, None, "title", "body", "country", "message"])
clauses = st.builds(
    lambda text, field, negated: Clause(text, resolve_field(field) if field else None, negated),
    st.one_of(texts, st.sampled_from(COUNTRIES)).filter(bool),
    fields,
    st.booleans(),
)
requests = st.builds(
    SearchRequest,
    query=st.one_of(st.none(), st.lists(clauses, max_size=3).map(lambda c: Query(tuple(c)))),
    filters=st.lists(
        st.tuples(st.just("news.geo.country_iso_code"), st.sampled_from(COUNTRIES)), max_size=2
    ).map(tuple),
    since=st.one_of(st.none(), st.integers(0, 5).map(lambda s: START + timedelta(seconds=s))),
    until=st.one_of(st.none(), st.integers(0, 6).map(lambda s: START + timedelta(seconds=s))),
    facets=st.just(("news.geo.country_iso_code",)),
    facet_size=st.integers(0, 4),
    size=st.integers(0, 8),
    offset=st.integers(0, 4),
    sort=st.sampled_from(["relevance", "newest"]),
)


def has_phrase(text: str, phrase: Sequence[str]) -> bool:
    tokens, size = standard_tokens(text), len(phrase)
    return bool(phrase) and any(
        tokens[start : start + size] == list(phrase) for start in range(len(tokens))
    )


def text_at(found: Article, path: str) -> str:
    value: object = found
    for part in path.split("."):
        value = getattr(value, part)
    return str(value)


def holds(found: Article, clause: Clause) -> bool:
    if clause.field is None:
        rest, clusters = (
            standard_tokens(without_segmented(clause.text)),
            standard_tokens(segmented(clause.text)),
        )
        return bool(rest or clusters) and all(
            (
                not rest or any(has_phrase(text_at(found, path), rest) for path in SEARCHED_FIELDS),
                not clusters or has_phrase(found.news.segmented, clusters),
            )
        )
    if clause.field.index.kind == "keyword":
        return clause.text in found.news.geo.country_iso_code
    return has_phrase(text_at(found, clause.field.path), standard_tokens(clause.text))


def matches(found: Article, request: SearchRequest) -> bool:
    query = request.query.clauses if request.query is not None else ()
    wanted = {value for _, value in request.filters}
    return (
        all(holds(found, clause) != clause.negated for clause in query)
        and (not wanted or bool(wanted.intersection(found.news.geo.country_iso_code)))
        and (request.since is None or found.timestamp >= request.since)
        and (request.until is None or found.timestamp < request.until)
    )


_numbers = itertools.count()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("searching")


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(articles, max_size=8),
    st.lists(articles, max_size=4),
    st.lists(requests, min_size=10, max_size=10),
)
def test_any_search_gives_what_a_plain_reading_gives(
    folder: Path,
    first: list[tuple[str, str, str, list[str], int]],
    second: list[tuple[str, str, str, list[str], int]],
    asked: list[SearchRequest],
) -> None:
    index = EmbeddedArticleIndex(folder / str(next(_numbers)))
    index.setup()
    stored: dict[str, Article] = {}
    # In two commits, so that there are several segments, the second replacing some of the first.
    for batch in (first, second):
        for number, (title, summary, body, countries, seconds) in enumerate(batch):
            name = f"id{number}"
            known = index.get([name]).get(name)
            made = article(
                name, title, summary=summary, body=body, countries=countries, seconds=seconds
            )
            index.write([Write(made, known.version if known else None)])
            stored[name] = made
        index.refresh()
    for request in asked:
        found = sorted(name for name, one in stored.items() if matches(one, request))
        result = index.search(request)
        assert result.total == len(found)
        names = [hit.article.id for hit in result.hits]
        assert len(names) == max(0, min(request.size, len(found) - request.offset))
        assert set(names) <= set(found)
        if not request.by_score:
            ordered = sorted(found, key=lambda n: (-stored[n].timestamp.timestamp(), n))
            assert names == ordered[request.offset :][: request.size]
        else:
            ranks = [(-hit.score, hit.article.id) for hit in result.hits]
            assert ranks == sorted(ranks)
        counts = Counter(
            value
            for name in found
            for value in set(stored[name].news.geo.country_iso_code)
            if value
        )
        expected = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        assert result.facets == {"news.geo.country_iso_code": expected[: request.facet_size]}
    index.close()


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedArticleIndex]:
    """Gives an index of 300 equal texts in several segments, each with a value of its own."""
    index = EmbeddedArticleIndex(tmp_path_factory.mktemp("many"))
    for start in range(0, 300, 100):
        index.write(
            [
                Write(article(f"{n:03d}", "same words", people=[f"P{n:03d}", f"all{n % 3}"]))
                for n in reversed(range(start, start + 100))
            ]
        )
        index.refresh()
    yield index
    index.close()


@pytest.mark.parametrize("sort", ["relevance", "newest"])
@pytest.mark.parametrize("text", ["", "same", "same words"])
def test_pages_of_equals_are_in_order_of_ids(
    many: EmbeddedArticleIndex, text: str, sort: str
) -> None:
    query = Query((Clause(text),)) if text else None
    names = []
    for offset in range(0, 310, 70):
        request = SearchRequest(query=query, sort=sort, size=70, offset=offset)  # type: ignore[arg-type]
        names += [hit.article.id for hit in many.search(request).hits]
    assert names == [f"{n:03d}" for n in range(300)]


@pytest.mark.parametrize("size", [1, 3, 5, 400])
def test_facet_ties_are_cut_by_value(many: EmbeddedArticleIndex, size: int) -> None:
    expected = [(f"all{n}", 100) for n in range(3)] + [(f"P{n:03d}", 1) for n in range(300)]
    result = many.search(SearchRequest(facets=("news.people",), facet_size=size, size=0))
    assert result.facets == {"news.people": expected[:size]}


def test_a_better_match_comes_first(tmp_path: Path) -> None:
    index = EmbeddedArticleIndex(tmp_path)
    index.write(
        [
            Write(article("a", "Other", body="rain " + "and more " * 50)),
            Write(article("b", "Rain", body="rain")),
            Write(article("c", "Other", body="Nothing")),
        ]
    )
    index.refresh()
    hits = index.search(SearchRequest(query=Query((Clause("rain"),)))).hits
    assert [hit.article.id for hit in hits] == ["b", "a"]
    assert hits[0].score > hits[1].score > 0
    index.close()


def test_long_values_are_kept_but_not_indexed(tmp_path: Path) -> None:
    index = EmbeddedArticleIndex(tmp_path)
    fits, too_long = "𝒜" * 128, "x" * 257
    index.write([Write(article("a", people=[fits, too_long, too_long * 300]))])
    index.refresh()
    result = index.search(SearchRequest(facets=("news.people",)))
    assert result.facets == {"news.people": [(fits, 1)]}
    assert result.hits[0].article.news.people == [fits, too_long, too_long * 300]
    index.close()


def test_an_index_that_is_opened_anew_now_and_then_finds_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_index, "REFRESHES_BEFORE_REOPENING", 2)
    index = EmbeddedArticleIndex(tmp_path)
    index.setup()
    try:
        for number in range(1, 6):
            index.write([Write(article(f"a{number}", "rain"))])
            index.refresh()
            rain = Query((Clause("rain", None, False),))
            assert index.search(SearchRequest(query=rain)).total == number
    finally:
        index.close()


def test_an_index_that_cannot_be_written_is_searched_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    owner = EmbeddedArticleIndex(tmp_path)
    owner.write([Write(article("a", "rain"), None)])
    owner.search(SearchRequest())
    owner.close()
    lock = tmp_path / search_index.FOLDER_NAME / ".tantivy-meta.lock"
    lock.unlink(missing_ok=True)
    lock.mkdir()  # fails as a lock does where nothing can be written
    monkeypatch.setattr("os.access", lambda *_: False)
    reader = EmbeddedArticleIndex(tmp_path, read_only=True)
    with caplog.at_level("INFO"):
        assert reader.search(SearchRequest()).total == 1
    reader.close()
    assert "cannot be written: each search builds its index in memory" in caplog.text
    assert "Lockfile" not in caplog.text
