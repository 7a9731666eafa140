"""Tag: finds the people, organisations, places and regions that a sight's text speaks of."""

import threading
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import apache_beam as beam
from apache_beam.pvalue import TaggedOutput

from schemas.article import Content, Geo, GeoPoint, Mention
from schemas.article import Tagger as TaggerVersion
from schemas.config import Config
from schemas.poll import PollSight
from transforms.clock import utc_now
from transforms.dead_letters import dead_letter
from transforms.tagging.model import Tags
from transforms.tagging.tagger import Tagger

SIGHTS = "sights"
OUTCOMES = "outcomes"
_LOADING = threading.Lock()


class Tag(beam.PTransform):
    """Tags texts.

    Input: `PollSight`. Outputs by tag: `sights` (`PollSight` with entities and regions),
    `outcomes` (dead letters).
    """

    def __init__(self, config: Config) -> None:
        super().__init__()
        self._config = config

    def expand(self, pcoll: beam.PCollection) -> beam.pvalue.DoOutputsTuple:
        return pcoll | "Tag" >> beam.ParDo(_TagFn(self._config.tagger.data)).with_outputs(
            OUTCOMES, main=SIGHTS
        )


def shared_tagger(extra_data: Sequence[Path]) -> Tagger:
    """Gives the process's tagger; the gazetteer is loaded once for all threads."""
    with _LOADING:
        return _load_tagger(tuple(extra_data))


@cache
def _load_tagger(extra_data: tuple[Path, ...]) -> Tagger:
    return Tagger.load(extra_data)


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


def tag_content(tagger: Tagger, content: Content, domain: str) -> Content:
    """Tags one article's text: its title and body, or its summary where there is no body."""
    text = content.body or content.summary
    return put_tags(content, tagger.tag(content.title, text, content.language, domain))


class _TagFn(beam.DoFn):
    def __init__(self, extra_data: Sequence[Path]) -> None:
        self._extra_data = list(extra_data)
        self._tagger: Tagger | None = None

    def setup(self) -> None:
        self._tagger = shared_tagger(self._extra_data)

    def process(self, element: PollSight) -> Iterator[PollSight | TaggedOutput]:
        assert self._tagger is not None
        sight = element.sight
        try:
            content = tag_content(self._tagger, sight.content, sight.link.registered_domain)
        except Exception as error:  # one bad entry never costs its feed
            yield TaggedOutput(OUTCOMES, dead_letter(element.origin, "tag", error, utc_now()))
            return
        tagged = sight.model_copy(update={"content": content})
        yield element.model_copy(update={"sight": tagged})
