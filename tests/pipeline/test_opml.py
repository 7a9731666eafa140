from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.configuration import load_config
from pipeline.feed_list import add_feeds, import_opml, remove_feeds
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
    ],
    ids=["cut off", "a feed", "entities", "no http"],
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


def test_an_import_adds_to_the_configuration_once(tmp_path: Path) -> None:
    config_file = tmp_path / "dateline.yaml"
    config_file.write_text("# ours\nfeeds:\n  - url: https://known.example/\n")
    source = listed(
        tmp_path,
        '<outline xmlUrl="https://known.example/"/><outline xmlUrl="https://new.example/"/>',
    )
    for expected in (["https://new.example/"], []):
        added, target, _ = import_opml(source, config_file, load_config(config_file))
        assert [feed.url for feed in added] == expected
    assert target == tmp_path / "feeds.opml"
    assert config_file.read_text().startswith("# ours\n")
    feeds = {feed.url: feed.name for feed in load_config(config_file).feeds}
    assert feeds == {"https://known.example/": "", "https://new.example/": ""}


@pytest.mark.parametrize("named", ["${LISTS:-lists}/mine.opml", "~/lists/mine.opml"])
def test_an_import_finds_the_list_where_the_configuration_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "lists").mkdir()
    mine = listed(tmp_path / "lists", '<outline xmlUrl="https://known.example/"/>', "mine.opml")
    config_file = tmp_path / "dateline.yaml"
    config_file.write_text(f"opml: ['{named}']\n")
    source = listed(tmp_path, '<outline xmlUrl="https://new.example/"/>')
    _, target, _ = import_opml(source, config_file, load_config(config_file))
    assert target == mine
    assert [feed.url for feed in read_opml(mine)] == [
        "https://known.example/",
        "https://new.example/",
    ]
    assert config_file.read_text() == f"opml: ['{named}']\n"


def test_a_list_is_replaced_in_one_step_and_stays_the_file_it_was(tmp_path: Path) -> None:
    mine = listed(tmp_path, '<outline xmlUrl="https://known.example/"/>', "mine.opml")
    mine.chmod(0o640)
    (tmp_path / "linked.opml").symlink_to("mine.opml")
    config_file = tmp_path / "dateline.yaml"
    config_file.write_text("opml: [linked.opml]\n")
    source = listed(tmp_path, '<outline xmlUrl="https://new.example/"/>')
    with mine.open("rb") as reader:
        import_opml(source, config_file, load_config(config_file))
        assert b"new.example" not in reader.read(), "whoever reads it has the old one whole"
    assert (tmp_path / "linked.opml").is_symlink()
    assert mine.stat().st_mode & 0o777 == 0o640
    assert len(read_opml(mine)) == 2
    assert {path.name for path in tmp_path.iterdir()} == {
        "dateline.yaml",
        "linked.opml",
        "list.opml",
        "mine.opml",
    }


@pytest.mark.parametrize("language", ["unknown", "English", ""])
def test_a_language_that_is_none_is_passed_over(tmp_path: Path, language: str) -> None:
    path = tmp_path / "list.opml"
    path.write_text(
        '<opml version="2.0"><body>'
        f'<outline xmlUrl="https://a.example/" language="{language}"/></body></opml>'
    )
    assert [feed.language for feed in read_opml(path)] == [""]


def test_an_odd_outline_costs_no_other(tmp_path: Path) -> None:
    config_file = tmp_path / "dateline.yaml"
    config_file.write_text("feeds: []\n")
    source = listed(
        tmp_path,
        '<outline text="Old" xmlUrl="ftp://old.example/"/><outline xmlUrl="https://new.example/"/>',
    )
    added, _, faults = import_opml(source, config_file, load_config(config_file))
    assert [feed.url for feed in added] == ["https://new.example/"]
    assert len(faults) == 1
    assert "the outline 'Old': url" in faults[0]


def test_feeds_are_added_and_removed_by_address(tmp_path: Path) -> None:
    config_file = tmp_path / "dateline.yaml"
    config_file.write_text("feeds:\n  - url: https://known.example/\n")
    wanted = [Feed(url=f"https://{name}.example/") for name in ("a", "known", "b")]
    added, target = add_feeds(wanted, config_file, load_config(config_file))
    assert [feed.url for feed in added] == ["https://a.example/", "https://b.example/"]
    config = load_config(config_file)
    assert remove_feeds({"https://a.example/"}, config_file, config) == [target]
    assert [feed.url for feed in read_opml(target)] == ["https://b.example/"]


@pytest.mark.parametrize(
    ("url", "reason"),
    [("https://known.example/", "dateline.yaml itself"), ("https://x.example/", "no such feed")],
)
def test_a_feed_in_no_list_is_not_removed(tmp_path: Path, url: str, reason: str) -> None:
    mine = listed(tmp_path, '<outline xmlUrl="https://mine.example/"/>', "mine.opml")
    config_file = tmp_path / "dateline.yaml"
    config_file.write_text("feeds:\n  - url: https://known.example/\nopml: [mine.opml]\n")
    with pytest.raises(ConfigError, match=reason):
        remove_feeds({"https://mine.example/", url}, config_file, load_config(config_file))
    assert len(read_opml(mine)) == 1
