import pytest
from pydantic import ValidationError

from schemas.feed import Feed


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://example.org/feed", "http:// or https://"),
        ("https://me:secret@example.org/feed", "user or password"),
        ("http://example.org:99999/feed", "port"),
        ("http://example.org:0/feed", "port"),
        ("http:///feed", "host"),
    ],
)
def test_an_address_that_cannot_be_polled_is_refused(url: str, reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        Feed(url=url)


@pytest.mark.parametrize("country", ["UK ", "GBR", "1A"])
def test_a_country_is_two_letters(country: str) -> None:
    with pytest.raises(ValidationError, match="two letters"):
        Feed(url="https://example.org/", country=country)


def test_a_country_is_written_in_capitals() -> None:
    assert Feed(url="https://example.org/", country="gb").country == "GB"


def test_an_interval_whose_bounds_are_the_wrong_way_round_is_refused() -> None:
    with pytest.raises(
        ValidationError, match=r"min \(600 s\) must not be longer than max \(60 s\)"
    ):
        Feed.model_validate(
            {"url": "https://example.org/", "interval": {"min": "10m", "max": "1m"}}
        )
