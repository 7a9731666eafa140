from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.opml import read_opml, write_opml
from schemas.errors import ConfigError
from schemas.feed import Feed

words = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)
# With what means something in a list: between categories, in them, in XML.
odd_words = st.text(st.sampled_from('ab,/ &<"\n'), min_size=1, max_size=5).filter(
    lambda word: word == word.strip()
)


def listed(tmp_path: Path, body: str, name: str = "list.opml") -> Path:
    path = tmp_path / name
    path.write_text(f'<opml version="2.0"><head/><body>{body}</body></opml>', encoding="utf-8")
    return path


def test_folders_and_categories_become_tags(tmp_path: Path) -> None:
    body = (
        '<outline text="Africa"><outline text="East">'
        '<outline title="The Paper" xmlUrl="https://paper.example/rss" category="/daily,en" '
        'language="sw" country="ke"/></outline></outline>'
    )
    (feed,) = read_opml(listed(tmp_path, body))
    assert feed.name == "The Paper"
    assert feed.tags == ["Africa", "East", "daily", "en"]
    assert (feed.language, feed.country) == ("sw", "KE")


def test_a_feed_in_two_folders_is_one_feed_with_both_tags(tmp_path: Path) -> None:
    outline = '<outline text="P" xmlUrl="https://p.example/"/>'
    body = f'<outline text="A">{outline}</outline><outline text="B">{outline}</outline>'
    (feed,) = read_opml(listed(tmp_path, body))
    assert feed.tags == ["A", "B"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<opml><body>", "well-formed"),
        (b"<rss><channel/></rss>", "no OPML"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><opml><body/></opml>', "well-formed"),
        (b'<opml><body><outline text="X" xmlUrl="gopher://x"/></body></opml>', "'X': url"),
        (b"<opml><body>%s</body></opml>" % (b"<outline>" * 999 + b"</outline>" * 999), "deep"),
    ],
    ids=["cut off", "a feed", "entities", "no http", "very deep"],
)
def test_what_is_no_list_is_named(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "list.opml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=reason):
        read_opml(path)


@given(
    st.lists(
        st.builds(
            Feed,
            url=words.map(lambda word: f"https://{word.encode().hex()}.example/"),
            name=st.one_of(st.just(""), words, odd_words),
            country=st.sampled_from(["", "KE", "NO"]),
            language=st.sampled_from(["", "sw"]),
            tags=st.lists(st.one_of(words, odd_words), unique=True, max_size=4),
        ),
        unique_by=lambda feed: feed.url,
        max_size=6,
    )
)
def test_a_written_list_reads_back(
    tmp_path_factory: pytest.TempPathFactory, feeds: list[Feed]
) -> None:
    path = tmp_path_factory.mktemp("opml") / "out.opml"
    path.write_text(write_opml(feeds), encoding="utf-8")
    back = {feed.url: feed for feed in read_opml(path)}
    assert back == {feed.url: feed for feed in feeds}


def test_a_feed_without_a_name_has_a_text_all_the_same(tmp_path: Path) -> None:
    text = write_opml([Feed(url="https://p.example/")])
    assert 'text="https://p.example/"' in text, "OPML 2.0 requires it"


@pytest.mark.parametrize("language", ["unknown", "English", ""])
def test_a_language_that_is_none_is_passed_over(tmp_path: Path, language: str) -> None:
    path = tmp_path / "list.opml"
    path.write_text(
        '<opml version="2.0"><body>'
        f'<outline xmlUrl="https://a.example/" language="{language}"/></body></opml>'
    )
    assert [feed.language for feed in read_opml(path)] == [""]


@pytest.mark.parametrize("encoding", ["windows-1251", "gb2312", "utf-16", "no-such-one"])
def test_a_list_is_read_in_the_encoding_that_it_has(tmp_path: Path, encoding: str) -> None:
    name = {"windows-1251": "Дело", "gb2312": "新闻"}.get(encoding, "Écho")
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?><opml version="2.0"><body>'
        f'<outline text="{name}" xmlUrl="https://a.example/"/></body></opml>'
    )
    path = tmp_path / "list.opml"
    path.write_bytes(text.encode("utf-8" if encoding == "no-such-one" else encoding))
    assert [feed.name for feed in read_opml(path)] == [name]
