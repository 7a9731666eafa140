"""Feeds of every format, polled: one report that all of them show is one document."""

from tests.pipeline.dateline import Dateline
from tests.servers.feed_server import FeedServer
from tests.servers.format_documents import DOCUMENTS, RAIN


def test_a_report_in_feeds_of_every_format_is_one_document(
    dateline: Dateline, feed_server: FeedServer
) -> None:
    urls = [feed_server.url(f"/{number}") for number in range(len(DOCUMENTS))]
    for number, document in enumerate(DOCUMENTS.values()):
        feed_server.put(f"/{number}", document.body.encode(), content_type=document.content_type)
    dateline.configure(*urls)
    dateline.run_once()
    (article,) = dateline.articles()
    assert (article["message"], article["url"]["full"]) == ("Rain & wind", RAIN)
    assert article["news"]["body"] == "Streets & cellars are flooded."
    assert sorted(article["news"]["feed"]["url"]) == sorted(urls)
    formats = {state["url"]: state["format"] for state in dateline.feed_states()}
    assert [formats[url] for url in urls] == [one.format for one in DOCUMENTS.values()]
