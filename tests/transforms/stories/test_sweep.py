"""Stories at rest are the same whatever came first, on both indexes."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.article import Article
from schemas.config import StoriesConfig
from tests.transforms.storage.sights import sight
from tests.transforms.stories.reports import article, edited, report, with_new_lead
from transforms.storage.article_index import ArticleIndex, Write
from transforms.storage.merge import merge
from transforms.stories.grouping import CopyGraph, story_ids
from transforms.stories.sweep import Swept, sweep

WINDOW = StoriesConfig(window=72 * 3600, span=14 * 86_400)
WIRE, LOCAL = report(1), report(2)
COPIES = [
    article("agency", WIRE, hours=0),
    article("daily", edited(WIRE, 0.05), hours=3),
    article("evening", with_new_lead(WIRE), hours=9),
    article("local", LOCAL, hours=1),
    article("brief-1", "Rain fell.", hours=2, title="Rain", paper="p.example"),
    article("brief-2", "Rain fell.", hours=4, title="Rain", paper="p.example"),
    article("late", WIRE, hours=200),
]
STORIES = {
    "agency": "agency",
    "daily": "agency",
    "evening": "agency",
    "local": "local",
    "brief-1": "brief-1",
    "brief-2": "brief-1",
    "late": "late",
}


def put(index: ArticleIndex, articles: Iterable[Article]) -> None:
    results = index.write([Write(one) for one in articles])
    assert {result.kind for result in results} == {"written"}


def stories(index: ArticleIndex) -> dict[str, str]:
    index.refresh()
    return {found.id: found.news.story.id for found in index.scan()}


ORDERS: list[Sequence[Article]] = [COPIES, COPIES[::-1], COPIES[3:] + COPIES[:3]]


@pytest.mark.parametrize("order", ORDERS, ids=["as published", "backwards", "turned"])
@pytest.mark.parametrize("at_once", [1, 3, 7], ids="{} between sweeps".format)
def test_the_order_of_arrival_does_not_matter(
    index: ArticleIndex, order: Sequence[Article], at_once: int
) -> None:
    for start in range(0, len(order), at_once):
        put(index, order[start : start + at_once])
        sweep(index, WINDOW)
    assert stories(index) == STORIES


def test_a_sweep_at_rest_changes_nothing(index: ArticleIndex) -> None:
    put(index, COPIES)
    assert sweep(index, WINDOW) == Swept(settled=7, relabelled=3)
    versions = {key: stored.version for key, stored in index.get(list(STORIES)).items()}
    assert sweep(index, WINDOW) == Swept()
    assert {key: stored.version for key, stored in index.get(list(STORIES)).items()} == versions


def test_joining_a_story_is_no_revision(index: ArticleIndex) -> None:
    put(index, COPIES)
    sweep(index, WINDOW)
    daily = index.get(["daily"])["daily"].article
    assert (daily.news.revision, daily.event.created) == (1, COPIES[1].event.created)
    assert daily.news.story.state == "settled"


def test_a_text_that_becomes_another_leaves_its_story(index: ArticleIndex) -> None:
    put(index, [COPIES[0], article("daily", WIRE, hours=3), COPIES[2]])
    sweep(index, WINDOW)
    stored = index.get(["agency"])["agency"]
    other = sight(
        stored.article.news.feed.url[0], 40_000, "v2", article_id="agency", body=report(5)
    )
    index.write([Write(merge(stored.article, other).article, stored.version)])
    sweep(index, WINDOW)
    assert stories(index) == {"agency": "agency", "daily": "daily", "evening": "daily"}


def test_a_correction_that_leaves_the_text_alike_keeps_the_story(index: ArticleIndex) -> None:
    put(index, COPIES[:3])
    sweep(index, WINDOW)
    stored = index.get(["daily"])["daily"]
    feed = stored.article.news.feed.url[0]
    corrected = sight(feed, 40_000, "v2", article_id="daily", body=edited(WIRE, 0.04, seed=9))
    index.write([Write(merge(stored.article, corrected).article, stored.version)])
    sweep(index, WINDOW)
    assert set(stories(index).values()) == {"agency"}


@given(st.permutations(range(8)))
def test_the_stories_of_a_group_do_not_depend_on_its_order(order: list[int]) -> None:
    group = [article(f"a{number}", WIRE, hours=60 * number) for number in range(8)]
    expected = story_ids(group, span=group[3].timestamp - group[0].timestamp)
    assert story_ids([group[n] for n in order], group[3].timestamp - group[0].timestamp) == expected
    assert [expected[f"a{number}"] for number in range(8)] == ["a0"] * 4 + ["a4"] * 4


@given(st.permutations(range(len(COPIES))))
def test_the_groups_do_not_depend_on_the_order(order: list[int]) -> None:
    graph = CopyGraph(timedelta(hours=72))
    for number in order:
        graph.add(COPIES[number])
    groups = {frozenset(member.id for member in group) for group in graph.components()}
    assert groups == {
        frozenset({"agency", "daily", "evening"}),
        frozenset({"local"}),
        frozenset({"brief-1", "brief-2"}),
        frozenset({"late"}),
    }


FORM = (
    "{} is issuing a {} million bond due next spring, lead manager {} said. The bond is available "
    "in denominations of five thousand and will be listed in Luxembourg. The selling concession is "
    "one percent, while management and underwriting combined pay half a percent."
)
PORT = FORM.format("Aldwick Port", 80, "Norbury Bank")
RAIL = FORM.format("Thornby Rail", 90, "Milford Trust")
TITLE = "New issue in the market"
FORMS = [
    article("port", PORT, title=TITLE, paper="wire.example"),
    article("rail", RAIL, title=TITLE, hours=1, paper="wire.example"),
    article("port-copy", edited(PORT, 0.02), title=TITLE, hours=2),
    article("rail-copy", edited(RAIL, 0.02), title=TITLE, hours=3),
]


@pytest.mark.parametrize("order", [FORMS, FORMS[::-1], FORMS[2:] + FORMS[:2]])
def test_copies_elsewhere_do_not_join_what_a_paper_has_side_by_side(
    index: ArticleIndex, order: Sequence[Article]
) -> None:
    graph = CopyGraph(timedelta(hours=72))
    assert [len(graph.add(one)) for one in FORMS] == [0, 0, 2, 3]
    for one in order:
        put(index, [one])
        sweep(index, WINDOW)
    assert stories(index) == {
        "port": "port",
        "port-copy": "port",
        "rail": "rail",
        "rail-copy": "rail",
    }
