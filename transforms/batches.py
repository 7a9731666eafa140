"""Long streams in lists of bounded length."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

_T = TypeVar("_T")


def batches(items: Iterable[_T], size: int) -> Iterator[list[_T]]:
    """Gives the items in order, `size` at a time, the last ones perhaps fewer."""
    waiting = iter(items)
    while batch := list(islice(waiting, size)):
        yield batch
