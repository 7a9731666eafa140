"""Takes documents down, and keeps them away."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from schemas.errors import ConfigError
from transforms.storage.article_index import ArticleIndex, SearchRequest
from transforms.storage.tombstones import FIELDS, Tombstone

_PER_SLICE = 500
# What no host's name holds.
_NO_NAME = " */@?#%"


def domain_name(text: str) -> str:
    """Reads a host or a registered domain, as `url.domain` has it.

    Raises:
        ConfigError: It is an address, or no name at all.
    """
    name = text.strip().lower().rstrip(".")
    try:
        host = urlsplit(name if "//" in name else f"//{name}").hostname or ""
    except ValueError:
        host = ""
    meant = host.removeprefix("*.").rstrip(".")
    if not meant or name != meant or not set(_NO_NAME).isdisjoint(name):
        hint = f": write {meant}" if meant and set(_NO_NAME).isdisjoint(meant) else ""
        raise ConfigError(f"--domain {text}: must be a host or a registered domain{hint}")
    return name


def whole_address(text: str) -> str:
    """Reads a document's address.

    Raises:
        ConfigError: It does not say http or https.
    """
    if not text.startswith(("http://", "https://")):
        raise ConfigError(f"--url {text}: must be a whole address, with http:// or https://")
    return text


def covered(index: ArticleIndex, stones: Sequence[Tombstone]) -> int:
    """Counts the stored documents under tombstones; one under two of them counts twice."""
    return sum(covered_by_each(index, stones))


def covered_by_each(index: ArticleIndex, stones: Sequence[Tombstone]) -> list[int]:
    """Counts the stored documents under each tombstone; none is under a mistyped one, perhaps."""
    index.refresh()
    stored = index.get([stone.value for stone in stones if stone.kind == "id"])
    counts = []
    for stone in stones:
        filters = [(field, stone.value) for field in FIELDS.get(stone.kind, ())]
        count = int(stone.kind == "id" and stone.value in stored)
        count += sum(_total(index, one) for one in filters)
        if len(filters) == 2:
            count -= _total(index, *filters)
        counts.append(count)
    return counts


def _total(index: ArticleIndex, *filters: tuple[str, str]) -> int:
    return index.search(SearchRequest(filters=filters, size=0)).total


def take_down(
    index: ArticleIndex,
    stones: Sequence[Tombstone],
    now: datetime,
    report: Callable[[int], None] = lambda _: None,
) -> int:
    """Leaves tombstones, then deletes what they cover.

    In this order nothing escapes: what is created after the tombstones stand is kept away, what
    was created before is found here. Whatever ends it, the same call again finishes it.

    Args:
        index: Where they are.
        stones: What is to go.
        now: When the tombstones say that they were left.
        report: Is called after each slice with the documents deleted so far.

    Returns:
        How many documents were deleted.

    Raises:
        TransientError: The index is away.
    """
    index.bury(stones, now)
    deleted = index.delete([stone.value for stone in stones if stone.kind == "id"])
    for request in _requests(stones):
        while True:
            index.refresh()
            hits = index.search(request).hits
            if not hits:
                break
            deleted += index.delete([hit.article.id for hit in hits])
            report(deleted)
    index.refresh()
    return deleted


def _requests(stones: Sequence[Tombstone]) -> Iterator[SearchRequest]:
    """Gives the searches that find what tombstones of addresses and domains cover."""
    for stone in stones:
        for field in FIELDS.get(stone.kind, ()):
            yield SearchRequest(filters=((field, stone.value),), size=_PER_SLICE)
