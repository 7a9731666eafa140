"""One line of the JSON Lines that `dateline ingest` takes."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field, field_validator

from schemas.feed import Feed


class ArticleLine(BaseModel):
    """An article from elsewhere. Keys that are not named here are passed over.

    Dates are as given, in any form that feeds have; `html` goes before `text`. A number stands for
    its digits, null for nothing, and an author may be an object with a name.
    """

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    url: str = ""
    guid: str = ""
    title: str = ""
    html: str = ""
    text: str = ""
    summary: str = ""
    published: str = ""
    updated: str = ""
    authors: list[str] = Field(default_factory=list)
    categories: list[str] = Field(default_factory=list)
    language: str = ""
    image: str = ""
    fetched: datetime | None = Field(default=None, description="When it was seen, ISO 8601.")
    feed: Feed | None = Field(default=None, description="Where it came from, as configured feeds.")

    @field_validator("authors", "categories", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        values = value if isinstance(value, list) else [] if value is None else [value]
        named = [one.get("name") if isinstance(one, dict) else one for one in values]
        return [one for one in named if one is not None]

    @field_validator(
        "url", "guid", "title", "html", "text", "summary", "published", "updated", "language",
        "image", mode="before",
    )  # fmt: skip
    @classmethod
    def _none_is_nothing(cls, value: object) -> object:
        return "" if value is None else value
