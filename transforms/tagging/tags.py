"""What the tagger answers with."""

from dataclasses import dataclass
from typing import NamedTuple


class Mention(NamedTuple):
    """One name in the text.

    Attributes:
        start: First code point of the name.
        end: Code point after the last.
        text: The name as written.
        type: OntoNotes type: PERSON, ORG, GPE, LOC, FAC, NORP, EVENT or PRODUCT.
        name: Canonical name.
        ids: `wikidata:Q…`, `geonames:…` or `dateline:…`.
        country: ISO 3166-1 alpha-2 code of the country it lies in or belongs to.
        location: Latitude and longitude in degrees.
        score: Confidence from 0 to 1.
        admin1: Name of the first-level division it lies in.
    """

    start: int
    end: int
    text: str
    type: str
    name: str
    ids: tuple[str, ...]
    country: str | None
    location: tuple[float, float] | None
    score: float
    admin1: str | None = None


class CountryShare(NamedTuple):
    """How much of the text's place mentions speak of one country (share from 0 to 1)."""

    code: str
    share: float
    focus: bool


@dataclass(frozen=True, slots=True)
class Tags:
    """Everything the tagger found in one document; names in order of first appearance."""

    mentions: tuple[Mention, ...]
    title_mentions: tuple[Mention, ...]
    countries: tuple[CountryShare, ...]
    people: tuple[str, ...]
    organizations: tuple[str, ...]
    places: tuple[str, ...]
    groups: tuple[str, ...]
    events: tuple[str, ...]
    products: tuple[str, ...]
    entity_ids: tuple[str, ...]
    country_names: tuple[str, ...]
    region_names: tuple[str, ...]
    macro_regions: tuple[str, ...]
    locations: tuple[tuple[float, float], ...]
    version: str
