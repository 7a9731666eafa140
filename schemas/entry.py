"""An entry as the feed gave it: raw strings, nothing cleaned, nothing resolved."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field


class Entry(BaseModel):
    """One item of a feed, before normalising. It is also a dead letter's input, so it is JSON.

    Texts may hold HTML. Links may be relative: `base_url` is what they are relative to.
    """

    model_config = ConfigDict(extra="forbid")

    guid: str = ""
    link: str = ""
    title: str = ""
    summary: str = Field(default="", description="Short text as given, HTML or plain.")
    content: str = Field(default="", description="Full text as given, HTML or plain.")
    published: str = Field(default="", description="The date string as given, any format.")
    updated: str = ""
    published_parsed: datetime | None = Field(
        default=None, description="The parser's own reading of `published`, UTC, if it had one."
    )
    updated_parsed: datetime | None = None
    dated_by_page: bool = Field(
        default=False, description="The feed gives no date; `published` is that of its page."
    )
    authors: list[str] = Field(default_factory=list)
    categories: list[str] = Field(default_factory=list)
    image_url: str = ""
    language: str = Field(default="", description="Declared by the entry or its feed (BCP 47).")
    base_url: str = Field(default="", description="Where relative links of this entry start from.")
    position: int = Field(default=0, description="Place in the feed document, from 0.")


class ParsedFeed(BaseModel):
    """A feed document, parsed: what it says of itself, and its entries in document order.

    Attributes:
        errors: Entries that could not be read at all: (position, reason, raw text).
    """

    title: str = ""
    language: str = ""
    home_url: str = ""
    format: str = Field(default="", description="rss20, atom10, rss10, json11 … as recognised.")
    ttl_minutes: float | None = Field(
        default=None, description="`ttl` or sy:updatePeriod; a year where a feed has expired."
    )
    skip_hours: list[int] = Field(default_factory=list, description="RSS, 0 to 23, UTC.")
    skip_days: list[int] = Field(default_factory=list, description="RSS, Monday is 0.")
    entries: list[Entry] = Field(default_factory=list)
    errors: list["EntryError"] = Field(default_factory=list)
    cut_off: str = Field(default="", description="Hash of the entry within which it breaks off.")


class EntryError(BaseModel):
    """An entry that could not even be read out of its feed document."""

    position: int
    reason: str
    raw: str = ""
