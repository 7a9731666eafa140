"""A search as a person types it, and its answer as a person or a program reads it."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, TextIO

from schemas.errors import ConfigError
from schemas.quantities import parse_duration
from transforms.storage.article_index import Hit, SearchRequest, SearchResult
from transforms.storage.query import facet_field, parse_query, searchable_field

_SNIPPET_CHARS = 160
_MARKS = re.compile(r"</?em>")


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
    return SearchRequest(
        query=parse_query(query),
        filters=tuple(_filter(text) for text in filters),
        since=moment(since, "--since", now),
        until=moment(until, "--until", now),
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
    return spec.path, value


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


def result_object(result: SearchResult) -> dict[str, Any]:
    """Gives the object that `search --json` prints."""
    return {
        "total": result.total,
        "hits": [
            {
                "id": hit.article.id,
                "score": hit.score,
                "article": hit.article.to_document(),
                "highlights": hit.highlights,
            }
            for hit in result.hits
        ],
        "facets": {
            field: [{"value": value, "count": count} for value, count in counts]
            for field, counts in result.facets.items()
        },
    }


def print_result(result: SearchResult, request: SearchRequest, out: TextIO) -> None:
    """Prints a result for a person."""
    mark = ("\033[1m", "\033[0m") if out.isatty() else ("", "")
    print(f"{result.total} article{'' if result.total == 1 else 's'}", file=out)
    for number, hit in enumerate(result.hits, request.offset + 1):
        _print_hit(number, hit, mark, out)
    for field, counts in result.facets.items():
        print(f"\n{mark[0]}{field}{mark[1]}", file=out)
        for value, count in counts:
            print(f"  {count:>6}  {value}", file=out)
        if not counts:
            print("       –", file=out)


def _print_hit(number: int, hit: Hit, mark: tuple[str, str], out: TextIO) -> None:
    article, news = hit.article, hit.article.news
    revision = f", revision {news.revision}" if news.revision > 1 else ""
    where = ", ".join(news.geo.country_name[:4])
    feeds = ", ".join(news.feed.name or news.feed.url)
    facts = [f"{article.timestamp:%Y-%m-%d %H:%M}", feeds, news.language, where]
    print(f"\n{number:>3}. {mark[0]}{article.message or '(no title)'}{mark[1]}", file=out)
    print(f"     {' · '.join(fact for fact in facts if fact)}{revision}", file=out)
    fragments = hit.highlights.get("news.body") or hit.highlights.get("news.summary") or []
    snippet = fragments[0] if fragments else (news.summary or news.body)[:_SNIPPET_CHARS]
    if snippet:
        marks = iter(mark * (len(snippet) // 4 + 1))
        print(f"     {_MARKS.sub(lambda _: next(marks), ' '.join(snippet.split()))}", file=out)
    if article.url.full:
        print(f"     {article.url.full}", file=out)
