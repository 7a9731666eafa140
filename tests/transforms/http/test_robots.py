"""What robots.txt permits, and what its absence does."""

from typing import Any

import pytest

from schemas.poll import FetchResult
from tests.transforms.http.polls import NOW, poll_of
from transforms.http.robots import (
    KEPT,
    KEPT_AFTER_A_FAILURE,
    MAX_BYTES,
    product_token,
    read_robots,
    robots_url,
)

AGENT = "Dateline/0.1 (+https://example.org/contact)"
PAGE = "https://paper.example/news/1"


def answer(body: str = "", status: int | None = 200, error: str = "") -> FetchResult:
    values: dict[str, Any] = {"status": status, "error": error, "body": body.encode()}
    return FetchResult(poll=poll_of(robots_url(PAGE)), fetched_at=NOW, **values)


@pytest.mark.parametrize(
    ("rules", "permitted"),
    [
        ("", True),
        ("User-agent: *\nDisallow: /", False),
        ("User-agent: *\nDisallow: /\nAllow: /news/", True),
        ("User-agent: *\nDisallow: /private/", True),
        ("User-agent: dateline\nDisallow: /news/", False),
        ("User-agent: otherbot\nDisallow: /", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: Dateline\nDisallow:", True),
        ("User-agent: *\nDisallow: /*/1$", False),
        ("<html>not found</html>", True),
        ("\ufeffUser-agent: *\nDisallow: /", False),
        ("User-agent: DATELINE/0.1\nDisallow: /", False),
        ("User-agent: Dateline # the news\nDisallow: /", False),
        ("User-agent: Date\nDisallow: /", True),
        ("User-agent: line\nDisallow: /", True),
        ("User-agent: Dateline-News\nDisallow: /", True),
        ("User-agent: Date\nDisallow: /\n\nUser-agent: *\nDisallow: /sport/", True),
        ("User-agent: Date\nUser-agent: Dateline\nDisallow: /", False),
        ("#" * MAX_BYTES + "\nUser-agent: *\nDisallow: /", True),
        ("#" * (MAX_BYTES - 30) + "\nUser-agent: *\nDisallow: /", False),
    ],
    ids=[
        "empty", "everything", "a_longer_allow", "elsewhere", "us", "others", "us_above_all",
        "wildcards", "no_rules", "byte_order_mark", "a_version", "a_comment", "a_beginning",
        "an_end", "a_longer_name", "all_others", "one_of_two", "after_the_limit",
        "before_the_limit",
    ],
)  # fmt: skip
def test_what_robots_txt_permits(rules: str, permitted: bool) -> None:
    robots = read_robots(answer(rules), NOW)
    assert robots.permits(PAGE, AGENT) is permitted
    assert robots.until == NOW + KEPT


@pytest.mark.parametrize(
    ("status", "permitted"), [(404, True), (403, True), (429, False), (500, False), (None, False)]
)
def test_a_site_without_rules(status: int | None, permitted: bool) -> None:
    robots = read_robots(answer(status=status, error="no rules"), NOW)
    assert robots.permits(PAGE, AGENT) is permitted
    assert robots.until == NOW + (KEPT if permitted else KEPT_AFTER_A_FAILURE)


@pytest.mark.parametrize(
    ("line", "seconds"),
    [("", 0.0), ("Crawl-delay: 5", 5.0), ("Crawl-delay: 9999", 30.0), ("Crawl-delay: x", 0.0)],
    ids=["none", "five", "too_long", "no_number"],
)
def test_crawl_delays_are_bounded(line: str, seconds: float) -> None:
    assert read_robots(answer(f"User-agent: *\n{line}"), NOW).crawl_delay(AGENT) == seconds


def test_names() -> None:
    assert product_token(AGENT) == "Dateline"
    assert robots_url("http://127.0.0.1:8080/a/b?c") == "http://127.0.0.1:8080/robots.txt"
