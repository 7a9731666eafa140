"""Dead letters: what a stage could not do, why, and the input it could not do it with."""

import hashlib
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

MAX_INPUT_CHARS = 1_000_000
Stage = Literal["parse", "normalize", "tag", "write"]


class Failure(BaseModel):
    """One dead letter. The same failure seen again is the same letter, counted (`count`)."""

    model_config = ConfigDict(extra="forbid")

    id: str
    feed_url: str
    entry_key: str = Field(
        description="The entry's key in the feed's state; of what could not be read, its place."
    )
    article_id: str = Field(default="", description="The document's id, where it was known.")
    stage: Stage
    error: str = Field(description="What was wrong, where, and what would be right.")
    input: dict[str, Any] = Field(description="The stage's input as JSON, long values cut.")
    truncated: bool = Field(default=False, description="True if `input` was cut to 1 MB.")
    first_seen: datetime
    last_seen: datetime
    sight_time: datetime = Field(description="When the entry was first fetched; replay uses it.")
    count: int = 1
    closed: datetime | None = None


def failure_id(feed_url: str, entry_key: str, stage: str) -> str:
    """Gives a dead letter's id: a hash of feed, entry and stage."""
    text = "\n".join((feed_url, entry_key, stage))
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def cut_input(value: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    """Cuts the longest texts and lists until all of them are at most `MAX_INPUT_CHARS` long.

    An item of a list counts for one character more than it has; it is kept whole or not at all.

    Returns:
        The input to keep, and whether anything was cut.
    """
    lengths = {key: _length(one) for key, one in value.items()}
    excess = sum(lengths.values()) - MAX_INPUT_CHARS
    kept = dict(value)
    for key in sorted(lengths, key=lambda key: -lengths[key]):
        if excess <= 0:
            break
        kept[key] = _cut(value[key], max(0, lengths[key] - excess))
        excess -= lengths[key] - _length(kept[key])
    return kept, kept != value


def _length(value: Any) -> int:
    if isinstance(value, list):
        return sum(1 + _length(item) for item in value)
    return len(value) if isinstance(value, str) else 0


def _cut(value: Any, room: int) -> Any:
    if not isinstance(value, list):
        return value[:room]
    kept = []
    for item in value:
        room -= 1 + _length(item)
        if room < 0:
            break
        kept.append(item)
    return kept
