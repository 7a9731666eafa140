"""Batches under way at once: what a queue keeps, and what it never does together."""

import threading
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.storage.write_queue import BatchBounds, WriteQueue


class Recorder:
    """Writes nothing; notes which keys are under way together, and how many batches."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.under_way: Counter[str] = Counter()
        self.at_once = self.most_at_once = 0
        self.met_itself = False
        self.order: list[str] = []
        self.batches: list[int] = []

    def write(self, items: Sequence[str]) -> list[str]:
        keys = {item[0] for item in items}
        with self.lock:
            self.met_itself |= any(self.under_way[key] for key in keys)
            self.under_way.update(keys)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            self.order.extend(items)
            self.batches.append(len(items))
        with self.lock:
            self.under_way.subtract(keys)
            self.at_once -= 1
        return [item.upper() for item in items]


def queue_of(recorder: Recorder, bounds: BatchBounds) -> WriteQueue[str, str]:
    return WriteQueue(recorder.write, key=lambda item: item[0], size=len, bounds=bounds)


@settings(max_examples=60, deadline=None)
@given(
    items=st.lists(st.text("abcdef", min_size=1, max_size=5), max_size=60),
    max_items=st.integers(1, 8),
    max_size=st.integers(1, 20),
    at_once=st.integers(1, 4),
)
def test_each_item_has_its_result_and_no_key_meets_itself(
    items: list[str], max_items: int, max_size: int, at_once: int
) -> None:
    recorder = Recorder()
    queue = queue_of(recorder, BatchBounds(max_items, max_size, at_once))
    ended = [pair for item in items for pair in queue.add(item)] + queue.finish()
    queue.close()
    assert sorted(ended) == sorted((item, item.upper()) for item in items)
    assert not recorder.met_itself
    assert recorder.most_at_once <= at_once
    assert max(recorder.batches, default=0) <= max_items
    for key in "abcdef":
        wanted = [item for item in items if item[0] == key]
        assert [item for item in recorder.order if item[0] == key] == wanted


def test_two_batches_are_under_way_together() -> None:
    meeting = threading.Barrier(2, timeout=20)

    def write(items: Sequence[str]) -> Sequence[str]:
        meeting.wait()
        return items

    queue = WriteQueue(write, key=str, size=len, bounds=BatchBounds(1, 100, 2))
    with ThreadPoolExecutor(1) as other:
        other.submit(lambda: [queue.add("a"), queue.add("b")]).result(20)
    assert sorted(queue.finish()) == [("a", "a"), ("b", "b")]
    queue.close()


def test_what_a_batch_raises_is_raised_and_then_forgotten() -> None:
    def write(items: Sequence[str]) -> Sequence[str]:
        if "bad" in items:
            raise ValueError("no good")
        return items

    queue = WriteQueue(write, key=str, size=len, bounds=BatchBounds(1, 100, 2))
    queue.add("bad")
    with pytest.raises(ValueError, match="no good"):
        queue.finish()
    queue.begin()
    assert [*queue.add("good"), *queue.finish()] == [("good", "good")]
    queue.close()
