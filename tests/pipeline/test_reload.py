import os
from pathlib import Path

from pipeline.configuration import load_config
from pipeline.reload import ConfigWatch
from schemas.config import Config

OPML = '<opml version="2.0"><body><outline xmlUrl="https://{}.example/"/></body></opml>'


def watched(tmp_path: Path, text: str) -> tuple[Path, ConfigWatch]:
    path = tmp_path / "dateline.yaml"
    path.write_text(text)
    return path, ConfigWatch(path, ["polling.round=2s"], load_config(path, ["polling.round=2s"]))


def urls(config: Config | None) -> list[str]:
    assert config is not None
    return [feed.url for feed in config.feeds]


def test_an_unchanged_file_is_no_change(tmp_path: Path) -> None:
    path, watch = watched(tmp_path, "feeds: [{url: 'https://a.example/'}]")
    assert watch.changed() is None
    os.utime(path)
    assert watch.changed() is None, "touched, and still the same"


def test_a_changed_file_is_given_once_with_the_runs_own_settings(tmp_path: Path) -> None:
    path, watch = watched(tmp_path, "feeds: [{url: 'https://a.example/'}]")
    path.write_text("feeds: [{url: 'https://a.example/'}, {url: 'https://b.example/'}]")
    config = watch.changed()
    assert urls(config) == ["https://a.example/", "https://b.example/"]
    assert config is not None
    assert config.polling.round == 2
    assert watch.changed() is None


def test_a_changed_feed_list_is_a_change(tmp_path: Path) -> None:
    (tmp_path / "list.opml").write_text(OPML.format("a"))
    _, watch = watched(tmp_path, "opml: [list.opml]")
    (tmp_path / "list.opml").write_text(OPML.format("longer"))
    assert urls(watch.changed()) == ["https://longer.example/"]


def test_a_mistake_is_not_taken_up_and_its_mending_is(tmp_path: Path) -> None:
    path, watch = watched(tmp_path, "feeds: []")
    path.write_text("fedes: []")
    assert watch.changed() is None
    assert watch.changed() is None
    path.write_text("feeds: [{url: 'https://mended.example/'}]")
    assert urls(watch.changed()) == ["https://mended.example/"]


def test_another_index_waits_for_a_restart(tmp_path: Path) -> None:
    path, watch = watched(tmp_path, "index: {url: 'embedded:one'}")
    path.write_text("index: {url: 'embedded:two'}\nfeeds: [{url: 'https://a.example/'}]")
    config = watch.changed()
    assert config is not None
    assert config.index.url == f"embedded:{tmp_path / 'one'}"
    assert urls(config) == ["https://a.example/"]
