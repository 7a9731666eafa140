"""Damaged feeds give at least the entries and right texts that feedparser finds in them."""

import pytest

from benchmarks.damage import measure, ours
from benchmarks.damaged_feeds import KINDS, Damaged, without_declaration
from tests.servers.feed_documents import Item, atom, rdf, rss

ITEMS = [
    Item(
        guid=f"https://paper.example/{n}",
        link=f"https://paper.example/{n}",
        title=f"Café & “wind”, number {n} – naïve",
        summary=f"Short words of the “{n}th” day at Zürich’s café & bar…",
        content_html=f"<p>It rained at Zürich’s “Café {n}” & elsewhere — naïve hopes.</p>",
        published=f"2026-03-01T10:{n:02}:00Z",
    )
    for n in range(6)
]
CLEAN = {
    make.__name__: without_declaration(make(ITEMS, title="The Paper").decode())
    for make in (rss, atom, rdf)
}


@pytest.mark.parametrize("kind", KINDS)
def test_damage_costs_no_more_than_it_costs_feedparser(kind: str) -> None:
    row = measure(kind, CLEAN.items())
    assert row.feeds > 0, "the clean feeds have what this damages"
    assert row.worse == []
    assert row.found[0] >= row.found[1] > 0
    assert row.right[0] >= row.right[1]


LOSSLESS = [
    kind
    for kind in KINDS
    if not kind.startswith(("cut off", "no end of one t", "the document twice"))
]


@pytest.mark.parametrize("kind", LOSSLESS)
@pytest.mark.parametrize("feed", CLEAN)
def test_damage_that_hides_no_text_costs_none(kind: str, feed: str) -> None:
    damaged = KINDS[kind](CLEAN[feed])
    assert damaged is not None
    assert ours(damaged) == ours(Damaged(CLEAN[feed].encode()))
