"""Parses a poll's document on the path that the feed's state asks for, some polls on both. Pure.

Where the paths disagree, feedparser is right, and reads the feed from then on: until the feed comes
in another format, or `FAST_RULES` says that the fast path is another one.
"""

from dataclasses import dataclass, field

from schemas.entry import ParsedFeed
from schemas.errors import TerminalError
from schemas.feed import FeedState
from transforms.feeds.comparison import Difference, compare_paths, is_compared, named
from transforms.feeds.parsing import parse_feed
from transforms.feeds.well_formed import FAST_RULES


@dataclass(frozen=True, slots=True)
class Reading:
    """A parsed document, and what the feed's state learns of the paths.

    Attributes:
        compared: It was parsed on both paths.
        differences: What they disagreed on.
        learnt: Fields of `FeedState` with their new values.
    """

    parsed: ParsedFeed
    compared: bool = False
    differences: list[Difference] = field(default_factory=list)
    learnt: dict[str, object] = field(default_factory=dict)


def read_checked(
    body: bytes, *, url: str, content_type: str, state: FeedState, share: float
) -> Reading:
    """Parses a document.

    Args:
        body: The document.
        url: Where it came from.
        content_type: The HTTP `Content-Type`, or empty.
        state: The feed's state before the poll.
        share: The share of polls that are parsed on both paths, 0 to 1.

    Raises:
        TerminalError: The document is no feed.
    """
    if state.safe_path.endswith(_rules()):
        parsed = parse_feed(body, url=url, content_type=content_type, path="safe")
        stays = state.safe_path == _mark(parsed)
        return Reading(parsed, learnt={} if stays else {"safe_path": ""})
    learnt: dict[str, object] = {"safe_path": ""} if state.safe_path else {}
    if not is_compared(state.url, state.polls, share):
        return Reading(parse_feed(body, url=url, content_type=content_type), learnt=learnt)
    safe, found = compare_paths(body, url=url, content_type=content_type)
    if isinstance(safe, TerminalError):
        if not found:
            raise safe
        # The fast path read what feedparser cannot: better than nothing.
        parsed = parse_feed(body, url=url, content_type=content_type)
        return Reading(parsed, True, found, {**learnt, **_disagreed(state, found)})
    if found:
        learnt = {**_disagreed(state, found), "safe_path": _mark(safe)}
    return Reading(safe, True, found, learnt)


def _disagreed(state: FeedState, found: list[Difference]) -> dict[str, object]:
    return {"disagreements": state.disagreements + 1, "last_disagreement": named(found)}


def _mark(parsed: ParsedFeed) -> str:
    return f"{parsed.format}{_rules()}"


def _rules() -> str:
    return f"/{FAST_RULES}"
