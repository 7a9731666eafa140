"""Which feeds are due: as a query, which only proposes, and as a plain function, which decides."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from schemas.feed import FeedState

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Due:
    """Which feeds are to be polled; the same rules as a query and as a plain function."""

    now: datetime
    due_only: bool = True
    polled_since: datetime | None = None

    def holds(self, state: FeedState) -> bool:
        """Says whether a feed is to be polled, its host left aside."""
        if state.removed or state.retired or (state.hold_until or NEVER) > self.now:
            return False
        due = (state.next_due or NEVER) <= self.now
        if self.due_only:
            return due
        if self.polled_since is None:
            return True
        # Asked once, and again where entries over its limit are still to come.
        return (state.last_poll or NEVER) < self.polled_since or (state.pending and due)

    def query(self, hosts: Iterable[str] | None = None) -> dict[str, Any]:
        """Gives a query that finds at least these feeds (dates are indexed in milliseconds)."""
        now = self.now.isoformat()
        filters: list[dict[str, Any]] = [
            {"term": {"removed": False}},
            {"term": {"retired": False}},
            {"bool": {"must_not": {"range": {"hold_until": {"gt": now}}}}},
        ]
        due = {"bool": {"must_not": {"range": {"next_due": {"gt": now}}}}}
        if self.due_only:
            filters.append(due)
        elif self.polled_since is not None:
            since = self.polled_since.isoformat()
            polled = {"bool": {"must_not": {"range": {"last_poll": {"gt": since}}}}}
            pending = {"bool": {"filter": [{"term": {"pending": True}}, due]}}
            filters.append({"bool": {"should": [polled, pending], "minimum_should_match": 1}})
        if hosts is not None:
            filters.append({"terms": {"host": list(hosts)}})
        return {"bool": {"filter": filters}}


LONGEST_DUE_FIRST: Sequence[Mapping[str, Any]] = (
    {"next_due": {"order": "asc", "missing": "_first"}},
    {"last_poll": {"order": "asc", "missing": "_first"}},
    {"url": {"order": "asc", "missing": "_last"}},
)


def poll_order(state: FeedState) -> tuple[datetime, datetime, str]:
    """Gives LONGEST_DUE_FIRST as a key to sort by."""
    return state.next_due or NEVER, state.last_poll or NEVER, state.url
