"""The document: one article, however many feeds showed it.

Field names follow the Elastic Common Schema where it has one (https://www.elastic.co/guide/en/ecs),
the rest stands under `news.`. The markers of `schemas.index_kinds` beside the types are the only
place where the index's types are written: the Elasticsearch mapping and the embedded index's
schema are derived from them (`schemas.fields`).
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from schemas.index_kinds import DATE, FLATTENED, GEO_POINT, INTEGER, KEYWORD, STORED, TEXT, URL

Keywords = Annotated[list[str], KEYWORD]


class DocumentPart(BaseModel):
    """Base of the document's parts: unknown keys are kept out, aliases and names both load."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)


class Event(DocumentPart):
    """When Dateline saw and wrote the article (ECS `event.*`)."""

    created: Annotated[datetime, DATE]
    ingested: Annotated[datetime | None, DATE] = None
    dataset: Annotated[str, KEYWORD] = "news.article"


class Ecs(DocumentPart):
    """The version of the Elastic Common Schema that the names follow."""

    version: Annotated[str, KEYWORD] = "9.0.0"


class Link(DocumentPart):
    """The article's address (ECS `url.*`); all empty where the entry has no link."""

    full: Annotated[str, URL] = Field(default="", description="Canonical form.")
    original: Annotated[str, URL] = Field(default="", description="As given, secrets removed.")
    domain: Annotated[str, KEYWORD] = ""
    registered_domain: Annotated[str, KEYWORD] = ""


class Image(DocumentPart):
    """The entry's picture."""

    url: Annotated[str, URL] = ""


class GeoPoint(DocumentPart):
    """A point on WGS 84, in degrees."""

    lat: float
    lon: float


class Mention(DocumentPart):
    """One place in the body where an entity is named; offsets are Unicode code points."""

    start: int
    end: int
    text: str
    type: str = Field(description="OntoNotes: PERSON, ORG, GPE, LOC, FAC, NORP, EVENT, PRODUCT.")
    name: str
    ids: list[str] = Field(default_factory=list)
    country: str | None = None
    location: GeoPoint | None = None
    score: float = 1.0


class Geo(DocumentPart):
    """The regions an article speaks of."""

    country_iso_code: Keywords = Field(default_factory=list)
    country_name: Keywords = Field(default_factory=list)
    region_name: Keywords = Field(default_factory=list)
    macro_region: Keywords = Field(default_factory=list)
    focus_country: Keywords = Field(default_factory=list)
    location: Annotated[list[GeoPoint], GEO_POINT] = Field(default_factory=list)


class Tagger(DocumentPart):
    """Which rules and gazetteer tagged the text."""

    version: Annotated[str, KEYWORD] = ""


class Content(DocumentPart):
    """What one source says the article is: its text, and what the tagger found in it."""

    title: Annotated[str, TEXT] = ""
    summary: Annotated[str, TEXT] = ""
    body: Annotated[str, TEXT] = ""
    segmented: Annotated[str, TEXT] = Field(
        default="",
        description="Text of scripts written without spaces that the standard tokenizer keeps "
        "whole (Thai, Lao, Khmer, Myanmar), a space between grapheme clusters; for search only.",
    )
    language: Annotated[str, KEYWORD] = "und"
    authors: Keywords = Field(default_factory=list)
    categories: Keywords = Field(default_factory=list)
    image: Image = Field(default_factory=Image)
    word_count: Annotated[int, INTEGER] = 0
    updated: Annotated[datetime | None, DATE] = None
    people: Keywords = Field(default_factory=list)
    organizations: Keywords = Field(default_factory=list)
    places: Keywords = Field(default_factory=list)
    groups: Keywords = Field(default_factory=list)
    events: Keywords = Field(default_factory=list)
    products: Keywords = Field(default_factory=list)
    entity_ids: Keywords = Field(default_factory=list)
    geo: Geo = Field(default_factory=Geo)
    mentions: Annotated[list[Mention], STORED] = Field(default_factory=list)
    tagger: Tagger = Field(default_factory=Tagger)


