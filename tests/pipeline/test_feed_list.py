from pathlib import Path

import pytest

from pipeline.configuration import load_config
from pipeline.feed_list import add_feeds, import_opml, remove_feeds
from pipeline.opml import read_opml
from schemas.errors import ConfigError, TransientError
from schemas.feed import Feed
from tests.pipeline.test_configuration import written
from tests.pipeline.test_opml import listed

NEW = Feed(url="https://new.example/")


def test_an_import_adds_to_the_configuration_once(tmp_path: Path) -> None:
    config_file = written(tmp_path, "# ours\nfeeds:\n  - url: https://known.example/\n")
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
    config_file = written(tmp_path, f"opml: ['{named}']\n")
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
    config_file = written(tmp_path, "opml: [linked.opml]\n")
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


def test_an_odd_outline_costs_no_other(tmp_path: Path) -> None:
    config_file = written(tmp_path, "feeds: []\n")
    source = listed(
        tmp_path,
        '<outline text="Old" xmlUrl="ftp://old.example/"/><outline xmlUrl="https://new.example/"/>',
    )
    added, _, faults = import_opml(source, config_file, load_config(config_file))
    assert [feed.url for feed in added] == ["https://new.example/"]
    assert len(faults) == 1
    assert "the outline 'Old': url" in faults[0]


def test_feeds_are_added_and_removed_by_address(tmp_path: Path) -> None:
    config_file = written(tmp_path, "feeds:\n  - url: https://known.example/\n")
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
    config_file = written(tmp_path, "feeds:\n  - url: https://known.example/\nopml: [mine.opml]\n")
    with pytest.raises(ConfigError, match=reason):
        remove_feeds({"https://mine.example/", url}, config_file, load_config(config_file))
    assert len(read_opml(mine)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# only a comment\n",
        "index: {prefix: ours}  # a comment\n# the end",
        "opml: []  # none yet\nindex: {prefix: ours}\n",
        "opml: [\n]\nindex:\n  prefix: ours\n",
        '"opml":\n  []\n\n# of the index\nindex:\n  prefix: ours\n',
        "{index: {prefix: ours}}\n",
        "---\nindex:\n  prefix: ours\n  # deeper\n...\n",
        "  index:\n    prefix: ours\n",
    ],
    ids=[
        "empty",
        "comment",
        "no newline at the end",
        "empty list",
        "list of two lines",
        "quoted key",
        "in braces",
        "end of the document",
        "indented",
    ],
)
def test_a_configuration_names_its_new_list_however_it_is_written(
    tmp_path: Path, text: str
) -> None:
    config_file = written(tmp_path, text)
    before = load_config(config_file)
    add_feeds([NEW], config_file, before)
    after = load_config(config_file)
    assert (after.feeds, after.index) == ([NEW.model_copy(update={"hold": "host"})], before.index)
    changed = config_file.read_text()
    assert [line for line in changed.splitlines() if "#" in line] == [
        line.replace("[]", "[feeds.opml]") for line in text.splitlines() if "#" in line
    ]


def test_a_feed_that_is_given_twice_is_added_once(tmp_path: Path) -> None:
    config_file = written(tmp_path, "")
    added, target = add_feeds([NEW, NEW], config_file, load_config(config_file))
    assert (len(added), len(read_opml(target))) == (1, 1)


def test_a_list_that_cannot_be_written_is_named_and_changes_nothing(tmp_path: Path) -> None:
    config_file = written(tmp_path, "opml: []\n")
    nowhere = load_config(config_file).model_copy(update={"opml": [Path("/dev/null/feeds.opml")]})
    with pytest.raises(TransientError, match=r"^/dev/null/feeds\.opml: cannot be written: "):
        add_feeds([NEW], config_file, nowhere)
    assert config_file.read_text() == "opml: []\n"
