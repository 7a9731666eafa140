"""A search as a person types it, and its answer as a person or a program reads it."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from schemas.errors import ConfigError
from schemas.quantities import parse_duration
from transforms.storage.article_index import SearchRequest, SearchResult
from transforms.storage.query import exact_value, facet_field, parse_query, searchable_field

# What other search engines take for operators. A typed `*` alone finds everything.
_NO_OPERATORS = re.compile(r"(?<!\S)(?:OR|AND|NOT|&&|\|\|)(?!\S)|\*")


def search_request(
    query: str,
    *,
    facets: Sequence[str] = (),
    filters: Sequence[str] = (),
    since: str | None = None,
    until: str | None = None,
    facet_size: int = 10,
    size: int = 10,
    offset: int = 0,
    sort: Literal["relevance", "newest"] = "relevance",
    now: datetime,
) -> SearchRequest:
    """Reads what was typed.

    Args:
        query: Words, "phrases", -without, field:value; blank finds everything.
        facets: Fields to count, by short or full name.
        filters: `field=value` each.
        since: A duration before `now` (`24h`), a date or an ISO time (UTC where it has no zone).
        until: The same.
        facet_size: Values of each facet.
        size: Hits.
        offset: Hits passed over.
        sort: Order of the hits.
        now: The time that durations count back from.

    Raises:
        ConfigError: Something in it cannot be read; its text says what would be right.
    """
    if size < 0 or offset < 0 or facet_size < 1:
        raise ConfigError("--size and --offset must be 0 or more, --facet-size 1 or more")
    if offset + size > 10_000:
        raise ConfigError("--offset and --size together must be at most 10000")
    start, end = time_span(since, until, now)
    return SearchRequest(
        query=parse_query(query),
        filters=tuple(_filter(text) for text in filters),
        since=start,
        until=end,
        facets=tuple(dict.fromkeys(facet_field(name).path for name in facets)),
        facet_size=facet_size,
        size=size,
        offset=offset,
        sort=sort,
    )


def _filter(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator or not value:
        raise ConfigError(f"--filter {text}: must be FIELD=VALUE, such as country=GB")
    spec = searchable_field(name)
    if spec.index.kind != "keyword":
        raise ConfigError(f"--filter {text}: {name} is text: put {name}:{value} into the query")
    return spec.path, exact_value(spec, value)


def hint(query: str, result: SearchResult) -> str:
    """Says why nothing may have been found; "" where something was, or nothing is to be said."""
    found = dict.fromkeys(_NO_OPERATORS.findall(query))
    if result.total or not found:
        return ""
    are = "is no operator" if len(found) == 1 else "are no operators"
    return (
        f"words are all required; {' and '.join(found)} {are} here: -word leaves a word out, "
        "repeated --filter values of one field are alternatives"
    )


def time_span(
    since: str | None, until: str | None, now: datetime
) -> tuple[datetime | None, datetime | None]:
    """Reads `--since` and `--until`; see `moment`.

    Raises:
        ConfigError: One of them cannot be read, or nothing can lie between them.
    """
    start, end = moment(since, "--since", now), moment(until, "--until", now)
    if start is not None and end is not None and start >= end:
        raise ConfigError(
            f"--since {since} ({start:%Y-%m-%d %H:%M}) must be before --until {until} "
            f"({end:%Y-%m-%d %H:%M})"
        )
    return start, end


def moment(text: str | None, option: str, now: datetime) -> datetime | None:
    """Reads a time: a duration back from `now`, a date, or an ISO time (UTC without a zone).

    Raises:
        ConfigError: It is none of these; `option` names where it was given.
    """
    if text is None:
        return None
    try:
        return now - timedelta(seconds=parse_duration(text))
    except (ValueError, OverflowError):
        pass
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigError(
            f"{option} {text}: must be a duration (24h, 7d), a date (2026-01-31) or an ISO time"
        ) from None
    return time if time.tzinfo is not None else time.replace(tzinfo=UTC)


def result_object(result: SearchResult, outlets: Mapping[str, int] | None = None) -> dict[str, Any]:
    """Gives the object that `search --json` prints; with `outlets` (`by_story`), each hit's."""
    return {
        "total": result.total,
        "hits": [
            {
                "id": hit.article.id,
                "score": hit.score,
                "article": hit.article.to_document(),
                "highlights": hit.highlights,
                **({} if outlets is None else {"also_in": outlets[hit.article.id]}),
            }
            for hit in result.hits
        ],
        "facets": {
            field: [{"value": value, "count": count} for value, count in counts]
            for field, counts in result.facets.items()
        },
    }
