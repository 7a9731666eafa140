from datetime import UTC, datetime

import pytest

from pipeline.search import hint, search_request
from schemas.errors import ConfigError
from transforms.storage.article_index import SearchResult

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_short_names_become_paths() -> None:
    request = search_request(
        "rain", facets=["people", "country", "people"], filters=["focus=GB"], now=NOW
    )
    assert request.facets == ("news.people", "news.geo.country_iso_code")
    assert request.filters == (("news.geo.focus_country", "GB"),)


@pytest.mark.parametrize(
    ("since", "moment"),
    [
        ("24h", datetime(2026, 3, 1, 12, tzinfo=UTC)),
        ("7d", datetime(2026, 2, 23, 12, tzinfo=UTC)),
        ("2026-01-31", datetime(2026, 1, 31, tzinfo=UTC)),
        ("2026-01-31T10:00:00+02:00", datetime(2026, 1, 31, 8, tzinfo=UTC)),
    ],
)
def test_since_is_a_duration_a_date_or_a_time(since: str, moment: datetime) -> None:
    assert search_request("", since=since, now=NOW).since == moment


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"since": "yesterday-ish"}, "--since yesterday-ish"),
        ({"filters": ["country"]}, "FIELD=VALUE"),
        ({"filters": ["body=x"]}, "is text"),
        ({"filters": ["nonsense=x"]}, "no searchable field 'nonsense'"),
        ({"facets": ["title"]}, "'title' is no facet"),
        ({"filters": ["country=Kenya"]}, "two letters: write KE"),
        ({"filters": ["focus=rain"]}, "'rain': must be a country"),
        ({"since": "1h", "until": "2h"}, "--since 1h .* must be before --until 2h"),
        ({"since": "2026-01-31", "until": "2026-01-31"}, "must be before"),
        ({"size": -1}, "--size"),
        ({"size": 10, "offset": 10_000}, "10000"),
    ],
    ids=str,
)
def test_what_cannot_be_read_is_named(arguments: dict[str, object], reason: str) -> None:
    with pytest.raises(ConfigError, match=reason):
        search_request("", now=NOW, **arguments)  # type: ignore[arg-type]


def test_an_unknown_field_in_the_query_is_named() -> None:
    with pytest.raises(ConfigError, match="nonsense"):
        search_request("nonsense:x", now=NOW)


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("country:Kenya", "write KE"),
        ("language:Swahili", "language 'Swahili': .* write sw"),
        ('rain "heavy', "before 'heavy' is never closed"),
        ('people:"Ada', "never closed"),
        (" ".join(["rain"] * 501), "the query has 501 words, .* at most 500"),
        (f'title:"{"rain " * 501}"', "501 words"),
        ("北" * 501, "501 words"),
        ("ก" * 501, "501 words"),
        (" ".join(["-tag:rain"] * 501), "501 words"),
        ('"heavy rain" "', "never closed"),
        ("tag:caf\udce9", "no valid UTF-8 at character 8"),
    ],
    ids=lambda value: value[:30],
)
def test_a_query_that_cannot_be_meant_is_refused(query: str, reason: str) -> None:
    with pytest.raises(ConfigError, match=reason):
        search_request(query, now=NOW)


def test_a_filter_that_is_no_text_is_refused() -> None:
    with pytest.raises(ConfigError, match="no valid UTF-8 at character 4"):
        search_request("", filters=["tag=caf\udce9"], now=NOW)


def test_languages_are_taken_in_any_case() -> None:
    filters = ["language=SW", "language=und"]
    request = search_request("", filters=filters, now=NOW)
    assert request.filters == (("news.language", "sw"), ("news.language", "und"))


@pytest.mark.parametrize("code", ["ke", "KE", "Ke"])
def test_countries_are_taken_in_any_case(code: str) -> None:
    request = search_request(f"country:{code}", filters=[f"focus={code}"], now=NOW)
    assert request.filters == (("news.geo.focus_country", "KE"),)
    assert request.query == search_request("country:KE", now=NOW).query


@pytest.mark.parametrize(
    ("query", "total", "said"),
    [
        ("rain OR snow", 0, "OR is no operator here"),
        ("rain AND NOT snow", 0, "AND and NOT are no operators here"),
        ("harv*", 0, "* is no operator here"),
        ("rain OR snow", 1, ""),
        ("rain or ORGAN", 0, ""),
    ],
)
def test_operators_of_other_engines_are_told_where_nothing_is_found(
    query: str, total: int, said: str
) -> None:
    text = hint(query, SearchResult(total, []))
    assert said in text
    assert bool(said) == bool(text)
