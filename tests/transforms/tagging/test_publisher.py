"""What a publisher's domain tells of the places that it writes of."""

import pytest

from transforms.tagging.gazetteer import load_gazetteer
from transforms.tagging.publisher import publisher_of
from transforms.tagging.tagger import Tagger

TEXT = (
    "The mayor of Paris met the council. The United States helped, the state helped. Of the "
    "United States the town wants more, and the United States agreed."
)


@pytest.mark.parametrize(
    ("domain", "country"),
    [
        ("zemblanews.com", "FR"),
        ("theparisnews.com", "US"),
        ("the-paris-news.com", "US"),
        ("parisnews.fr", "FR"),
        ("", "FR"),
    ],
)
def test_a_city_that_gives_its_name_is_where_its_language_is_spoken(
    tagger: Tagger, domain: str, country: str
) -> None:
    mention = next(m for m in tagger.tag("", TEXT, "en", domain).mentions if m.text == "Paris")
    assert mention.country == country


def test_a_countrys_name_is_no_towns(tagger: Tagger) -> None:
    text = "The king of Jordan met the council."
    mention = next(m for m in tagger.tag("", text, "en", "jordantimes.com").mentions)
    assert (mention.text, mention.country) == ("Jordan", "JO")


@pytest.mark.parametrize(
    ("domain", "country"),
    [("news.example.co.uk", "GB"), ("example.ke", "KE"), ("example.com", ""), ("", "")],
)
def test_the_suffix_tells_the_country(domain: str, country: str) -> None:
    assert publisher_of(domain, "", True, load_gazetteer()).country == country


def test_the_configured_country_goes_before_the_domains() -> None:
    gazetteer = load_gazetteer()
    assert publisher_of("example.ke", "AR", True, gazetteer).country == "AR"
    assert publisher_of("", "AR", True, gazetteer).country == "AR"


@pytest.mark.parametrize("country", ["AR", "ES"])
def test_a_feeds_country_tells_namesakes_apart(tagger: Tagger, country: str) -> None:
    text = "La protesta de los docentes sigue en La Rioja desde el lunes."
    mention = tagger.tag("", text, "es", "paper.example", country).mentions[0]
    assert (mention.text, mention.country) == ("La Rioja", country)
