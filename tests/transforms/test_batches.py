"""Long streams in lists of bounded length."""

import pytest

from transforms.batches import batches


@pytest.mark.parametrize(
    ("count", "lengths"),
    [(0, []), (1, [1]), (3, [3]), (7, [3, 3, 1])],
    ids=["none", "one", "one batch", "a rest"],
)
def test_items_come_in_order_and_in_full_batches_but_the_last(
    count: int, lengths: list[int]
) -> None:
    parts = list(batches(iter(range(count)), 3))
    assert [len(part) for part in parts] == lengths
    assert [item for part in parts for item in part] == list(range(count))


def test_no_more_is_read_than_is_asked_for() -> None:
    items = iter(range(10))
    next(batches(items, 3))
    assert next(items) == 3
