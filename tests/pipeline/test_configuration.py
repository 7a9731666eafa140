from pathlib import Path

import pytest

from pipeline.configuration import find_config_file, load_config
from schemas.errors import ConfigError


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "dateline.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_empty_file_takes_the_defaults(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, ""))
    assert config.polling.interval.min == 300
    assert config.feeds == []


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, "index: {url: 'embedded:./store'}"))
    assert config.index.url == f"embedded:{tmp_path / 'store'}"


def test_quantities_are_read_with_their_units(tmp_path: Path) -> None:
    text = "http: {timeout: 1500ms, max_bytes: 2MB}\npolling: {interval: {min: 1m, max: 2h}}"
    config = load_config(written(tmp_path, text))
    assert config.http.timeout == 1.5
    assert config.http.max_bytes == 2_000_000
    assert config.polling.interval.max == 7200


@pytest.mark.parametrize(
    ("text", "line", "parts"),
    [
        ("feeds: []\npoling: {}\n", 2, ["poling", "did you mean 'polling'"]),
        ("polling:\n  interval:\n    mim: 5m\n", 3, ["polling.interval.mim", "'min'"]),
        ("http:\n  timeout: soon\n", 2, ["http.timeout", "30s", "'soon'"]),
        ("feeds:\n  - url: ftp://example.org/\n", 2, ["feeds.0.url", "http://"]),
        ("feeds:\n  - name: nothing else\n", 2, ["feeds.0.url", "required"]),
        ("feeds:\n  - {url: 'http://a/', country: UK}\n", 2, ["feeds.0.country", "write GB"]),
        ("feeds:\n  - {url: 'http://a/', country: NO}\n", 2, ["country", 'quotes, such as "NO"']),
        ("feeds:\n  - {url: 'http://a/', name: 24}\n", 2, ["name", 'in quotes, "24"']),
        ("feeds:\n  - {url: 'http://a/', language: english}\n", 2, ["language", "write en"]),
        ("feeds:\n  - http://a/feed\n", 2, ["feeds.0", "`- url: http://a/feed`"]),
        ("feeds: http://a/feed\n", 1, ["feeds", "must be a list"]),
        ("http: 3\n", 1, ["http: must hold keys, allow_networks, "]),
        ("index:\n  url: mysql:foo\n", 2, ["index.url", "embedded:PATH"]),
        ("index:\n  keep: 12m\n", 2, ["index.keep", "`12m` is 12 minutes; write `12months`"]),
        ("index:\n  keep: 0\n", 2, ["index.keep", "from 1d", "not 0"]),
        ("index: {keep: -5}\n", 1, ["index.keep", "from 1d", "not -5"]),
        ("index: {keep: 23h}\n", 1, ["index.keep", "from 1d", "'23h'"]),
        ("index: {keep: 99999months}\n", 1, ["index.keep", "to 100 years"]),
        ("http:\n  allow_networks: [10.0.0.300]\n", 2, ["http.allow_networks", "CIDR"]),
        ("polling: {interval: {min: 2h, max: 1h}}\n", 1, ["min", "max"]),
        ("feeds: []\nfeeds: []\n", 2, ["a second time"]),
        ("feeds:\n  - {url: 'http://a/'}\n  - {url: 'http://a/'}\n", 3, ["a second time"]),
        ("index: [\n", 2, ["YAML"]),
        ("index:\n  url: ${DATELINE_NOT_SET}\n", 2, ["DATELINE_NOT_SET", "is not set"]),
        ("index: {url: 'https://me:pw@host:9200'}\n", 1, ["DATELINE_ELASTICSEARCH_USER"]),
        ("feeds: []\nopml: [missing.opml]\n", 2, ["missing.opml", "cannot be read"]),
        ("polling: {round: 99999999d}\n", 1, ["polling.round", "at most 100 years"]),
        ("http:\n  max_bytes: .inf\n", 2, ["http.max_bytes", "15MB", "not inf"]),
        ('http: {user_agent: "a\\nb"}\n', 1, ["http.user_agent", "one line"]),
    ],
)
def test_a_mistake_names_file_line_and_what_is_right(
    tmp_path: Path, text: str, line: int, parts: list[str]
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ConfigError) as raised:
        load_config(path, environ={})
    message = str(raised.value)
    assert message.startswith(f"{path}:{line}:")
    for part in parts:
        assert part in message


@pytest.mark.parametrize("text", ["[" * 2_000 + "]" * 2_000, "&all [*all]"], ids=["deep", "itself"])
def test_a_file_that_is_nested_without_end_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match="nested too deep"):
        load_config(written(tmp_path, f"feeds: {text}"))


def test_a_secret_in_the_url_is_not_repeated_in_the_message(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        load_config(written(tmp_path, "index: {url: 'https://me:hunter2@host:9200'}"))
    assert "hunter2" not in str(raised.value)


def test_variables_come_from_the_environment(tmp_path: Path) -> None:
    text = (
        "index: {url: '${BASE}:9200', prefix: '${PREFIX:-news}'}\nfeeds: [{url: 'http://h/$${x}'}]"
    )
    config = load_config(written(tmp_path, text), environ={"BASE": "http://search"})
    assert config.index.url == "http://search:9200"
    assert config.index.prefix == "news"
    assert config.feeds[0].url == "http://h/${x}"


def test_one_key_can_be_set_for_a_run(tmp_path: Path) -> None:
    path = written(tmp_path, "polling: {round: 1s, lease: 2m}")
    config = load_config(path, ["polling.round=250ms", "limits.entries=7"])
    assert (config.polling.round, config.polling.lease, config.limits.entries) == (0.25, 120, 7)


@pytest.mark.parametrize("text", ["polling.round", "=3", "polling.round.deep=1", "polling.rund=1"])
def test_a_wrong_override_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match=r"--set"):
        load_config(written(tmp_path, "polling: {round: 1s}"), [text])


def test_feeds_of_lists_are_added_and_named_ones_go_first(tmp_path: Path) -> None:
    (tmp_path / "list.opml").write_text(
        '<opml version="2.0"><body><outline text="World">'
        '<outline text="A" xmlUrl="http://a/feed"/><outline text="B" xmlUrl="http://b/feed"/>'
        "</outline></body></opml>"
    )
    text = "feeds: [{url: 'http://b/feed', name: Ours}]\nopml: [list.opml]"
    feeds = load_config(written(tmp_path, text)).feeds
    assert [(feed.url, feed.name, feed.tags) for feed in feeds] == [
        ("http://b/feed", "Ours", []),
        ("http://a/feed", "A", ["World"]),
    ]


def test_the_file_is_found_by_argument_variable_or_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_config_file(None, {}) is None
    path = written(tmp_path, "")
    assert find_config_file(None, {}) == Path(path.name)
    assert find_config_file(None, {"DATELINE_CONFIG": "other.yaml"}) == Path("other.yaml")
    assert find_config_file("given.yaml", {"DATELINE_CONFIG": "other.yaml"}) == Path("given.yaml")
