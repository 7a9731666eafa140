"""Entries recognised by what the state remembers, whatever their GUIDs do."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.entry import Entry
from schemas.feed import Feed, IdentityPolicy, SeenEntry
from transforms.feeds.recognition import (
    VOLATILE_AFTER,
    Recognised,
    guid_changes_after,
    recognise,
)

POLICIES: tuple[IdentityPolicy, ...] = ("auto", "guid", "link", "link+title", "title")


def entries(fetch: str, link: str = "https://paper.example/{n}", count: int = 3) -> list[Entry]:
    """Gives a feed whose GUIDs are of one fetch."""
    return [
        Entry(guid=f"{fetch}-{n}", link=link.format(n=n), title=f"Title {n}", summary=f"Text {n}")
        for n in range(count)
    ]


def feed(identity: IdentityPolicy = "auto") -> Feed:
    return Feed(url="https://paper.example/feed", identity=identity)


def remembered(found: list[Recognised]) -> dict[str, SeenEntry]:
    return {one.key: SeenEntry(article_id=one.article_id, hash=one.hash) for one in found}


class State:
    """What a feed's state becomes over several fetches."""

    def __init__(self, identity: IdentityPolicy = "auto") -> None:
        self.feed = feed(identity)
        self.seen: dict[str, SeenEntry] = {}
        self.guid_changes = 0

    def fetch(self, shown: list[Entry]) -> list[str]:
        found = recognise(shown, self.feed, self.seen, self.guid_changes)
        self.guid_changes = guid_changes_after(found, self.guid_changes)
        former = {one.former_key for one in found}
        kept = {key: known for key, known in self.seen.items() if key not in former}
        self.seen = {**kept, **remembered(found)}
        return [one.article_id for one in found]


LINKS = {
    "own links": "https://paper.example/{n}",
    "one link for all": "https://paper.example/",
    "no links": "",
}


@pytest.mark.parametrize("link", LINKS.values(), ids=LINKS)
def test_guids_that_change_at_every_fetch_make_no_document_and_no_growth(link: str) -> None:
    state = State()
    first = state.fetch(entries("0", link))
    for fetch in range(1, 8):
        assert state.fetch(entries(str(fetch), link)) == first
        assert len(state.seen) == 3
    assert state.guid_changes == VOLATILE_AFTER


@pytest.mark.parametrize("link", LINKS.values(), ids=LINKS)
def test_once_noticed_a_changed_text_is_recognised_too(link: str) -> None:
    state = State()
    first = state.fetch(entries("0", link))
    for fetch in range(1, 5):
        state.fetch(entries(str(fetch), link))
    edited = [entry.model_copy(update={"summary": "Corrected"}) for entry in entries("9", link)]
    assert state.fetch(edited) == first


def test_one_move_to_another_system_is_no_volatility() -> None:
    state = State()
    first = state.fetch(entries("old"))
    assert state.fetch(entries("new")) == first
    assert state.guid_changes == 1
    assert state.fetch(entries("new")) == first
    assert state.guid_changes == 0
    moved = [e.model_copy(update={"link": e.link + "/moved"}) for e in entries("new")]
    assert state.fetch(moved) == first, "the GUIDs still mean something"


def test_it_stays_noticed() -> None:
    state = State()
    for fetch in range(3):
        state.fetch(entries(str(fetch)))
    for _ in range(3):
        state.fetch(entries("settled"))
    assert state.guid_changes == VOLATILE_AFTER
    assert set(state.seen) == {f"https://paper.example/{n}" for n in range(3)}


def test_few_new_guids_among_many_are_no_volatility() -> None:
    state = State()
    for fetch in range(5):
        shown = entries("stable", count=10)
        shown[0] = shown[0].model_copy(update={"guid": f"edited {fetch}"})
        state.fetch(shown)
    assert state.guid_changes == 0
    assert len(state.seen) == 10


def test_new_entries_stay_new_where_guids_are_volatile() -> None:
    state = State()
    for fetch in range(4):
        state.fetch(entries(str(fetch)))
    ids = state.fetch(entries("5", count=5))
    assert len(set(ids)) == 5
    assert len(state.seen) == 5


def test_the_users_guid_policy_is_not_second_guessed() -> None:
    state = State("guid")
    first = state.fetch(entries("0", "https://paper.example/live"))
    assert set(first).isdisjoint(state.fetch(entries("1", "https://paper.example/live")))


@pytest.mark.parametrize(("before", "after"), list(product(POLICIES, POLICIES)))
@pytest.mark.parametrize("link", LINKS.values(), ids=LINKS)
def test_a_changed_policy_renames_nothing(
    before: IdentityPolicy, after: IdentityPolicy, link: str
) -> None:
    state = State(before)
    first = state.fetch(entries("0", link))
    state.feed = feed(after)
    assert state.fetch(entries("0", link)) == first
    assert len(state.seen) == 3


def test_entries_of_equal_content_are_taken_one_for_one() -> None:
    def three(fetch: str) -> list[Entry]:
        return [Entry(guid=f"{fetch}-{n}", title="Traffic") for n in range(3)]

    state = State()
    first = state.fetch(three("0"))
    assert len(set(first)) == 3
    assert sorted(state.fetch(three("1"))) == sorted(first)


A_FEW = st.sampled_from(["", "a", "b", "c", "https://paper.example/1", "https://paper.example/2"])
ENTRIES = st.lists(st.builds(Entry, guid=A_FEW, link=A_FEW, title=A_FEW, summary=A_FEW), max_size=5)


@given(st.lists(st.tuples(st.sampled_from(POLICIES), ENTRIES), max_size=6))
def test_whatever_a_feed_shows_what_is_known_stays_and_a_repetition_changes_nothing(
    fetches: list[tuple[IdentityPolicy, list[Entry]]],
) -> None:
    state = State()
    for policy, shown in fetches:
        state.feed = feed(policy)
        before = dict(state.seen)
        found = recognise(shown, state.feed, before, state.guid_changes)
        assert len({one.key for one in found}) == len(found)
        former = [one.former_key for one in found if one.former_key]
        assert len(set(former)) == len(former), "each remembered entry is taken once"
        assert {one.key for one in found}.isdisjoint(former)
        for one in found:
            known = before.get(one.former_key or one.key)
            assert known is None or one.article_id == known.article_id
        first = state.fetch(shown)
        keys = len(state.seen)
        assert state.fetch(shown) == first
        assert len(state.seen) == keys
