"""A run without end takes up a changed configuration, also where the index was away just then."""

import signal
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from pipeline import run
from pipeline.observing import RunObserver
from pipeline.run import LocalRun
from pipeline.stopping import StopRequest
from schemas.config import Config, IntervalConfig
from schemas.errors import TransientError
from schemas.feed import Feed
from tests.backends import opened
from transforms.storage.embedded.feed_store import EmbeddedFeedStore

FEEDS = ("http://127.0.0.1:1/one.xml", "http://127.0.0.1:1/two.xml")


def test_a_change_waits_for_an_index_that_is_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, after = (
        Config.model_validate(
            {
                "index": {"url": f"embedded:{tmp_path / 'index'}"},
                "polling": {"round": "100ms"},
                "feeds": [{"url": url} for url in urls],
            }
        )
        for urls in (FEEDS[:1], FEEDS)
    )
    left = [after]
    failures: list[str] = []
    register = EmbeddedFeedStore.register

    def away_once(
        store: EmbeddedFeedStore, feeds: Sequence[Feed], interval: IntervalConfig
    ) -> None:
        if len(feeds) == 2 and not failures:
            failures.append("away")
            raise TransientError("the index is away")
        register(store, feeds, interval)

    monkeypatch.setattr(EmbeddedFeedStore, "register", away_once)
    monkeypatch.setattr(run, "pause_after_failures", lambda *_: 0.0)
    stop = StopRequest()

    class StopWhenDone(RunObserver):
        def on_wait(self, until: datetime | None) -> None:
            if not stop:
                stop.ask(signal.SIGTERM)

    with opened(before) as (_, store):
        taken: list[tuple[Config, list[str]]] = []

        def on_change(config: Config) -> None:
            taken.append((config, sorted(state.url for state in store.states())))

        LocalRun(
            before,
            stop,
            StopWhenDone(),
            reload=lambda: left.pop() if left else None,
            on_change=on_change,
        ).forever()
    assert failures == ["away"]
    assert taken == [(after, list(FEEDS))], "told once, when the store knows the feeds"
