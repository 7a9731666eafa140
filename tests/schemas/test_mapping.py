import pytest

from schemas.fields import article_fields
from schemas.index_kinds import KEYWORD, Indexed
from schemas.mapping import (
    BARE_WORD_FIELDS,
    MAX_TERM_BYTES,
    NAME_FIELDS,
    article_mapping,
    field_mapping,
)


def test_every_field_of_the_document_is_mapped_at_its_path() -> None:
    mapping = article_mapping()
    for spec in article_fields():
        level = mapping
        for part in spec.path.split("."):
            level = level["properties"][part]
        words = level.pop("fields", None)
        assert level == field_mapping(spec.index)
        assert (words is not None) == (spec.path in NAME_FIELDS)


@pytest.mark.parametrize("path", BARE_WORD_FIELDS)
def test_what_a_bare_word_looks_in_is_text(path: str) -> None:
    level = article_mapping()
    for part in path.split("."):
        level = level["fields" if part == "words" else "properties"][part]
    assert level["type"] == "text"


def test_unknown_fields_are_not_added() -> None:
    assert article_mapping()["dynamic"] is False


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("@timestamp", {"type": "date"}),
        ("news.authors", {"type": "keyword", "ignore_above": KEYWORD.max_chars}),
        ("url.full", {"type": "keyword", "ignore_above": 2048}),
        ("news.body", {"type": "text", "analyzer": "standard"}),
        ("news.sources", {"type": "object", "enabled": False}),
        ("news.geo.location", {"type": "geo_point"}),
        ("labels", {"type": "flattened", "ignore_above": 256}),
        ("news.word_count", {"type": "integer"}),
    ],
)
def test_kinds(path: str, expected: dict[str, object]) -> None:
    level = article_mapping()
    for part in path.split("."):
        level = level["properties"][part]
    assert level == expected


def test_no_indexed_keyword_can_be_longer_than_lucenes_longest_term() -> None:
    limit = field_mapping(Indexed("keyword", max_chars=1_000_000))["ignore_above"]
    assert len(("\u0e01" * limit).encode()) <= MAX_TERM_BYTES