class FeedReference(DocumentPart):
    """The feed that showed an entry, as its configuration describes it."""

    url: str
    name: str = ""
    country: str = ""
    language: str = ""
    tags: list[str] = Field(default_factory=list)
    labels: dict[str, str] = Field(default_factory=dict)


class SourceFeeds(DocumentPart):
    """The feeds an article came from; each list is free of repetitions, in order of feed URL."""

    url: Annotated[list[str], URL] = Field(default_factory=list)
    name: Keywords = Field(default_factory=list)
    country: Keywords = Field(default_factory=list)
    language: Keywords = Field(default_factory=list)
    tags: Keywords = Field(default_factory=list)


class Source(DocumentPart):
    """What one feed has shown of the article so far; all that merging needs to know of it.

    Attributes:
        hash: Of what the publisher sent last (raw title, text, link, dates).
        seen: How often each version (by hash) became the current one, oldest first.
        undated: True where the first version carried no usable date.
        dated_by_page: True where the article's page gave `published`, since the feed does not.
        content: This source's version; None where the document itself shows it.
        lacks: Of the version that the document shows, what is not this source's but another's.
    """

    feed: FeedReference
    hash: str
    seen: dict[str, int] = Field(default_factory=dict)
    rule_version: int = 1
    first_sight: datetime
    last_sight: datetime
    corrections: int = 0
    published: datetime | None = None
    undated: bool = False
    dated_by_page: bool = False
    link: Link = Field(default_factory=Link)
    content: Content | None = None
    lacks: list[str] = Field(default_factory=list)


class Story(DocumentPart):
    """The report that this article is a copy or rewrite of.

    Attributes:
        id: The document id of the story's earliest member.
        bands: Of the text's fingerprint; copies share at least one.
        state: `provisional` until the sweep has looked for copies of the text as it stands.
    """

    id: Annotated[str, KEYWORD] = ""
    bands: Keywords = Field(default_factory=list)
    state: Annotated[Literal["provisional", "settled"], KEYWORD] = "provisional"


class News(Content):
    """Everything ECS has no name for."""

    published: Annotated[datetime | None, DATE] = None
    published_source: Annotated[Literal["feed", "page", "first_seen"], KEYWORD] = "first_seen"
    revision: Annotated[int, INTEGER] = 1
    feed: SourceFeeds = Field(default_factory=SourceFeeds)
    sources: Annotated[list[Source], STORED] = Field(default_factory=list)
    story: Story = Field(default_factory=Story)


class Article(DocumentPart):
    """The document that is stored, indexed and searched."""

    id: str = Field(default="", exclude=True, description="The index's `_id`, not in the source.")
    timestamp: Annotated[datetime, DATE] = Field(alias="@timestamp")
    event: Event
    ecs: Ecs = Field(default_factory=Ecs)
    message: Annotated[str, TEXT] = ""
    url: Link = Field(default_factory=Link)
    news: News
    tags: Keywords = Field(default_factory=list)
    labels: Annotated[dict[str, str], FLATTENED] = Field(default_factory=dict)

    def to_document(self) -> dict[str, Any]:
        """Gives the JSON-ready source document; what is None is left out, what is empty is not."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)

    @classmethod
    def from_document(cls, article_id: str, document: dict[str, Any]) -> "Article":
        """Reads a stored source document back."""
        return cls.model_validate({**document, "id": article_id})


class Sight(BaseModel):
    """What one feed showed of one entry at one time, cleaned and tagged, ready to merge.

    Attributes:
        article_id: The document it belongs to.
        time: max(clock, that feed's last sight + 1 ms): sights of one feed never share a time.
        hash: Of what the publisher sent; `rule_version` is that of our own normalising rules.
        published: UTC; None where the feed gives no date or one more than a day ahead.
        dated_by_page: It is the date that the article's page states.
    """

    article_id: str
    feed: FeedReference
    time: datetime
    hash: str
    rule_version: int = 1
    published: datetime | None = None
    dated_by_page: bool = False
    link: Link = Field(default_factory=Link)
    content: Content
