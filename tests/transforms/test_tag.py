"""The tag stage: what a sight is tagged by."""

from datetime import UTC, datetime

import apache_beam as beam
import pytest
from apache_beam.testing.util import assert_that, equal_to

from schemas.config import Config, LimitsConfig
from schemas.entry import Entry
from schemas.feed import Feed
from schemas.poll import PollEntry, PollSight
from transforms.normalize import normalize_entry
from transforms.tag import SIGHTS, Tag

TEXT = "La protesta de los docentes sigue en La Rioja desde el lunes."


@pytest.mark.parametrize("country", ["AR", "ES"])
def test_the_country_of_a_feeds_configuration_tells_namesakes_apart(country: str) -> None:
    origin = PollEntry(
        poll_id="1",
        feed=Feed(url="https://www.paper.example/feed", country=country),
        entry=Entry(link="https://www.paper.example/1", title="Protesta", content=TEXT),
        key="1",
        hash="sent",
        article_id="1",
        sight_time=datetime(2026, 3, 2, 12, tzinfo=UTC),
    )

    def countries(element: PollSight) -> list[str]:
        return element.sight.content.geo.country_iso_code

    with beam.Pipeline("FnApiRunner") as pipeline:
        sights = pipeline | beam.Create([normalize_entry(origin, LimitsConfig())])
        tagged = sights | Tag(Config())
        assert_that(tagged[SIGHTS] | beam.Map(countries), equal_to([[country]]))
