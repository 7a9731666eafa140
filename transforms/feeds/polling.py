"""Reads one answered poll: which entries go on, what is already known, and what was learnt."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from schemas.config import Config
from schemas.entry import Entry, EntryError, ParsedFeed
from schemas.errors import TerminalError
from schemas.feed import FeedState
from schemas.poll import FetchResult, Learnt, Outcome, PollEntry
from transforms.dead_letters import describe, unreadable_entry
from transforms.feeds.checked_parsing import Reading, read_checked
from transforms.feeds.cut_off import without_cut_off
from transforms.feeds.full_text import entries_at_once, page_address, with_page
from transforms.feeds.future_dates import future_after
from transforms.feeds.learning import learnt, put_off
from transforms.feeds.recognition import guid_changes_after, recognise
from transforms.feeds.remembering import has_failed, in_turn, is_known
from transforms.feeds.titles import titled


@dataclass(frozen=True, slots=True)
class ParsedPoll:
    """What one answer came to: what was learnt, and the entries that go on."""

    learnt: Learnt
    entries: list[PollEntry] = field(default_factory=list)
    reading: Reading | None = None


def read_poll(result: FetchResult, config: Config, now: datetime, jitter: float) -> ParsedPoll:
    """Turns an answer into entries and into what the feed's state will be.

    Args:
        result: The answer; its body is parsed here.
        config: Limits and intervals.
        now: The time of the decision, UTC: of dead letters. The next poll counts from the answer.
        jitter: A random number in [0, 1) that spreads the next due time.
    """
    if result.put_off:
        return ParsedPoll(put_off(result, config, now, jitter))
    if result.error or result.status == 304:
        return ParsedPoll(learnt(result, config, jitter))
    try:
        reading = read_checked(
            result.body,
            url=result.final_url or result.poll.feed.url,
            content_type=result.content_type,
            state=result.poll.state,
            share=config.parsing.compare_share,
        )
    except Exception as error:  # a feed that cannot be read is feed health, whatever broke
        unreadable = result.model_copy(update={"error": describe(error)})
        return ParsedPoll(learnt(unreadable, config, jitter))
    read = _read_entries(result, reading.parsed, config, now, jitter)
    read.learnt.state = read.learnt.state.model_copy(update=reading.learnt)
    return replace(read, reading=reading)


def _read_entries(
    result: FetchResult, parsed: ParsedFeed, config: Config, now: datetime, jitter: float
) -> ParsedPoll:
    poll = result.poll
    feed, state = titled(poll.feed, parsed.title), poll.state
    sight_time = next_sight_time(result.fetched_at, state)
    recognised = recognise(parsed.entries, feed, state.seen, state.guid_changes)
    shown = len(recognised)
    recognised = without_cut_off(recognised, parsed, state)
    limit = entries_at_once(
        feed, feed.max_entries or config.limits.entries, config.polling.pages_per_poll
    )
    without_page = frozenset(result.pages_put_off)
    unchanged = [one.key for one in recognised if is_known(one)]
    in_order = in_turn(recognised)
    chosen, waiting = in_order[:limit], in_order[limit:]
    entries = [
        PollEntry(
            poll_id=poll.id,
            feed=feed,
            entry=with_page(one.entry, result.pages),
            key=one.key,
            hash=one.hash,
            article_id=one.article_id,
            known=one.known,
            sight_time=sight_time,
            page_put_off=page_address(one.entry) in without_page,
        )
        for one in chosen
    ]
    news = learnt(
        result,
        config,
        jitter,
        parsed=parsed,
        new_entries=sum(one.known is None for one in chosen),
        left_over=sum(not has_failed(one) for one in waiting),
    )
    news.expected, news.unchanged = len(entries), unchanged
    news.waiting = [one.key for one in waiting if one.known is not None]
    news.unreadable = [
        _unreadable_outcome(result, error, sight_time, now)
        for error in _bounded(parsed.errors, limit)
    ]
    news.state.last_sight = sight_time
    new_dates = [
        one.entry.published_parsed
        for one in recognised
        if one.known is None and one.entry.published_parsed is not None
    ]
    news.state.cut_off = parsed.cut_off
    future = future_after(state, new_dates, result.fetched_at)
    news.state = news.state.model_copy(update=future)
    if without_page or len(recognised) < shown:
        # Entries without their pages, or cut off, are to be seen again although the feed has not
        # changed.
        news.state.etag = news.state.last_modified = ""
    news.state.guid_changes = guid_changes_after(recognised, state.guid_changes)
    renamed = {one.former_key: one.key for one in recognised if one.former_key}
    if renamed:
        news.state.seen = {renamed.get(key, key): known for key, known in state.seen.items()}
    return ParsedPoll(news, entries)


def next_sight_time(fetched_at: datetime, state: FeedState) -> datetime:
    """Gives the time of this sight: later than the feed's last one even if the clock is not."""
    if state.last_sight is None:
        return fetched_at
    return max(fetched_at, state.last_sight + timedelta(milliseconds=1))


def _bounded(errors: list[EntryError], limit: int) -> list[EntryError]:
    """Gives what becomes dead letters: those over the limit are one together, which counts them."""
    rest = errors[limit:]
    if not rest:
        return errors
    reason = (
        f"{len(rest)} more entries cannot be read, of which none is kept (limits.entries); the "
        f"first of them: {rest[0].reason}"
    )
    return [*errors[:limit], rest[0].model_copy(update={"reason": reason})]


def _unreadable_outcome(
    result: FetchResult, error: EntryError, sight_time: datetime, now: datetime
) -> Outcome:
    failure = unreadable_entry(result.poll.feed.url, error, sight_time, now)
    return Outcome(
        poll_id=result.poll.id,
        feed_url=failure.feed_url,
        key=failure.entry_key,
        kind="dead_letter",
        failure=failure,
    )


def entry_of_failure(raw_input: dict[str, object]) -> Entry:
    """Reads a dead letter's input back as an entry.

    Raises:
        TerminalError: The input is not an entry (it could not even be parsed).
    """
    if "raw" in raw_input:
        raise TerminalError("the input is an unparsed piece of a feed; poll the feed again")
    return Entry.model_validate(raw_input)
