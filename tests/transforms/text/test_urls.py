"""The canonical form of addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.text.urls import canonical_url, domain, original_url, registered_domain


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTP://WWW.Paper.Example/A/b", "http://www.paper.example/A/b"),
        ("https://paper.example:443/a", "https://paper.example/a"),
        ("http://paper.example:80", "http://paper.example/"),
        ("https://paper.example:8443/a", "https://paper.example:8443/a"),
        ("https://paper.example/a?b=2&a=1&a=0", "https://paper.example/a?a=1&a=0&b=2"),
        ("https://paper.example/a?utm_source=rss&id=7&fbclid=x", "https://paper.example/a?id=7"),
        ("https://paper.example/a?id=7&amp;utm_medium=rss", "https://paper.example/a?id=7"),
        ("https://paper.example/a?UTM_Source=rss", "https://paper.example/a"),
        ("https://paper.example/a?access_token=s", "https://paper.example/a"),
        ("https://paper.example/a#comments", "https://paper.example/a"),
        ("https://me:pw@paper.example/a", "https://paper.example/a"),
        ("https://paper.example/%7ea/%e2%82%ac", "https://paper.example/%7Ea/%E2%82%AC"),
        ("https://paper.example/a/../b/./c", "https://paper.example/b/c"),
        ("https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"),
        ("  https://paper.example/a\n", "https://paper.example/a"),
        (
            "https://www.google.com/url?q=https%3A%2F%2Fpaper.example%2Fa%3Futm_source%3Dx&sa=D",
            "https://paper.example/a",
        ),
        ("https://www.google.com/amp/s/paper.example/a/1", "https://paper.example/a/1"),
        ("https://www.google.co.uk/amp/paper.example/a?b=1", "http://paper.example/a?b=1"),
        (
            "https://paper-example.cdn.ampproject.org/c/s/paper.example/amp/a.html?utm_source=x",
            "https://paper.example/amp/a.html",
        ),
        ("https://www.google.com/amp/help", "https://www.google.com/amp/help"),
        (
            "https://paper.example/article.php?sid=1234",
            "https://paper.example/article.php?sid=1234",
        ),
        ("https://paper.example/a?sid=8f14e45fceea167a5a36dedd4bea2543", "https://paper.example/a"),
        (
            "https://paper.example/portal.php?mod=view&aid=77",
            "https://paper.example/portal.php?aid=77&mod=view",
        ),
        ("https://paper.example/a?mod=rss_world", "https://paper.example/a"),
        ("/a/1", ""),
        ("mailto:a@paper.example", ""),
        ("javascript:alert(1)", ""),
        ("https://", ""),
        ("", ""),
        ("https://paper.example/" + "a" * 9000, ""),
    ],
)
def test_canonical_url(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


def test_relative_links_start_from_the_base() -> None:
    base = "https://paper.example/feeds/main.xml"
    assert canonical_url("../a?x=1", base) == "https://paper.example/a?x=1"
    assert canonical_url("//other.example/a", base) == "https://other.example/a"
    assert canonical_url("https://other.example/a", "no address") == "https://other.example/a"


PIECES = st.sampled_from(
    ["a", "A", "%7e", "%2F", "ä", "&", "=", "?", "/", "//", "..", "#", "+", " ", ";", "utm_x=1",
     "b=2", "a=1", "%", "\\", "@", ":", "amp;", "|", "漢", "\t", "id"]
)  # fmt: skip


@given(
    st.lists(PIECES, max_size=14).map("".join),
    st.sampled_from(["paper.example", "PAPER.example:443"]),
)
def test_canonical_url_is_idempotent(rest: str, host: str) -> None:
    once = canonical_url(f"https://{host}/{rest}")
    assert once
    assert canonical_url(once) == once


@given(st.text())
def test_any_text_is_survived(text: str) -> None:
    once = canonical_url(text, "https://paper.example/x/")
    assert canonical_url(once) == once
    original_url(text)


@given(st.permutations(["a=1", "b=2", "c=3", "utm_campaign=x"]))
def test_the_order_of_parameters_tells_nothing(parameters: list[str]) -> None:
    url = "https://paper.example/?" + "&".join(parameters)
    assert canonical_url(url) == "https://paper.example/?a=1&b=2&c=3"


def test_the_original_keeps_all_but_secrets() -> None:
    given_url = "https://me:pw@paper.example/a?utm_source=x&token=secret&b=1#top"
    assert original_url(given_url) == "https://paper.example/a?utm_source=x&b=1#top"
    assert original_url("https://paper.example/a?sid=12&pwd=x") == "https://paper.example/a?sid=12"


@pytest.mark.parametrize(
    ("url", "name", "registered"),
    [
        ("https://news.paper.co.uk/a", "news.paper.co.uk", "paper.co.uk"),
        ("https://Paper.Example/", "paper.example", "paper.example"),
        ("http://127.0.0.1:8000/", "127.0.0.1", "127.0.0.1"),
        ("http://localhost/", "localhost", "localhost"),
        ("nothing", "", ""),
    ],
)
def test_domains(url: str, name: str, registered: str) -> None:
    assert (domain(url), registered_domain(url)) == (name, registered)
