"""Turns a stage's terminal failure into an outcome that carries the failed input."""

from datetime import datetime

from schemas.entry import EntryError
from schemas.errors import TerminalError
from schemas.failure import Failure, Stage, cut_input, failure_id
from schemas.poll import Outcome, PollEntry
from transforms.feeds.remembering import failed


def dead_letter(origin: PollEntry, stage: Stage, error: Exception, now: datetime) -> Outcome:
    """Makes the outcome of an entry that a stage could not take.

    Args:
        origin: The entry as it entered the stage; kept whole up to 1 MB, so it can be replayed.
        stage: The stage that failed.
        error: A TerminalError, whose text is meant for a person, or a defect of ours.
        now: When it failed.
    """
    return Outcome(
        poll_id=origin.poll_id,
        feed_url=origin.feed.url,
        key=origin.key,
        kind="dead_letter",
        seen=failed(origin),
        failure=_make_failure(
            feed_url=origin.feed.url,
            entry_key=origin.key,
            article_id=origin.article_id,
            stage=stage,
            error=describe(error),
            raw_input=origin.entry.model_dump(mode="json", exclude_defaults=True),
            sight_time=origin.sight_time,
            now=now,
        ),
    )


def unreadable(
    feed_url: str, entry_key: str, reason: str, raw: str, sight_time: datetime, now: datetime
) -> Failure:
    """Makes the dead letter of what could not even be read as an entry.

    Args:
        feed_url: The feed's address.
        entry_key: Where it stands: its place in the feed, or in the file.
        reason: What was wrong.
        raw: The text that could not be read.
        sight_time: When it was fetched, UTC.
        now: When it failed, UTC.
    """
    return _make_failure(
        feed_url=feed_url,
        entry_key=entry_key,
        article_id="",
        stage="parse",
        error=reason,
        raw_input={"raw": raw},
        sight_time=sight_time,
        now=now,
    )


def unreadable_entry(
    feed_url: str, error: EntryError, sight_time: datetime, now: datetime
) -> Failure:
    """Makes the dead letter of a feed's entry that could not be read; see `unreadable`."""
    key = f"position {error.position}"
    return unreadable(feed_url, key, error.reason, error.raw, sight_time, now)


def _make_failure(
    *,
    feed_url: str,
    entry_key: str,
    article_id: str,
    stage: Stage,
    error: str,
    raw_input: dict[str, object],
    sight_time: datetime,
    now: datetime,
) -> Failure:
    kept, truncated = cut_input(raw_input)
    return Failure(
        id=failure_id(feed_url, entry_key, stage),
        feed_url=feed_url,
        entry_key=entry_key,
        article_id=article_id,
        stage=stage,
        error=error + (" (the kept input is cut to 1 MB)" if truncated else ""),
        input=kept,
        truncated=truncated,
        first_seen=now,
        last_seen=now,
        sight_time=sight_time,
    )


def describe(error: Exception) -> str:
    """Gives an error's text; a defect of ours also names its type."""
    if isinstance(error, TerminalError):
        return str(error)
    return f"{type(error).__name__}: {error} (a defect of Dateline; please report it)"
