from datetime import UTC, datetime

import pytest

from pipeline.search import search_request
from schemas.errors import ConfigError

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
