"""Requests to hubs go out one process-wide way, each under the configuration of its time."""

import logging
import threading
from collections.abc import Iterator

import pytest

from schemas.config import HttpConfig
from tests.servers.hub import Hub, running_hub
from transforms.websub.hub_requests import shared_hub_requests

FORM = {"hub.mode": "subscribe", "hub.callback": "http://127.0.0.1:1/", "hub.secret": "s"}


@pytest.fixture
def hub() -> Iterator[Hub]:
    with running_hub() as hub:
        hub.refuses = True
        yield hub


def test_another_http_section_holds_from_the_next_request_on_without_another_thread(
    hub: Hub,
) -> None:
    loopback = ["127.0.0.0/8"]
    for number, allowed in enumerate([[], loopback, [], [*loopback, "10.0.0.0/8"]]):
        form = {**FORM, "hub.topic": f"https://paper.example/{number}"}
        shared_hub_requests().send(hub.url, form, HttpConfig(allow_networks=allowed))
    while len(hub.requests) < 2:  # pytest's timeout is the end
        pass
    topics = sorted(form["hub.topic"] for form in hub.requests)
    assert topics == ["https://paper.example/1", "https://paper.example/3"]
    assert [thread.name for thread in threading.enumerate()].count("dateline-hubs") == 1


def test_a_hub_is_asked_one_thing_at_a_time_and_left_alone_when_it_says_so(
    hub: Hub, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    hub.retry_after = 3600
    for number in range(3):
        form = {**FORM, "hub.topic": f"https://paper.example/{number}"}
        shared_hub_requests().send(hub.url, form, HttpConfig(allow_networks=["127.0.0.0/8"]))
    while caplog.text.count("left alone") < 2:  # pytest's timeout is the end
        pass
    assert len(hub.requests) == 1
    assert hub.most_at_once == 1
