"""What leases are taken on: one name for a host, however an address writes it."""

import pytest

from schemas.feed import HoldScope
from tests.transforms.http.polls import poll_of
from transforms.lease_unit import is_covered, lease_unit, units_of


@pytest.mark.parametrize(
    ("url", "unit"),
    [
        ("https://Paper.Example/feed", "paper.example"),
        ("https://paper.example:443/feed", "paper.example"),
        ("http://paper.example:80/feed", "paper.example"),
        ("http://paper.example:443/feed", "paper.example:443"),
        ("https://paper.example./feed", "paper.example"),
        ("https://paper.example.:8443/feed", "paper.example:8443"),
        ("http://münchen.example/", "xn--mnchen-3ya.example"),
        ("http://XN--MNCHEN-3YA.example/", "xn--mnchen-3ya.example"),
        ("http://127.1:8000/", "127.0.0.1:8000"),
        ("http://[0:0:0:0:0:0:0:1]:80/", "[::1]"),
        ("http://user:secret@no host/", "no host"),
    ],
    ids=[
        "capitals",
        "port_of_https",
        "port_of_http",
        "port_of_the_other_scheme",
        "dot_at_the_end",
        "dot_and_port",
        "international",
        "a_label",
        "short_ipv4",
        "long_ipv6",
        "no_address",
    ],
)
def test_a_host_has_one_name(url: str, unit: str) -> None:
    assert lease_unit(url) == unit


@pytest.mark.parametrize(
    "url",
    ["https://news.paper.example:8443/", "http://sport.PAPER.example./", "https://paper.example"],
)
def test_a_domain_has_one_name(url: str) -> None:
    assert lease_unit(url, "domain") == "paper.example"


def test_a_host_without_a_domain_stands_for_itself() -> None:
    assert lease_unit("http://localhost.:8000/", "domain") == "localhost"


@pytest.mark.parametrize(
    ("host", "hold", "covered"),
    [
        ("paper.example", "domain", ["rss.", "www.", ""]),
        ("rss.paper.example", "host", ["rss."]),
        ("rss.paper.example", "feed", ["rss."]),
    ],
    ids=["domain", "host", "feed"],
)
def test_a_lease_covers_its_host_or_its_domain(
    host: str, hold: HoldScope, covered: list[str]
) -> None:
    poll = poll_of("https://rss.paper.example/feed", host)
    poll.feed.hold = hold
    names = ["rss.", "www.", ""]
    assert [n for n in names if is_covered(f"https://{n}paper.example/1", poll)] == covered
    assert not is_covered("https://rss.paper.example:8443/1", poll) or hold == "domain"
    assert not is_covered("https://other.example/1", poll)


def test_a_feed_that_has_moved_is_covered_where_it_is_asked() -> None:
    poll = poll_of("https://old.example/feed", "new.example")
    poll.state.address = "https://new.example/feed"
    assert is_covered("http://new.example/", poll)
    assert not is_covered("https://old.example/feed", poll)


def test_others_may_have_a_lease_of_a_host_or_of_its_domain() -> None:
    assert units_of("https://www.paper.example/1") == ("www.paper.example", "paper.example")
    assert units_of("https://paper.example:443/1") == ("paper.example",)
