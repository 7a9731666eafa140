"""How the feed store's models are documents: feed health, hosts, dead letters, rounds."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, get_args

from schemas.failure import Failure
from schemas.feed import FeedState, HostState, SeenEntry
from schemas.poll import RoundSummary
from transforms.storage.elasticsearch.names import document_id

# Leaves room for four bytes to a character below Lucene's longest term of 32766 bytes.
_LONG_KEYWORD: dict[str, Any] = {"type": "keyword", "ignore_above": 8191}
_KEYWORD: dict[str, Any] = {"type": "keyword", "ignore_above": 1024}
_DATE: dict[str, Any] = {"type": "date"}
_NUMBER: dict[str, Any] = {"type": "long"}
_TEXT: dict[str, Any] = {"type": "text"}
_BOOLEAN: dict[str, Any] = {"type": "boolean"}
_STORED: dict[str, Any] = {"type": "object", "enabled": False}
# Of a row of `seen`; what only few entries have follows as an object.
_SEEN_COLUMNS = 4


def _mapping(**properties: dict[str, Any]) -> dict[str, Any]:
    return {"dynamic": False, "properties": properties}


FEEDS = _mapping(
    url=_LONG_KEYWORD,
    host=_KEYWORD,
    name=_KEYWORD,
    title=_KEYWORD,
    format=_KEYWORD,
    next_due=_DATE,
    ready=_DATE,
    interval_seconds={"type": "double"},
    entries_a_day={"type": "double"},
    address=_LONG_KEYWORD,
    moved_to=_LONG_KEYWORD,
    failing_since=_DATE,
    dormant=_BOOLEAN,
    moved_polls=_NUMBER,
    moved_since=_DATE,
    counting_since=_DATE,
    ttl_seconds={"type": "double"},
    skip_hours=_NUMBER,
    skip_days=_NUMBER,
    last_sight=_DATE,
    last_poll=_DATE,
    last_success=_DATE,
    last_failure=_DATE,
    last_error=_TEXT,
    last_failed_with=_TEXT,
    held_back=_TEXT,
    future_polls=_NUMBER,
    future_seconds={"type": "double"},
    last_status=_NUMBER,
    consecutive_failures=_NUMBER,
    hold_until=_DATE,
    retry_after=_DATE,
    pending=_BOOLEAN,
    left_over=_NUMBER,
    retired=_BOOLEAN,
    removed=_BOOLEAN,
    pushed_at=_DATE,
    subscription={
        "properties": {
            "hub": _LONG_KEYWORD,
            "topic": _LONG_KEYWORD,
            "callback": _KEYWORD,
            "asked": _BOOLEAN,
            "granted": _DATE,
            "lease_end": _DATE,
            "next_try": _DATE,
            "failures": _NUMBER,
            "missed": _NUMBER,
        }
    },
    polls=_NUMBER,
    entries_written=_NUMBER,
    seen=_STORED,
    guid_changes=_NUMBER,
    safe_path=_KEYWORD,
    cut_off=_KEYWORD,
    disagreements=_NUMBER,
    last_disagreement=_KEYWORD,
    lease_token={"type": "keyword", "index": False, "doc_values": False},
)
HOSTS = _mapping(
    host=_KEYWORD,
    last_request=_DATE,
    hold_until=_DATE,
    lease={
        "properties": {
            "host": _KEYWORD,
            "owner": _KEYWORD,
            "token": _KEYWORD,
            "expires": _DATE,
            "feeds": _STORED,
        }
    },
)
FAILURES = _mapping(
    id=_KEYWORD,
    feed_id=_KEYWORD,
    feed_url=_LONG_KEYWORD,
    entry_key=_KEYWORD,
    article_id=_KEYWORD,
    stage=_KEYWORD,
    error=_TEXT,
    input=_STORED,
    truncated=_BOOLEAN,
    first_seen=_DATE,
    last_seen=_DATE,
    sight_time=_DATE,
    count=_NUMBER,
    closed=_DATE,
)
# By the field's type in the model, which may be missing in any round.
_TYPES: dict[type, dict[str, Any]] = {
    datetime: _DATE,
    str: _KEYWORD,
    int: _NUMBER,
    float: {"type": "double"},
}
ROUNDS = _mapping(
    **{
        field.alias or name: _TYPES[(get_args(field.annotation) or (field.annotation,))[0]]
        for name, field in RoundSummary.model_fields.items()
    }
)


def feed_document(state: FeedState, lease_token: str | None = None) -> dict[str, Any]:
    """Gives a feed's document.

    `seen` is a list of rows that no field is made of: its keys are what publishers call their
    entries. `ready` is when neither the schedule nor a hold keeps the feed back.
    """
    document = state.model_dump(mode="json", exclude={"seen"})
    document["seen"] = [_seen_row(key, entry) for key, entry in state.seen.items()]
    document["lease_token"] = lease_token
    document["ready"] = ready(state.next_due, state.hold_until)
    return document


def _seen_row(key: str, entry: SeenEntry) -> list[Any]:
    row: list[Any] = [key, entry.article_id, entry.hash, entry.rule_version]
    rarer = entry.model_dump(include={"failed", "versions"})
    return [*row, rarer] if rarer else row


def _whole_row(row: Sequence[Any]) -> Sequence[Any]:
    return row if len(row) > _SEEN_COLUMNS else [*row, {}]


def ready(next_due: datetime | None, hold_until: datetime | None) -> str | None:
    """Gives the later of two times for the document, None where there is neither."""
    times = [time for time in (next_due, hold_until) if time is not None]
    return max(times).isoformat() if times else None


def feed_state(source: Mapping[str, Any]) -> FeedState:
    """Reads a feed's document back."""
    seen = {
        key: SeenEntry(article_id=article_id, hash=hash_, rule_version=rule_version, **rarer)
        for key, article_id, hash_, rule_version, rarer in map(_whole_row, source.get("seen", ()))
    }
    return FeedState.model_validate({**source, "seen": seen})


def host_document(state: HostState) -> dict[str, Any]:
    """Gives a host's document."""
    return state.model_dump(mode="json")


def host_state(source: Mapping[str, Any]) -> HostState:
    """Reads a host's document back."""
    return HostState.model_validate(source)


def failure_document(failure: Failure) -> dict[str, Any]:
    """Gives a dead letter's document; `feed_id` finds a feed's letters however long its URL is."""
    return {**failure.model_dump(mode="json"), "feed_id": document_id(failure.feed_url)}


def failure_of(source: Mapping[str, Any]) -> Failure:
    """Reads a dead letter's document back."""
    return Failure.model_validate({k: v for k, v in source.items() if k != "feed_id"})
