from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.article import Sight
from tests.transforms.storage.memory_index import MemoryIndex
from tests.transforms.storage.sights import FEEDS, START, feed_histories, interleaved, sight
from transforms.storage.article_index import WriteResult
from transforms.storage.merge import merge
from transforms.storage.writer import MAX_CONFLICTS, SightResult, pause_before_try, write_sights


def write(index: MemoryIndex, sights: Sequence[Sight], tries: int = 3) -> list[SightResult]:
    return write_sights(
        index,  # type: ignore[arg-type]
        sights,
        now=lambda: START,
        tries=tries,
        sleep=lambda _seconds: None,
        draw=lambda: 0.5,
    )


def kinds(results: Sequence[SightResult]) -> list[str]:
    return [result.kind for result in results]


def test_sights_of_one_document_are_folded_into_one_write() -> None:
    index = MemoryIndex()
    results = write(index, [sight(FEEDS[0]), sight(FEEDS[1], 1), sight(article_id="other")])
    assert kinds(results) == ["written"] * 3
    assert index.writes == 2
    assert index.article().news.feed.url == list(FEEDS[:2])


def test_what_is_known_is_not_written_again() -> None:
    index = MemoryIndex()
    write(index, [sight()])
    assert kinds(write(index, [sight()])) == ["unchanged"]
    assert index.writes == 1


def test_a_faster_writer_is_merged_with() -> None:
    index = MemoryIndex()
    rivals = [sight(FEEDS[1], 1, body="a longer text")]

    def rival() -> None:
        if rivals:
            write(other_view(index), [rivals.pop()])

    index.before_write = rival
    assert kinds(write(index, [sight(FEEDS[0])])) == ["written"]
    assert index.article().news.feed.url == list(FEEDS[:2])
    assert index.article().news.body == "a longer text"


def other_view(index: MemoryIndex) -> MemoryIndex:
    view = MemoryIndex()
    view.documents = index.documents
    return view


def test_one_refused_document_costs_no_other() -> None:
    index = MemoryIndex()
    index.answers = {"bad": [WriteResult("rejected", "field too long")]}
    results = write(index, [sight(article_id="bad"), sight(article_id="good")])
    assert kinds(results) == ["rejected", "written"]
    assert results[0].reason == "field too long"


def test_overload_is_tried_again_and_then_put_off() -> None:
    index = MemoryIndex()
    index.answers = {
        "slow": [WriteResult("transient", "queue full")] * 2,
        "never": [WriteResult("transient", "blocked")] * 9,
    }
    results = write(index, [sight(article_id="slow"), sight(article_id="never"), sight()])
    assert kinds(results) == ["written", "transient", "written"]
    assert results[1].reason == "blocked"


@pytest.mark.parametrize(("down", "kind"), [(2, "written"), (3, "transient")])
def test_an_index_that_is_away_is_waited_for_a_bounded_time(down: int, kind: str) -> None:
    index = MemoryIndex()
    index.down = down
    assert kinds(write(index, [sight()], tries=3)) == [kind]


def test_endless_conflicts_end() -> None:
    index = MemoryIndex()
    index.answers = {"article": [WriteResult("conflict")] * (MAX_CONFLICTS + 1)}
    (result,) = write(index, [sight()])
    assert result.kind == "transient"
    assert "faster" in result.reason


@given(st.data())
def test_batches_of_any_cut_give_the_document_of_the_merge(data: st.DataObject) -> None:
    order = data.draw(interleaved(data.draw(feed_histories())))
    expected = None
    for one in order:
        expected = merge(expected, one).article
    index = MemoryIndex()
    while order:
        size = data.draw(st.integers(1, len(order)))
        # Within a batch the writer itself puts the sights of a document in order of time.
        write(index, data.draw(st.permutations(order[:size])))
        order = order[size:]
    assert expected is not None
    written = index.article()
    event = written.event.model_copy(update={"ingested": None})
    assert written.model_copy(update={"event": event}) == expected


@given(st.integers(1, 60), st.floats(0, 1, exclude_max=True))
def test_pauses_are_jittered_and_bounded(attempt: int, draw: float) -> None:
    assert 0 <= pause_before_try(attempt, draw) <= 3.0
