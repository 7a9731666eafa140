"""The tagger's answer: what was found in a document, and the regions that it speaks of."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain
from operator import attrgetter

from transforms.tagging.country_weights import country_weights
from transforms.tagging.found import PLACE_TYPES, Found, Part
from transforms.tagging.gazetteer import Gazetteer
from transforms.tagging.identifiers import identifiers
from transforms.tagging.regions import country_shares, macro_regions
from transforms.tagging.tags import CountryShare, Mention, Tags

_NO_PLACE_KINDS = frozenset({"country", "macro", "demonym", "metonym"})


def answer(parts: Sequence[Part], gazetteer: Gazetteer, version: str) -> Tags:
    """Gives the answer for a title and a text whose names are settled.

    Args:
        parts: Title and text; what was found in them is put into order.
        gazetteer: What its names were settled by.
        version: What the answer bears.
    """
    for part in parts:
        part.found.sort(key=attrgetter("start"))
        for one in part.found:
            one.counts = one.counts or _curated_counts(one, gazetteer)
    title, text = parts
    found = [*title.found, *text.found]
    shares = _country_shares(parts, found, gazetteer)
    names = defaultdict(list)
    for one in found:
        names[one.type].append(one.name)
    places = [one for one in found if one.type in PLACE_TYPES and one.kind not in _NO_PLACE_KINDS]
    divisions = gazetteer.admin1
    title_mentions, mentions = (
        tuple(_mention(part, one, gazetteer) for one in part.found) for part in parts
    )
    return Tags(
        mentions=mentions,
        title_mentions=title_mentions,
        countries=shares,
        people=_unique(names["PERSON"]),
        organizations=_unique(names["ORG"]),
        places=_unique(one.name for one in places),
        groups=_unique(one.name for one in found if one.type == "NORP" and one.kind != "demonym"),
        events=_unique(names["EVENT"]),
        products=_unique(names["PRODUCT"]),
        entity_ids=_unique(chain.from_iterable([one.ids for one in (*title_mentions, *mentions)])),
        country_names=tuple(gazetteer.countries[share.code][0] for share in shares),
        region_names=_unique(
            divisions[key]
            for one in places
            if one.admin1 and (key := f"{one.country}.{one.admin1}") in divisions
        ),
        macro_regions=macro_regions(
            shares, _unique(one.name for one in found if one.type in ("LOC", "ORG")), gazetteer
        ),
        locations=tuple(dict.fromkeys(one.location for one in places if one.location)),
        version=version,
    )


def _curated_counts(found: Found, gazetteer: Gazetteer) -> bool:
    """A curated place speaks for its country; a person or an organisation does not."""
    if found.country is None or found.kind != "curated":
        return False
    return found.type in PLACE_TYPES or found.name in gazetteer.words["metonyms"]


def _country_shares(
    parts: Sequence[Part], found: Sequence[Found], gazetteer: Gazetteer
) -> tuple[CountryShare, ...]:
    order: dict[str, int] = {}
    for number, one in enumerate(found):
        if one.counts and one.country:
            order.setdefault(one.country, number)
    weights: Counter[str] = country_weights(parts, gazetteer)
    for country in weights:  # that of a town that no list holds comes last
        order.setdefault(country, len(found))
    return country_shares(weights, order)


def _mention(part: Part, found: Found, gazetteer: Gazetteer) -> Mention:
    start, end = found.start, found.end
    admin1 = gazetteer.admin1.get(f"{found.country}.{found.admin1}") if found.admin1 else None
    return Mention(
        start, end, part.source[start:end], found.type, found.name,
        identifiers(found.ids, found.type, found.name), found.country, found.location,
        found.score, admin1,
    )  # fmt: skip


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    """Gives the names in order of first appearance."""
    return tuple(dict.fromkeys(names))
