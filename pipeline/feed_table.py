"""What `dateline feeds status` prints: a line for each feed that is well, all about the others."""

from collections import Counter
from collections.abc import Iterator, Sequence

from pipeline.feed_names import shown_name
from pipeline.feed_status import Known, describe, is_odd, items_a_day, next_poll
from schemas.errors import ConfigError
from transforms.feeds.health import HEALTHS, health
from transforms.text.shortening import shortened

HELD = "held"
_ILL = ("failing", "dormant", "retired")
_NAME_CHARS = 40


def chosen_healths(text: str | None) -> frozenset[str]:
    """Reads `--health`: words with commas between them; without it, every health.

    Raises:
        ConfigError: There is no such health.
    """
    known = (*HEALTHS, HELD)
    words = [word.strip() for word in text.split(",")] if text is not None else known
    for word in words:
        if word not in known:
            raise ConfigError(f"--health {word}: must be of {', '.join(known)}")
    return frozenset(words)


def word_of(known: Known) -> str:
    """Gives a feed's health in one word: `held` where it is well but not asked now."""
    word = health(known.state)
    return HELD if known.state.held_back and word in ("ok", "new") else word


def is_chosen(known: Known, healths: frozenset[str]) -> bool:
    """Says whether a feed is of one of these healths; one that is held has its own, too."""
    return word_of(known) in healths or health(known.state) in healths


def head(every: Sequence[Known]) -> str:
    """Gives the first line: how many feeds there are of each health."""
    if not every:
        return "no feed has been polled into this index yet"
    counts = Counter(word_of(known) for known in every)
    words = [word for word in (*_ILL, HELD, *HEALTHS) if counts[word]]
    said = ", ".join(f"{counts[word]:,} {word}" for word in dict.fromkeys(words))
    return f"{len(every):,} feeds: {said}. Times are UTC."


def table(feeds: Sequence[Known], *, long: bool) -> Iterator[str]:
    """Gives the lines: at first all about the feeds in trouble, then one for each other feed."""
    whole = [known for known in feeds if long or _is_ill(known)]
    short = [known for known in feeds if not (long or _is_ill(known))]
    for known in whole:
        yield ""
        yield from describe(*known)
    if short:
        yield ""
        yield f"{'HEALTH':<8}  {'NEXT POLL':<16}  {'A DAY':>6}  FEED"
    for known in short:
        due = next_poll(known.state, known.host_hold)
        when = f"{due:%Y-%m-%d %H:%M}" if due else "never" if _is_over(known) else "now"
        name = shortened(shown_name(known.state) or known.state.url, _NAME_CHARS)
        a_day = items_a_day(known.state) or "?"
        yield f"{word_of(known):<8}  {when:<16}  {a_day:>6}  {name}"


def _is_ill(known: Known) -> bool:
    return word_of(known) in (*_ILL, HELD) or bool(known.dead_letters) or is_odd(known.state)


def _is_over(known: Known) -> bool:
    return health(known.state) in ("retired", "removed")
