"""Some polls are parsed on both paths; a feed on which they disagree is read by feedparser."""

import logging
from xml.etree.ElementTree import Element

import apache_beam as beam
import pytest

from pipeline.rounds import in_process_pipeline, run_pipeline
from schemas.config import Config
from schemas.feed import FeedState
from schemas.poll import FetchResult
from tests.servers.feed_documents import Item, atom, rss
from tests.transforms.http.polls import NOW, poll_of
from transforms.feeds import checked_parsing, well_formed
from transforms.feeds.checked_parsing import Reading, read_checked
from transforms.feeds.comparison import is_compared
from transforms.feeds.entry_walk import EntryWalk
from transforms.feeds.polling import read_poll
from transforms.parse import LEARNT, Parse

URL = "https://paper.example/feed"
BODY = rss([Item(guid="1", link="https://paper.example/1", title="Rain")])


@pytest.fixture
def defect(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes the fast path read titles wrongly."""

    def wrong_title(walk: EntryWalk, _element: Element, depth: int) -> None:
        walk.store("title", "Wrong", depth)

    monkeypatch.setitem(well_formed._TABLE, "title", wrong_title)


def read(state: FeedState, body: bytes = BODY, share: float = 1) -> Reading:
    return read_checked(body, url=URL, content_type="", state=state, share=share)


def state(**learnt: object) -> FeedState:
    return FeedState.model_validate({"url": URL, "host": "paper.example", **learnt})


def titles(reading: Reading) -> list[str]:
    return [entry.title for entry in reading.parsed.entries]


def test_where_the_paths_agree_nothing_is_learnt() -> None:
    reading = read(state())
    assert (reading.compared, reading.differences, reading.learnt) == (True, [], {})


@pytest.mark.usefixtures("defect")
def test_where_they_disagree_feedparser_is_right_and_reads_the_feed_from_then_on() -> None:
    assert titles(read(state(), share=0)) == ["Wrong"]
    first = read(state())
    assert titles(first) == ["Rain"]
    assert first.learnt == {
        "disagreements": 1,
        "last_disagreement": "title",
        "safe_path": "rss20/1",
    }
    later = read(state(**first.learnt), share=0)
    assert (titles(later), later.compared, later.learnt) == (["Rain"], False, {})


@pytest.mark.usefixtures("defect")
def test_another_format_is_tried_on_the_fast_path_again() -> None:
    items = [Item(guid="1", link="https://paper.example/1", title="Rain")]
    changed = read(state(safe_path="rss20/1"), body=atom(items), share=0)
    assert (titles(changed), changed.learnt) == (["Rain"], {"safe_path": ""})


def test_other_rules_of_the_fast_path_are_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checked_parsing, "FAST_RULES", 2)
    mended = read(state(safe_path="rss20/1", disagreements=1), share=0)
    assert (titles(mended), mended.learnt) == (["Rain"], {"safe_path": ""})


@pytest.mark.parametrize("share", [0, 0.01, 0.2, 1])
def test_the_share_of_polls_is_kept_and_each_poll_is_judged_alike(share: float) -> None:
    polls = [(f"https://paper-{n % 100}.example/feed", n // 100) for n in range(20_000)]
    chosen = [poll for poll in polls if is_compared(*poll, share)]
    assert len(chosen) / len(polls) == pytest.approx(share, abs=0.005)
    assert chosen == [poll for poll in polls if is_compared(*poll, share)]
    if share == 0.2:
        assert len({url for url, _ in chosen}) == 100, "no feed is left out"


def answer(status: int = 200) -> FetchResult:
    return FetchResult(poll=poll_of(URL), fetched_at=NOW, status=status, body=BODY)


COMPARED = Config.model_validate({"parsing": {"compare_share": 1}})


@pytest.mark.usefixtures("defect")
def test_a_poll_carries_what_was_learnt_of_the_paths() -> None:
    polled = read_poll(answer(), COMPARED, NOW, 0.5)
    learnt = polled.learnt.state
    assert (learnt.safe_path, learnt.disagreements) == ("rss20/1", 1)
    assert [entry.entry.title for entry in polled.entries] == ["Rain"]
    assert read_poll(answer(304), COMPARED, NOW, 0.5).reading is None


@pytest.mark.usefixtures("defect")
def test_disagreements_are_counted_and_logged_with_what_differed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    pipeline = in_process_pipeline()
    parsed = pipeline | beam.Create([answer()]) | Parse(COMPARED)
    parsed[LEARNT] | beam.Map(lambda learnt: learnt.state.safe_path)
    with caplog.at_level(logging.WARNING):
        counters = run_pipeline(pipeline)
    assert (counters["parsed_on_both_paths"], counters["path_disagreements"]) == (1, 1)
    assert "entry 0 title: 'Wrong' against 'Rain'" in caplog.text
    assert f"{URL}: the fast path and feedparser disagree" in caplog.text
