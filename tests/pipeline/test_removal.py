"""`dateline delete` and `dateline retention`, in processes of their own, on both indexes."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.takedown import domain_name, whole_address
from schemas.errors import ConfigError
from tests.pipeline.dateline import Dateline
from tests.servers.feed_documents import Item, rss
from tests.servers.feed_server import FeedServer

NOW = datetime.now(UTC)


def item(name: str, days_old: float = 1, title: str = "Rain over the harbour") -> Item:
    return Item(
        guid=name,
        link=f"https://paper.example/{name}",
        title=f"{title} {name}",
        content_html="<p>It rained over the harbour all day.</p>",
        published=NOW - timedelta(days=days_old),
    )


def serve(feed_server: FeedServer, *items: Item) -> str:
    feed_server.put("/feed.xml", rss(list(items)), content_type="application/rss+xml")
    return feed_server.url("/feed.xml")


def titles(dateline: Dateline) -> set[str]:
    return {article["news"]["title"].rpartition(" ")[2] for article in dateline.articles()}


@pytest.fixture
def ingested(dateline: Dateline, feed_server: FeedServer) -> Dateline:
    dateline.configure(serve(feed_server, item("one"), item("two"), item("old", 40)))
    dateline.run_once()
    assert titles(dateline) == {"one", "two", "old"}
    return dateline


def test_a_deleted_article_stays_away_when_its_feed_corrects_it(
    ingested: Dateline, feed_server: FeedServer
) -> None:
    url = "https://paper.example/one"
    assert "1 document deleted" in ingested("delete", "--url", url, "--yes").stdout
    assert titles(ingested) == {"two", "old"}
    serve(feed_server, item("one", title="Storm over the harbour"), item("two"), item("three"))
    ingested.run_once()
    assert titles(ingested) == {"two", "three", "old"}
    listed = ingested("delete", "--list").stdout.splitlines()
    assert [json.loads(line) for line in listed] == [{"kind": "url", "value": url}]
    ingested("delete", "--url", url, "--undo")
    serve(feed_server, item("one", title="Flood over the harbour"))
    ingested.run_once()
    assert titles(ingested) == {"one", "two", "three", "old"}


def test_without_yes_nothing_is_deleted_unless_it_is_agreed(ingested: Dateline) -> None:
    done = ingested("delete", "--domain", "paper.example", status=2)
    assert "3 documents would be deleted" in done.stderr
    assert titles(ingested) == {"one", "two", "old"}


@pytest.mark.parametrize("arguments", [(), ("--list", "some-id")], ids=["nothing", "both"])
def test_what_is_to_go_must_be_named(ingested: Dateline, arguments: tuple[str, ...]) -> None:
    assert "name what is to go" in ingested("delete", *arguments, status=2).stderr


def test_retention_deletes_the_old_and_a_set_keep_does_not_take_it_again(
    ingested: Dateline,
) -> None:
    said = ingested("retention", "--keep", "30d", "--dry-run").stdout
    assert "would be deleted: 1 document" in said
    assert titles(ingested) == {"one", "two", "old"}
    assert "deleted: 1 document" in ingested("retention", "--keep", "30d").stdout
    assert titles(ingested) == {"one", "two"}
    ingested.index["keep"] = "30d"
    ingested.configure(*[state["url"] for state in ingested.feed_states()])
    ingested.run_once()
    assert titles(ingested) == {"one", "two"}
    assert "deleted: 0 documents" in ingested("retention").stdout


def test_retention_must_be_told_how_long_to_keep(ingested: Dateline) -> None:
    assert "how long to keep" in ingested("retention", status=2).stderr
    for too_short in ("0", "12m"):
        said = ingested("retention", "--keep", too_short, status=2).stderr
        assert f"--keep {too_short}: " in said
    assert "--keep soon" in ingested("retention", "--keep", "soon", status=2).stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--domain", "http://paper.example/"), "write paper.example"),
        (("--domain", "paper.example:80"), "write paper.example"),
        (("--domain", "*.paper.example"), "write paper.example"),
        (("--domain", "a paper"), "registered domain"),
        (("--url", "paper.example/1"), "a whole address"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_name_that_is_none_is_refused(arguments: tuple[str, str], said: str) -> None:
    read = domain_name if arguments[0] == "--domain" else whole_address
    with pytest.raises(ConfigError, match=said):
        read(arguments[1])


@pytest.mark.parametrize("name", ["paper.example", "Paper.Example.", "localhost", "127.0.0.1"])
def test_a_name_is_read_as_documents_have_it(name: str) -> None:
    assert domain_name(name) == name.lower().rstrip(".")


def test_what_is_not_there_is_told_and_kept_away(ingested: Dateline) -> None:
    done = ingested("delete", "nonsense", "--domain", "other.example", "--yes")
    assert "no such document: id nonsense; a tombstone" in done.stderr
    assert "no such document: domain other.example" in done.stderr
    undone = ingested("delete", "nonsense", "--undo")
    assert "1 tombstone lifted" in undone.stdout
    assert "nothing comes back by itself" in undone.stderr
