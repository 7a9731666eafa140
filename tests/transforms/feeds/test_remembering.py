"""What is remembered of entries, and which are taken by that."""

import pytest

from schemas.entry import Entry
from schemas.feed import Feed, SeenEntry
from schemas.poll import PollEntry
from tests.transforms.http.polls import NOW
from transforms.feeds.recognition import Recognised
from transforms.feeds.remembering import failed, has_failed, in_turn, is_known, taken
from transforms.storage.merge import MAX_APPEARANCES, MAX_VERSIONS
from transforms.text.normalize import RULE_VERSION


def origin(sent: str, known: SeenEntry | None = None) -> PollEntry:
    return PollEntry(
        poll_id="p",
        feed=Feed(url="https://paper.example/feed"),
        entry=Entry(),
        key="1",
        hash=sent,
        article_id="a",
        known=known,
        sight_time=NOW,
    )


def shown(sent: str, known: SeenEntry | None, key: str = "1") -> Recognised:
    return Recognised(Entry(), key, sent, "a", known)


def after(sent: str) -> SeenEntry | None:
    """Gives what is remembered after these versions, a letter each; capitals could not be taken."""
    known: SeenEntry | None = None
    for version in sent:
        if is_known(shown(version, known)):
            continue
        one = origin(version, known)
        known = failed(one) if version.isupper() else taken(one, RULE_VERSION)
    return known


def test_an_entry_that_flips_is_taken_as_often_as_its_document_takes_it() -> None:
    known, takings = None, 0
    for version in "ab" * 10:
        if not is_known(shown(version, known)):
            takings += 1
            known = taken(origin(version, known), RULE_VERSION)
    assert takings == 2 * MAX_APPEARANCES
    assert not is_known(shown("c", known))


@pytest.mark.parametrize(
    ("sent", "versions"),
    [
        ("a", {}),
        ("aa", {}),
        ("ab", {"a": 1, "b": 1}),
        ("aba", {"b": 1, "a": 2}),
        ("A", {}),
        ("aB", {"a": 1}),
        ("Ab", {}),
        ("aBa", {"a": 2}),
        ("aBaBaBa", {"a": 2}),
    ],
)
def test_versions_are_counted_once_there_are_two(sent: str, versions: dict[str, int]) -> None:
    known = after(sent)
    assert known is not None
    assert known.versions == versions


def test_only_the_last_versions_are_remembered() -> None:
    known = after("abcdefghijklmnopqrstuvwxyz")
    assert known is not None
    assert list(known.versions) == list("abcdefghijklmnopqrstuvwxyz")[-MAX_VERSIONS:]


def test_what_the_rules_read_otherwise_is_taken_again_and_is_no_other_version() -> None:
    before = SeenEntry(article_id="a", hash="a", rule_version=RULE_VERSION - 1)
    assert not is_known(shown("a", before))
    assert taken(origin("a", before), RULE_VERSION).versions == {}


def test_a_dead_letter_is_one_until_the_entry_or_the_rules_change() -> None:
    known = after("A")
    assert known is not None
    assert has_failed(shown("A", known))
    assert not is_known(shown("A", known))
    assert not has_failed(shown("b", known))
    older = known.model_copy(update={"rule_version": RULE_VERSION - 1})
    assert not has_failed(shown("A", older))


def test_what_has_failed_comes_after_all_others() -> None:
    entries = [
        shown("A", after("A"), "dead letter"),
        shown("a", None, "new"),
        shown("a", after("a"), "known"),
        shown("b", after("A"), "mended"),
    ]
    assert [one.key for one in in_turn(entries)] == ["new", "mended", "dead letter"]


def test_the_state_of_an_entry_that_never_changed_holds_no_more_than_before() -> None:
    known = after("a")
    assert known is not None
    assert set(known.model_dump()) == {"article_id", "hash", "rule_version"}
