"""Puts what the tagger found into a document's content."""

from schemas.article import Content, Geo, GeoPoint, Mention, Sight
from schemas.article import Tagger as TaggerVersion
from transforms.tagging.tagger import Tagger
from transforms.tagging.tags import Tags


def put_tags(content: Content, tags: Tags) -> Content:
    """Gives the content with a tagger's findings in place of earlier ones."""
    return content.model_copy(
        update={
            "people": list(tags.people),
            "organizations": list(tags.organizations),
            "places": list(tags.places),
            "groups": list(tags.groups),
            "events": list(tags.events),
            "products": list(tags.products),
            "entity_ids": list(tags.entity_ids),
            "geo": Geo(
                country_iso_code=[country.code for country in tags.countries],
                country_name=list(tags.country_names),
                region_name=list(tags.region_names),
                macro_region=list(tags.macro_regions),
                focus_country=[country.code for country in tags.countries if country.focus],
                location=[GeoPoint(lat=lat, lon=lon) for lat, lon in tags.locations],
            ),
            "mentions": [
                Mention(
                    start=mention.start,
                    end=mention.end,
                    text=mention.text,
                    type=mention.type,
                    name=mention.name,
                    ids=list(mention.ids),
                    country=mention.country,
                    location=GeoPoint(lat=mention.location[0], lon=mention.location[1])
                    if mention.location
                    else None,
                    score=mention.score,
                )
                for mention in tags.mentions
            ],
            "tagger": TaggerVersion(version=tags.version),
        }
    )


def tag_content(tagger: Tagger, content: Content, domain: str, country: str) -> Content:
    """Tags one article's text: its title and body, or its summary where there is no body.

    Args:
        tagger: Finds what the text speaks of.
        content: The text, in the version of one source.
        domain: Publisher's registered domain.
        country: Publisher's country, as its feed's configuration states it; else "".
    """
    text = content.body or content.summary
    return put_tags(content, tagger.tag(content.title, text, content.language, domain, country))


def tag_sight(tagger: Tagger, sight: Sight) -> Sight:
    """Gives a sight with its content tagged, as an article of its own feed."""
    content = tag_content(tagger, sight.content, sight.link.registered_domain, sight.feed.country)
    return sight.model_copy(update={"content": content})
