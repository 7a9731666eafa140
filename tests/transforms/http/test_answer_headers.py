"""Retry-After, freshness and validators, redaction: pure functions of headers and texts."""

import pytest
from multidict import CIMultiDict

from tests.transforms.http.polls import NOW
from transforms.http.conditional import MAX_AGE_SECONDS, max_age, retry_after, validator
from transforms.http.redaction import MAX_CHARS, redact

_AT_ELEVEN = "Sun, 01 Mar 2026 11:00:00 GMT"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("30", 30.0),
        ("0", None),
        ("-5", None),
        ("Sun, 01 Mar 2026 12:01:00 GMT", 60.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", None),
        ("Mon, 01 Mar 2027 12:00:00 GMT", 86_400.0),
        ("99999999999999999999", 86_400.0),
        ("9" * 5000, 86_400.0),
        ("Fri, 31 Dec 9999 23:59:59 -0800", None),
        ("", None),
    ],
)
def test_retry_after(value: str, seconds: float | None) -> None:
    assert retry_after(CIMultiDict({"Retry-After": value}), NOW) == seconds


@pytest.mark.parametrize(
    ("date", "until", "seconds"),
    [("10:00", "11:00", 3600), ("14:00", "15:00", 3600), ("14:00", "13:00", None)],
    ids=["slow", "fast", "fast and over"],
)
def test_retry_after_counts_by_the_servers_clock(
    date: str, until: str, seconds: float | None
) -> None:
    headers = CIMultiDict(
        {
            "Date": f"Sun, 01 Mar 2026 {date}:00 GMT",
            "Retry-After": f"Sun, 01 Mar 2026 {until}:00 GMT",
        }
    )
    assert retry_after(headers, NOW) == seconds


def test_what_retry_after_says_has_aged_in_caches() -> None:
    headers = CIMultiDict({"Date": "Sun, 01 Mar 2026 10:00:00 GMT", "Retry-After": _AT_ELEVEN})
    headers["Age"] = "600"
    assert retry_after(headers, NOW) == 3000


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Cache-Control": "max-age=600"}, 600),
        ({"Cache-Control": 'public, Max-Age="600"', "Age": "100"}, 500),
        ({"Cache-Control": "no-cache, max-age=600"}, 0),
        ({"Cache-Control": "max-age=600, stale-while-revalidate=60, stale-if-error=9"}, 600),
        ({"Cache-Control": "max-age=x"}, 0),
        ({"Cache-Control": "max-age=0, max-age=600"}, 0),
        ({"Cache-Control": "max-age=600, max-age=0"}, 600),
        ({"Cache-Control": "max-age=99999999999999999999"}, MAX_AGE_SECONDS),
        ({"Cache-Control": "max-age=600", "Age": "99999999999999999999"}, 0),
        ({"Cache-Control": "max-age=600", "Age": "100, 200"}, 500),
        ({"Cache-Control": r'note="\", no-store", max-age=600'}, 600),
        ({"Expires": "Sun, 01 Mar 2026 12:05:00 GMT"}, 300),
        ({"Expires": "Sun, 01 Mar 2026 12:05:00 GMT", "Age": "100"}, 200),
        ({"Expires": _AT_ELEVEN, "Date": "Sun, 01 Mar 2026 10:00:00 GMT"}, 3600),
        ({"Expires": _AT_ELEVEN, "Date": "Sun, 01 Mar 2026 10:00:00 GMT", "Age": "600"}, 3000),
        ({"Expires": _AT_ELEVEN, "Date": "today"}, 0),
        ({"Expires": "Fri, 31 Dec 9999 23:59:59 -0800"}, 0),
        ({"Expires": "0"}, 0),
        ({"Expires": "Sun, 01 Mar 2026 12:05:00 GMT", "Cache-Control": "max-age=60"}, 60),
    ],
    ids=str,
)
def test_freshness(headers: dict[str, str], seconds: float | None) -> None:
    assert max_age(CIMultiDict(headers), NOW) == seconds


@pytest.mark.parametrize(
    ("lines", "seconds"),
    [(["public", "max-age=600"], 600), (["max-age=600", "no-store"], 0)],
    ids=["public", "no-store"],
)
def test_cache_control_is_read_from_all_of_its_lines(lines: list[str], seconds: float) -> None:
    headers = CIMultiDict([("Cache-Control", line) for line in lines])
    assert max_age(headers, NOW) == seconds


def test_a_validator_that_cannot_be_sent_is_none() -> None:
    assert validator(CIMultiDict({"ETag": 'W/"a b"'}), "ETag") == 'W/"a b"'
    assert validator(CIMultiDict({"ETag": '"é\xa0"'}), "ETag") == '"é\xa0"'
    assert validator(CIMultiDict({"ETag": "a\nb"}), "ETag") == ""
    assert validator(CIMultiDict({"ETag": "a\udc80"}), "ETag") == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("at https://me:pw@paper.example/f", "at https://paper.example/f"),
        ("https://paper.example/f?a=1&Token=x&b=2", "https://paper.example/f?a=1&Token=***&b=2"),
        ("https://paper.example/f?my_api_key=x", "https://paper.example/f?my_api_key=***"),
        ("two\nlines\x00", "two lines"),
    ],
)
def test_redaction(text: str, shown: str) -> None:
    assert redact(text) == shown
    assert len(redact(text * 1000)) <= MAX_CHARS
