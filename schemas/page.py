"""What an article page comes to."""

from datetime import datetime

from pydantic import BaseModel, Field


class Page(BaseModel):
    r"""An article out of its page; texts are plain, NFC, paragraphs separated by `\n\n`."""

    url: str = Field(default="", description="The page's own canonical address, if it names one.")
    title: str = ""
    text: str = ""
    published: datetime | None = Field(default=None, description="UTC.")
    updated: datetime | None = Field(default=None, description="UTC.")
    authors: list[str] = Field(default_factory=list)
    language: str = Field(default="und", description="ISO 639-1, `und` when unsure.")
