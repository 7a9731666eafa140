"""Retry-After, freshness and validators, redaction: pure functions of headers and texts."""

import pytest

from tests.transforms.http.polls import NOW
from transforms.http.conditional import max_age, retry_after, validator
from transforms.http.redaction import MAX_CHARS, redact


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("30", 30.0),
        ("0", None),
        ("-5", None),
        ("Sun, 01 Mar 2026 12:01:00 GMT", 60.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", None),
        ("Mon, 01 Mar 2027 12:00:00 GMT", 86_400.0),
        ("99999999999999999999", None),
        ("", None),
    ],
)
def test_retry_after(value: str, seconds: float | None) -> None:
    assert retry_after({"Retry-After": value}, NOW) == seconds


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Cache-Control": "max-age=600"}, 600),
        ({"Cache-Control": 'public, Max-Age="600"', "Age": "100"}, 500),
        ({"Cache-Control": "no-cache, max-age=600"}, 0),
        ({"Cache-Control": "max-age=600, stale-while-revalidate=60, stale-if-error=9"}, 600),
        ({"Cache-Control": "max-age=x"}, 0),
        ({"Expires": "Sun, 01 Mar 2026 12:05:00 GMT"}, 300),
        ({"Expires": "0"}, 0),
        ({"Expires": "Sun, 01 Mar 2026 12:05:00 GMT", "Cache-Control": "max-age=60"}, 60),
    ],
    ids=str,
)
def test_freshness(headers: dict[str, str], seconds: float | None) -> None:
    assert max_age(headers, NOW) == seconds


def test_a_validator_that_cannot_be_sent_is_none() -> None:
    assert validator({"ETag": 'W/"a b"'}, "ETag") == 'W/"a b"'
    assert validator({"ETag": "a\nb"}, "ETag") == ""
    assert validator({"ETag": "a\udc80"}, "ETag") == ""


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
