"""The lease protocol against a model of it: the same histories on both backends."""

import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    multiple,
    rule,
    run_state_machine_as_test,
)

from schemas.config import Config
from schemas.errors import LeaseLostError
from schemas.feed import Lease
from schemas.poll import HostWork, Learnt, Poll
from tests.backends import BACKENDS, feeds_of, opened
from tests.committing import commit_one

START = datetime(2026, 3, 2, 12, tzinfo=UTC)
URLS = ("https://a.example/1", "https://a.example/2", "https://b.example/1")
FEEDS = feeds_of(*URLS)
LEASE_SECONDS = 60


def host_of(url: str) -> str:
    return url.split("/")[2]


@dataclass
class ModelHost:
    """Who holds a host, until when, and which polls of it have not ended."""

    holder: object = None
    expires: int = 0
    under_way: set[str] = field(default_factory=set)
    borrowed: bool = False

    def is_free(self, second: int) -> bool:
        return not (self.under_way or self.borrowed) or self.expires <= second


class LeaseProtocol(RuleBasedStateMachine):
    """Owners claim, renew, commit, release and borrow in any order while time passes.

    The model: a host is claimable when nobody holds it or its holder's time is over; whoever
    claims it later replaces the holder, whose commits are then refused.
    """

    configs: Iterator[Config]
    polls: Bundle[tuple[HostWork, Poll]] = Bundle("polls")
    loans: Bundle[tuple[Lease, ...]] = Bundle("loans")

    def __init__(self) -> None:
        super().__init__()
        self._opened = ExitStack()
        _, self.store = self._opened.enter_context(opened(next(self.configs)))
        self.store.register(list(FEEDS.values()))
        self.second = 0
        self.hosts = {host_of(url): ModelHost() for url in URLS}
        self.due = dict.fromkeys(URLS, 0)
        self.etags = dict.fromkeys(URLS, "")

    def teardown(self) -> None:
        self._opened.close()

    @property
    def now(self) -> datetime:
        return START + timedelta(seconds=self.second)

    @rule(seconds=st.sampled_from([1, 20, LEASE_SECONDS + 1]))
    def time_passes(self, seconds: int) -> None:
        self.second += seconds

    @rule(target=polls, owner=st.sampled_from(["one", "two"]), hosts=st.integers(1, 3))
    def claim(self, owner: str, hosts: int) -> Any:
        works = self.store.claim(
            owner, self.now, lease_seconds=LEASE_SECONDS, max_hosts=hosts, feeds=FEEDS
        )
        claimable = {
            name: {url for url in URLS if host_of(url) == name and self.due[url] <= self.second}
            for name, host in self.hosts.items()
            if host.is_free(self.second)
        }
        claimable = {name: urls for name, urls in claimable.items() if urls}
        assert len(works) == min(hosts, len(claimable))
        for work in works:
            urls = {poll.feed.url for poll in work.polls}
            assert urls == claimable.pop(work.lease.host)
            expires = self.second + LEASE_SECONDS
            self.hosts[work.lease.host] = ModelHost(work.lease.token, expires, urls)
            for poll in work.polls:
                assert poll.state.etag == self.etags[poll.feed.url]
        return multiple(*((work, poll) for work in works for poll in work.polls))

    @rule(taken=polls)
    def renew(self, taken: tuple[HostWork, Poll]) -> None:
        work, _ = taken
        host = self.hosts[work.lease.host]
        if host.holder != work.lease.token or not host.under_way:
            with pytest.raises(LeaseLostError):
                self.store.renew(work.lease, self.now, LEASE_SECONDS)
            return
        self.store.renew(work.lease, self.now, LEASE_SECONDS)
        host.expires = self.second + LEASE_SECONDS

    @rule(taken=consumes(polls), etag=st.text("ab", min_size=1, max_size=3))
    def commit(self, taken: tuple[HostWork, Poll], etag: str) -> None:
        work, poll = taken
        url, host = poll.feed.url, self.hosts[work.lease.host]
        due = self.second + 30
        state = poll.state.model_copy(
            update={
                "etag": etag,
                "last_poll": self.now,
                "next_due": START + timedelta(seconds=due),
            }
        )
        learnt = Learnt(poll_id=poll.id, feed_url=url, lease=work.lease, expected=0, state=state)
        if host.holder != work.lease.token:
            with pytest.raises(LeaseLostError):
                commit_one(self.store, learnt, self.now)
            return
        commit_one(self.store, learnt, self.now)
        self.etags[url], self.due[url] = etag, due
        host.under_way.discard(url)

    @rule(taken=consumes(polls), put_off=st.booleans())
    def release(self, taken: tuple[HostWork, Poll], put_off: bool) -> None:
        work, poll = taken
        url, host = poll.feed.url, self.hosts[work.lease.host]
        until = self.second + 15
        later = START + timedelta(seconds=until) if put_off else None
        self.store.release(work.lease, feeds={url: later})
        if host.holder != work.lease.token:
            return
        host.under_way.discard(url)
        if put_off:
            self.due[url] = max(self.due[url], until)

    @rule(target=loans, names=st.sampled_from([["a.example"], ["b.example", "a.example"]]))
    def borrow(self, names: list[str]) -> Any:
        free = all(self.hosts[name].is_free(self.second) for name in names)
        borrowed = self.store.borrow(names, "three", self.now, lease_seconds=LEASE_SECONDS)
        assert [lease.host for lease in borrowed.leases] == (names if free else [])
        for lease in borrowed.leases:
            expires = self.second + LEASE_SECONDS
            self.hosts[lease.host] = ModelHost(lease.token, expires, borrowed=True)
        return borrowed.leases

    @rule(leases=consumes(loans))
    def give_back(self, leases: tuple[Lease, ...]) -> None:
        self.store.give_back(leases, last_request=None, hold_until=None)
        for lease in leases:
            if self.hosts[lease.host].holder == lease.token:
                self.hosts[lease.host] = ModelHost()

    @rule()
    def states_are_what_was_committed(self) -> None:
        assert {state.url: state.etag for state in self.store.states()} == self.etags


@pytest.mark.parametrize("backend", BACKENDS)
def test_leases_behave_as_their_model(
    backend: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> None:
    url = "" if backend == "embedded" else request.getfixturevalue("elasticsearch_url")
    base = "" if backend == "embedded" else request.getfixturevalue("index_prefix")

    def configs() -> Iterator[Config]:
        while True:
            name = uuid.uuid4().hex[:8]
            if backend == "embedded":
                folder = tmp_path_factory.mktemp(name)
                yield Config.model_validate({"index": {"url": f"embedded:{folder}"}})
            else:
                yield Config.model_validate({"index": {"url": url, "prefix": f"{base}{name}-"}})

    machine = type("Leases", (LeaseProtocol,), {"configs": configs()})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=60 if backend == "embedded" else 12,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
