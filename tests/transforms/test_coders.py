from datetime import UTC, datetime

import pytest
from apache_beam.coders import registry
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from schemas.failure import Failure
from schemas.feed import Feed, FeedState, Lease, SeenEntry
from schemas.poll import Committed, FetchOrder, HostWork, Learnt, Outcome, Poll, PollPiece
from transforms.coders import ModelCoder, PollPart

NOW = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
LEASE = Lease(host="paper.example", owner="o", token="t", expires=NOW, feeds=["https://a.example/"])
STATE = FeedState(
    url="https://a.example/",
    host="a.example",
    etag='W/"é"',
    next_due=NOW,
    seen={"k": SeenEntry(article_id="a", hash="h")},
)
LEARNT = Learnt(poll_id="p", feed_url=STATE.url, lease=LEASE, expected=1, state=STATE)
OUTCOME = Outcome(poll_id="p", feed_url=STATE.url, key="k", kind="written", created=True)
POLL = Poll(id="p", feed=Feed(url=STATE.url), state=STATE, lease=LEASE)
WORK = HostWork(lease=LEASE, polls=[POLL], last_request=NOW)
MODELS = [
    WORK,
    FetchOrder(work=WORK),
    FetchOrder(),
    LEARNT,
    OUTCOME,
    PollPiece(learnt=LEARNT, outcomes=[OUTCOME]),
    Committed(poll_id="p", feed_url=STATE.url, host="a.example", kind="failed", counts={"a": 1}),
]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: type(model).__name__)
def test_models_come_out_as_they_went_in(model: BaseModel) -> None:
    coder = registry.get_coder(type(model))
    assert isinstance(coder, ModelCoder)
    assert coder.decode(coder.encode(model)) == model


@pytest.mark.parametrize("part", [LEARNT, OUTCOME], ids=["learnt", "outcome"])
def test_the_parts_of_a_poll_are_told_apart(part: BaseModel) -> None:
    coder = registry.get_coder(PollPart)
    assert coder.decode(coder.encode(part)) == part


@given(st.text(st.characters(codec=None)))
def test_any_text_of_a_broken_feed_passes(text: str) -> None:
    failure = Failure(
        id="f",
        feed_url=STATE.url,
        entry_key="k",
        stage="normalize",
        error="e",
        input={"title": text},
        first_seen=NOW,
        last_seen=NOW,
        sight_time=NOW,
    )
    outcome = OUTCOME.model_copy(update={"kind": "dead_letter", "failure": failure})
    coder = registry.get_coder(Outcome)
    assert coder.decode(coder.encode(outcome)) == outcome
