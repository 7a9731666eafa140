"""Names of several addresses, of changing ones, and of none in time."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from schemas.config import HttpConfig
from schemas.poll import FetchResult
from tests.servers.feed_server import FeedServer, feed_server_on
from tests.transforms.http.polls import AT_ONCE, LOOPBACK, NOW, poll_of, work_of
from transforms.http.address_guard import AddressGuard
from transforms.http.client import FeedClient
from transforms.http.fetch import fetch
from transforms.http.guarded_resolver import GuardedResolver
from transforms.http.pool import FetchPool

BODY = b"<rss version='2.0'><channel/></rss>"
OURS, THEIRS = "127.0.0.1", "127.0.0.2"
ONLY_THEIRS = HttpConfig(allow_networks=[f"{THEIRS}/32"], timeout=10)


@pytest.fixture
def answer_names(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[str], list[str]]], None]:
    """Has a function answer for the names below `example`, as the system's resolver would."""
    system = socket.getaddrinfo

    def answer_with(addresses_of: Callable[[str], list[str]]) -> None:
        def getaddrinfo(host: str, port: int, *rest: Any, **more: Any) -> list[Any]:
            if not host.endswith(".example"):
                return list(system(host, port, *rest, **more))
            return [
                (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
                for address in addresses_of(host)
            ]

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)

    return answer_with


@pytest.fixture
def release() -> Iterator[threading.Event]:
    """Lets go of the threads that wait for it, at the latest when the test ends."""
    event = threading.Event()
    yield event
    event.set()


def ask(url: str, config: HttpConfig) -> FetchResult:
    async def run() -> FetchResult:
        client = FeedClient(config)
        try:
            return await fetch(client, poll_of(url, "paper.example"), config, lambda: NOW)
        finally:
            await client.close()

    return asyncio.run(run())


@pytest.mark.parametrize("addresses", [[OURS, THEIRS], [THEIRS, OURS]], ids=["first", "last"])
def test_of_several_addresses_only_the_permitted_are_connected_to(
    answer_names: Any, feed_server: FeedServer, addresses: list[str]
) -> None:
    answer_names(lambda _: addresses)
    feed_server.put("/feed", BODY)
    result = ask(f"http://paper.example:{feed_server.port}/feed", ONLY_THEIRS)
    assert "no connection" in result.error, "nobody listens there"
    assert THEIRS in result.error
    assert feed_server.requests == []


def test_the_connection_is_made_to_the_address_that_was_checked(answer_names: Any) -> None:
    answers = [[THEIRS]]
    answer_names(lambda _: answers.pop() if answers else [OURS])
    with feed_server_on(THEIRS) as theirs:
        theirs.put("/feed", BODY)
        assert ask(f"http://paper.example:{theirs.port}/feed", ONLY_THEIRS).body == BODY
        rebound = ask(f"http://paper.example:{theirs.port}/feed", ONLY_THEIRS)
    assert "(address of paper.example): loopback address" in rebound.error


def test_names_that_nobody_answers_for_hold_no_other_feed_up(
    answer_names: Any, feed_server: FeedServer, release: threading.Event
) -> None:
    def addresses_of(host: str) -> list[str]:
        if host.startswith("slow"):
            release.wait()
        return [OURS]

    answer_names(addresses_of)
    feed_server.put("/feed", BODY)
    hanging = [f"slow{number}.example" for number in range(99)]
    pool = FetchPool(LOOPBACK, AT_ONCE)
    for host in [*hanging, "quick.example"]:
        pool.submit(work_of(f"http://{host}:{feed_server.port}/feed", host=host))
    results: list[FetchResult] = []
    while not results:
        results = pool.collect(0.05)
    assert [(one.poll.lease.host, one.body) for one in results] == [("quick.example", BODY)]
    pool.close(0)


def test_a_lookup_ends_in_time_and_counts_until_its_thread_has_ended(
    answer_names: Any, release: threading.Event
) -> None:
    asked: list[str] = []

    def addresses_of(host: str) -> list[str]:
        asked.append(host)
        if host == "slow.example":
            release.wait()
        return [THEIRS]

    async def run() -> None:
        resolver = GuardedResolver(AddressGuard([f"{THEIRS}/32"]), seconds=0.05, most=1)
        with pytest.raises(OSError, match=r"no name server answered within 0\.05 s"):
            await resolver.resolve("slow.example")
        waiting = asyncio.create_task(resolver.resolve("quick.example"))
        await asyncio.sleep(0)
        assert asked == ["slow.example"]
        release.set()
        assert [one["host"] for one in await waiting] == [THEIRS]

    answer_names(addresses_of)
    asyncio.run(run())


def test_a_fetch_says_that_the_name_has_no_address(answer_names: Any) -> None:
    def addresses_of(host: str) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, f"{host} is not known")

    answer_names(addresses_of)
    error = ask("http://paper.example/feed", ONLY_THEIRS).error
    assert "the host's name has no address" in error
    assert "paper.example is not known" in error
