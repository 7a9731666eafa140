"""Charsets told from the bytes, against what is claimed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.feeds.charset import utf8_against_claims
from transforms.feeds.parsing import parse_feed

URL = "https://paper.example/feed"


def rss(title: bytes, encoding: str = "utf-8") -> bytes:
    prolog = f'<?xml version="1.0" encoding="{encoding}"?>'.encode() if encoding else b""
    return prolog + b"<rss><channel><item><title>" + title + b"</title></item></channel></rss>"


def title_of(body: bytes, content_type: str = "") -> str:
    return parse_feed(body, url=URL, content_type=content_type).entries[0].title


@pytest.mark.parametrize(
    ("title", "encoding", "content_type"),
    [
        ("Chloë’s “café”".encode(), "iso-8859-1", ""),
        ("Chloë’s “café”".encode(), "us-ascii", ""),
        ("Chloë’s “café”".encode(), "", "text/xml; charset=ISO-8859-1"),
        ("Chloë’s “café”".encode("cp1252"), "utf-8", ""),
        ("Chloë’s “café”".encode("cp1252"), "", ""),
        ("Chloë".encode() + "’s “".encode("cp1252") + "café".encode() + b"\x94", "utf-8", ""),
    ],
    ids=[
        "utf-8 called iso-8859-1",
        "utf-8 called ASCII",
        "HTTP says iso-8859-1",
        "cp1252 called utf-8",
        "cp1252 of no name",
        "both",
    ],
)
def test_the_bytes_are_believed(title: bytes, encoding: str, content_type: str) -> None:
    body = rss(title, encoding)
    assert utf8_against_claims(body, content_type) is not None
    assert title_of(body, content_type) == "Chloë’s “café”"


@pytest.mark.parametrize(
    ("text", "encoding", "declared"),
    [
        ("Chloë’s “café”", "utf-8", "utf-8"),
        ("Chloë à l’école", "cp1252", "windows-1252"),
        ("Źródło “łąka”", "cp1250", "windows-1250"),
        ("Погода", "koi8-r", "koi8-r"),
        ("天気予報", "shift_jis", "shift_jis"),
        ("天气", "gb2312", "gb2312"),
        ("plain", "ascii", "iso-8859-1"),
    ],
)
def test_claims_are_believed_where_they_may_be_right(
    text: str, encoding: str, declared: str
) -> None:
    assert title_of(rss(text.encode(encoding), declared)) == text


@given(st.text(max_size=60), st.sampled_from(["iso-8859-1", "windows-1252", "us-ascii", "utf-8"]))
def test_utf_8_is_never_changed(text: str, claimed: str) -> None:
    body = rss(text.encode(), claimed)
    assert utf8_against_claims(body, "") in (None, body)


@given(st.lists(st.sampled_from("éàüñçß aeiou"), min_size=1).map("".join))
def test_accented_letters_of_a_declared_latin_1_are_left_to_the_declaration(text: str) -> None:
    assert utf8_against_claims(rss(text.encode("iso-8859-1"), "iso-8859-1"), "") is None
