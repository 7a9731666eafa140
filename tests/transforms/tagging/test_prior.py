"""What a publisher has written of before, as evidence."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.article import Article, Mention
from schemas.errors import ConfigError
from schemas.prior import Prior, PublisherPrior
from tests.servers.articles import article
from transforms.tagging.jsonl import tag_lines
from transforms.tagging.prior import LEAST_PLACES, load_prior, make_prior
from transforms.tagging.tagger import Tagger

ALABAMA = PublisherPrior(places=100, countries={"US": 1.0}, divisions={"US.AL": 0.6})
ENGLAND = PublisherPrior(places=100, countries={"GB": 1.0}, divisions={"GB.ENG": 0.9})
PRIOR = Prior(publishers={"tuscaloosa.example": ALABAMA, "coventry.example": ENGLAND})
TEXT = "The mayor of Birmingham spoke on Monday."


@pytest.fixture(scope="module")
def with_prior(tagger: Tagger) -> Tagger:
    return Tagger(tagger._gazetteer, PRIOR)


def country(tagger: Tagger, domain: str, text: str = TEXT) -> str | None:
    return next(one for one in tagger.tag("", text, "en", domain).mentions).country


def test_a_prior_tells_namesakes_apart(with_prior: Tagger) -> None:
    assert country(with_prior, "tuscaloosa.example") == "US"
    assert country(with_prior, "coventry.example") == "GB"


def test_what_the_text_says_goes_before(with_prior: Tagger) -> None:
    assert country(with_prior, "tuscaloosa.example", "In Birmingham, England, it rained.") == "GB"
    assert country(with_prior, "coventry.example", "In Birmingham, Alabama, it rained.") == "US"


def test_another_publisher_is_tagged_as_ever(tagger: Tagger, with_prior: Tagger) -> None:
    plain, other = tagger.tag("", TEXT), with_prior.tag("", TEXT, "en", "elsewhere.example")
    assert plain.mentions == other.mentions
    assert other.version == f"{plain.version}+{PRIOR.version}"


@given(st.randoms(use_true_random=False))
def test_a_lines_answer_never_depends_on_the_others(order: random.Random) -> None:
    lines = [
        json.dumps({"id": number, "text": TEXT, "domain": domain})
        for number, domain in enumerate(["tuscaloosa.example", "coventry.example", "", "x.example"])
    ]
    shuffled = lines[:]
    order.shuffle(shuffled)
    answers = {one["id"]: one for one in tag_lines(lines, _SHARED[0])}
    assert {one["id"]: one for one in tag_lines(shuffled, _SHARED[0])} == answers


_SHARED: list[Tagger] = []


@pytest.fixture(scope="module", autouse=True)
def _share(with_prior: Tagger) -> None:
    _SHARED[:] = [with_prior]


def mentioning(number: int, domain: str, *mentions: Mention) -> Article:
    made = article(f"a{number}", "N")
    news = made.news.model_copy(update={"mentions": list(mentions)})
    url = made.url.model_copy(update={"registered_domain": domain})
    return made.model_copy(update={"news": news, "url": url})


def place(country: str, identity: str = "", score: float = 0.9, type: str = "GPE") -> Mention:
    values: dict[str, Any] = {"country": country, "ids": [identity] if identity else []}
    return Mention(start=0, end=1, text="x", type=type, name="x", score=score, **values)


def test_a_prior_is_made_of_sure_places_alone() -> None:
    sure = [place("US", "geonames:1")] * 15 + [place("US")] * 3 + [place("CA", "geonames:2")] * 2
    unsure = [place("FR", score=0.7)] * 50 + [place("DE", type="PERSON")] * 50
    articles = [mentioning(n, "paper.example", one) for n, one in enumerate([*sure, *unsure])]
    articles.append(mentioning(999, "new.example", place("US")))
    prior = make_prior(articles, {"geonames:1": "US.AL", "geonames:2": "CA.08"})
    assert prior.publishers == {
        "paper.example": PublisherPrior(
            places=LEAST_PLACES,
            countries={"CA": 0.1, "US": 0.9},
            divisions={"CA.08": 0.1, "US.AL": 0.75},
        )
    }


def test_a_prior_file_is_read_or_what_is_wrong_is_said(tmp_path: Path) -> None:
    file = tmp_path / "prior.json"
    file.write_text(PRIOR.model_dump_json())
    assert load_prior(file) == PRIOR
    assert load_prior(file).version == PRIOR.version
    file.write_text('{"publishers": {"x": {}}}')
    with pytest.raises(ConfigError, match=r"publishers\.x\.places.*dateline prior"):
        load_prior(file)
    with pytest.raises(ConfigError, match="cannot be read"):
        load_prior(tmp_path / "missing.json")
