"""What leases are taken on: one name for a host, however an address writes it."""

import pytest

from transforms.lease_unit import lease_unit


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
