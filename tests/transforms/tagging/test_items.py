"""News items of our own in many languages: names, countries and regions that must be found."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from transforms.tagging.tagger import Tagger
from transforms.tagging.tags import Tags

ITEMS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "items.yaml").read_text(encoding="utf-8")
)
each_item = pytest.mark.parametrize(
    "item", [item for item in ITEMS if "not_yet" not in item], ids=lambda item: item["id"]
)


def tags_of(tagger: Tagger, item: dict[str, Any]) -> Tags:
    return tagger.tag(item.get("title", ""), item["text"], item["language"], "")


def test_the_items_are_many_and_in_many_languages() -> None:
    assert len(ITEMS) >= 60
    assert len({item["language"] for item in ITEMS}) >= 12
    assert len({item["id"] for item in ITEMS}) == len(ITEMS)


@each_item
def test_names_are_found_under_one_canonical_name(tagger: Tagger, item: dict[str, Any]) -> None:
    tags = tags_of(tagger, item)
    found = {(mention.text, mention.type, mention.name) for mention in tags.mentions}
    missing = [tuple(one) for one in item["entities"] if tuple(one) not in found]
    assert missing == [], sorted(found)


@each_item
def test_countries_and_regions_are_told(tagger: Tagger, item: dict[str, Any]) -> None:
    tags = tags_of(tagger, item)
    countries = [country.code for country in tags.countries]
    assert set(item.get("countries", ())) <= set(countries), countries
    focus = [country.code for country in tags.countries if country.focus]
    assert set(item.get("focus", ())) <= set(focus), focus
    assert set(item.get("regions", ())) <= set(tags.macro_regions), tags.macro_regions


@pytest.mark.parametrize(
    "item", [item for item in ITEMS if "not_yet" in item], ids=lambda item: item["id"]
)
def test_what_the_rules_do_not_do_yet_is_still_so(tagger: Tagger, item: dict[str, Any]) -> None:
    tags = tags_of(tagger, item)
    names = {(mention.text, mention.type, mention.name) for mention in tags.mentions}
    countries = {country.code for country in tags.countries}
    done = {tuple(one) for one in item["entities"]} <= names
    assert not (done and set(item["countries"]) <= countries), "it does now: take `not_yet` out"
