"""Dead letters: what a stage could not do, why, and the input it could not do it with."""

import hashlib
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

MAX_INPUT_CHARS = 1_000_000
Stage = Literal["fetch", "parse", "normalize", "tag", "write"]


class Failure(BaseModel):
    """One dead letter. The same failure seen again is the same letter, counted (`count`)."""

    model_config = ConfigDict(extra="forbid")

    id: str
    feed_url: str
    entry_key: str = Field(description="The entry's GUID, else link, else its position.")
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
    """Cuts the longest strings of `value` until all of it is at most `MAX_INPUT_CHARS` long.

    Returns:
        The input to keep, and whether anything was cut.
    """
    lengths = {k: len(v) for k, v in value.items() if isinstance(v, str)}
    excess = sum(lengths.values()) - MAX_INPUT_CHARS
    if excess <= 0:
        return value, False
    kept = dict(value)
    for key in sorted(lengths, key=lambda k: -lengths[k]):
        drop = min(excess, lengths[key])
        kept[key] = kept[key][: lengths[key] - drop]
        excess -= drop
        if excess <= 0:
            break
    return kept, True
