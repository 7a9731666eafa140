"""From a feed's address to a search, in processes of their own, on both indexes."""

import json
from datetime import UTC, datetime

import pytest

from tests.pipeline.dateline import Dateline
from tests.servers.feed_documents import Item, rss
from tests.servers.feed_server import FeedServer

PARAGRAPHS = (
    "ISTANBUL (Reuters) - Russia and Ukraine signed separate agreements with Turkey and the United "
    "Nations on Friday to let grain leave Ukraine’s Black Sea ports.",
    "U.N. Secretary-General Antonio Guterres called it “a beacon” for the world at the ceremony in "
    "Istanbul’s Dolmabahce Palace, beside President Tayyip Erdogan.",
    "ADVERTISEMENT",
    "Defence Minister Sergei Shoigu signed for Moscow, Infrastructure Minister Oleksandr Kubrakov "
    "for Kyiv. Guterres and Erdogan watched.",
    "The World Food Programme said ships would soon load in Odesa. A NATO official welcomed the "
    "deal, according to CNN.",
)
TITLE = "Ukraine, Russia sign deal to reopen grain export ports"
LINK = "https://paper.example/world/grain-deal?utm_source=rss"


def item(title: str = TITLE, link: str = LINK, guid: str = "grain-1") -> Item:
    return Item(
        guid=guid,
        link=link,
        title=title,
        content_html="".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS),
        published=datetime(2022, 7, 22, 15, 30, tzinfo=UTC),
    )


@pytest.fixture
def served(dateline: Dateline, feed_server: FeedServer) -> Dateline:
    """Gives an installation whose one feed serves the article."""
    feed_server.put("/feed.xml", rss([item()]), content_type="application/rss+xml")
    dateline.configure(feed_server.url("/feed.xml"))
    return dateline


def test_an_article_is_ingested_cleaned_tagged_and_found(served: Dateline) -> None:
    served.run_once()
    (article,) = served.articles("grain ports")
    news = article["news"]
    assert article["@timestamp"] == "2022-07-22T15:30:00Z"
    assert article["url"]["full"] == "https://paper.example/world/grain-deal"
    assert article["message"] == news["title"] == TITLE
    kept = [paragraph for paragraph in PARAGRAPHS if paragraph != "ADVERTISEMENT"]
    assert news["body"].split("\n\n") == kept
    assert news["language"] == "en"
    assert (news["revision"], news["published_source"]) == (1, "feed")
    people = ["António Guterres", "Oleksandr Kubrakov", "Recep Tayyip Erdogan", "Sergei Shoigu"]
    assert sorted(unaccented(person) for person in news["people"]) == sorted(
        map(unaccented, people)
    )
    assert {"Reuters", "United Nations", "NATO", "CNN"} <= set(news["organizations"])
    assert "World Food Programme" in news["organizations"]
    assert sorted(news["geo"]["country_iso_code"]) == ["RU", "TR", "UA"]
    assert {"Istanbul", "Black Sea"} <= set(news["places"])
    assert "Eastern Europe" in news["geo"]["macro_region"]


def unaccented(name: str) -> str:
    return name.translate(str.maketrans("óğ", "og"))


def test_a_second_run_writes_nothing(served: Dateline, feed_server: FeedServer) -> None:
    served.run_once()
    first = served.articles()
    served.run_once()
    assert served.articles() == first
    answers = [request.status for request in feed_server.requests if request.path == "/feed.xml"]
    assert answers == [200, 304]


def test_known_entries_are_not_written_again_by_a_server_without_validators(
    dateline: Dateline, feed_server: FeedServer
) -> None:
    feed_server.put("/feed.xml", rss([item()]), etag=False)
    dateline.configure(feed_server.url("/feed.xml"))
    dateline.run_once()
    first = dateline.articles()
    assert "1 unchanged" in dateline.run_once()
    assert dateline.articles() == first


def test_a_changed_title_is_a_revision_of_the_same_document(
    served: Dateline, feed_server: FeedServer
) -> None:
    served.run_once()
    before = served.search()["hits"][0]
    feed_server.put("/feed.xml", rss([item("Corrected: " + TITLE)]))
    served.run_once()
    (after,) = served.search()["hits"]
    assert after["id"] == before["id"]
    assert after["article"]["news"]["title"] == "Corrected: " + TITLE
    assert after["article"]["news"]["revision"] == 2
    assert after["article"]["event"]["created"] == before["article"]["event"]["created"]


def test_a_changed_link_keeps_its_document(served: Dateline, feed_server: FeedServer) -> None:
    served.run_once()
    before = served.search()["hits"][0]
    moved = item(link="https://paper.example/world/grain-deal-signed")
    feed_server.put("/feed.xml", rss([moved]))
    served.run_once()
    (after,) = served.search()["hits"]
    assert after["id"] == before["id"]
    assert after["article"]["url"]["full"] == "https://paper.example/world/grain-deal-signed"


