"""Lines of JSON Lines, as archives of many makers have them."""

import json
from typing import Any

import pytest

from schemas.entry import Entry
from schemas.errors import TerminalError
from transforms.feeds.json_lines import read_line

LINE = {"url": "https://paper.example/a/1", "title": "Rain", "text": "It rained."}


def entry(**keys: Any) -> Entry:
    return read_line(json.dumps({**LINE, **keys}).encode())[0]


def test_numbers_stand_for_their_digits() -> None:
    found = entry(guid=12345, published=1714723200, updated=1714723200.5, title=2024)
    assert (found.guid, found.published, found.title) == ("12345", "1714723200", "2024")
    assert found.updated == "1714723200.5"


@pytest.mark.parametrize(
    ("given", "authors"),
    [
        (None, []),
        ("Ada Example", ["Ada Example"]),
        (["Ada Example", None, {"name": "Ben Example"}], ["Ada Example", "Ben Example"]),
        ({"name": "Ada Example", "url": "https://paper.example/ada"}, ["Ada Example"]),
        ([{"url": "https://paper.example/ada"}], []),
    ],
    ids=["null", "text", "mixed", "object", "nameless"],
)
def test_authors_in_many_forms(given: Any, authors: list[str]) -> None:
    assert entry(authors=given).authors == authors


def test_null_is_nothing() -> None:
    found = entry(categories=None, image=None, summary=None, published=None)
    assert (found.categories, found.image_url, found.summary) == ([], "", "")


@pytest.mark.parametrize(
    ("keys", "reason"),
    [({"title": ["Rain"]}, "title: "), ({"published": True}, "published: ")],
    ids=["a_list", "true"],
)
def test_what_is_of_another_kind_is_named(keys: dict[str, Any], reason: str) -> None:
    with pytest.raises(TerminalError, match=reason):
        entry(**keys)