def test_two_feeds_with_one_article_are_one_document(
    dateline: Dateline, feed_server: FeedServer
) -> None:
    feed_server.put("/a.xml", rss([item(guid="a")]))
    feed_server.put("/b.xml", rss([item(guid="b", link=LINK.replace("utm_source", "utm_medium"))]))
    dateline.configure(feed_server.url("/a.xml"), feed_server.url("/b.xml"))
    dateline.run_once()
    (article,) = dateline.articles()
    assert article["news"]["feed"]["name"] == ["Feed 1", "Feed 2"]
    assert article["news"]["revision"] == 1


def test_one_bad_feed_costs_no_other(dateline: Dateline, feed_server: FeedServer) -> None:
    feed_server.put("/good.xml", rss([item()]))
    feed_server.put("/page.xml", b"<html><body>Not a feed</body></html>", content_type="text/html")
    urls = [feed_server.url(path) for path in ("/page.xml", "/missing.xml", "/good.xml")]
    dateline.configure(*urls)
    said = dateline.run_once()
    assert "2 feeds failed" in said
    assert len(dateline.articles()) == 1
    errors = {state["url"]: state["last_error"] for state in dateline.feed_states()}
    assert "404" in errors[urls[1]]
    assert errors[urls[0]]
    assert errors[urls[2]] == ""


def test_a_run_that_reaches_nobody_asks_whether_there_is_a_network(
    dateline: Dateline, feed_server: FeedServer
) -> None:
    dateline.configure("http://127.0.0.1:9/a", "http://127.0.0.1:9/b")
    question = "none of the hosts of 2 feeds was reached: is there a network?"
    assert question in dateline("run", "--once", "--set", "polling.round=5s", status=1).stderr
    dateline.configure("http://127.0.0.1:9/a", feed_server.url("/missing.xml"))
    assert "is there a network" not in dateline.run_once(status=1)


def test_a_strict_run_fails_with_one_of_its_feeds(
    dateline: Dateline, feed_server: FeedServer
) -> None:
    feed_server.put("/good.xml", rss([item()]))
    dateline.configure(feed_server.url("/good.xml"), feed_server.url("/missing.xml"))
    said = dateline("run", "--once", "--strict", status=1).stderr
    assert "1 feed failed" in said
    assert len(dateline.articles()) == 1


def test_a_run_in_which_nothing_could_be_polled_fails(
    dateline: Dateline, feed_server: FeedServer
) -> None:
    dateline.configure(feed_server.url("/missing.xml"))
    said = dateline.run_once(status=1)
    assert "done: 1 feed polled, 0 new articles, 1 feed failed\n" in said
    (state,) = dateline.feed_states()
    assert "404" in state["last_error"]
    assert (state["last_status"], state["last_success"]) == (404, None)


def test_entries_over_the_limit_are_taken_by_the_next_rounds(
    dateline: Dateline, feed_server: FeedServer
) -> None:
    items = [item(f"Item {n}", f"https://paper.example/{n}", f"g{n}") for n in range(25)]
    feed_server.put("/feed.xml", rss(items))
    dateline.configure(feed_server.url("/feed.xml"), limits={"entries": 10})
    dateline.run_once()
    assert len(dateline.articles()) == 25
    dateline.run_once()
    assert [r.status for r in feed_server.requests][-1] == 304


def test_a_slow_feed_holds_up_no_other(dateline: Dateline, feed_server: FeedServer) -> None:
    release = feed_server.put_blocked("/slow.xml", rss([item(guid="slow")]))
    feed_server.put("/quick.xml", rss([item("Quick", "https://paper.example/quick", "quick")]))
    quick_host = feed_server.url("/quick.xml").replace("127.0.0.1", "localhost")
    dateline.configure(
        feed_server.url("/slow.xml"),
        quick_host,
        http={"allow_networks": ["127.0.0.0/8"], "timeout": "3s"},
    )
    said = dateline.run_once()
    release.set()
    assert "1 under way" in said
    assert "1 feed failed" in said
    assert [article["message"] for article in dateline.articles()] == ["Quick"]


def test_an_export_gives_the_documents_as_a_search_does(
    dateline: Dateline, feed_server: FeedServer
) -> None:
    items = [item(f"Item {n}", f"https://paper.example/{n}", f"g{n}") for n in range(12)]
    feed_server.put("/feed.xml", rss(items))
    dateline.configure(feed_server.url("/feed.xml"))
    dateline.run_once()
    lines = [json.loads(line) for line in dateline("export").stdout.splitlines()]
    found = {hit["id"]: hit["article"] for hit in dateline.search("--size", "50")["hits"]}
    assert {line["id"]: line["article"] for line in lines} == found
    assert len(lines) == 12
    assert dateline("export", "--since", "2022-07-23").stdout == ""
    assert len(dateline("export", "--since", "2022-07-22").stdout.splitlines()) == 12
