"""A run's progress: lines, and the view on a terminal."""

import logging
import os
import pty
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.counted import counted
from pipeline.observing import EndedRound
from pipeline.progress import RoundLines, RunView, can_be_live, describe
from schemas.poll import RoundSummary
from tests.pipeline.dateline import ROOT, Dateline
from tests.servers.feed_documents import Item, rss
from tests.servers.feed_server import FeedServer
from transforms.lag import lag_counters

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def ended(polls: int, **figures: int) -> EndedRound:
    summary = RoundSummary(timestamp=NOW, owner="me", polls=polls, **figures)
    return EndedRound(summary, lag_counters(0.5), under_way=3)


def test_zeros_are_left_out() -> None:
    summary = RoundSummary(timestamp=NOW, owner="me", polls=2, written=3, created=1, failed=1)
    assert describe(summary) == "2 feeds polled, 1 new article, 2 updated, 1 feed failed"


def test_polls_that_an_index_away_has_put_off_are_no_failed_feeds() -> None:
    summary = RoundSummary(timestamp=NOW, owner="me", polls=2, transient=2)
    assert describe(summary) == "2 feeds polled, 0 new articles, 2 polls put off"


def test_what_is_new_and_what_is_held_back_is_told_apart() -> None:
    figures = {"dead_letters": 3, "new_dead_letters": 1, "failed": 1, "held_back": 4}
    summary = RoundSummary.model_validate({"@timestamp": NOW, "owner": "me", "polls": 2, **figures})
    assert describe(summary) == (
        "2 feeds polled, 0 new articles, 1 dead letter, 2 rejected as before, 1 feed failed, "
        "4 feeds held back"
    )


def test_the_view_sums_up_and_tells_the_rate_of_the_last_minute() -> None:
    view = RunView(started=0.0)
    view.add(ended(1000, written=500, created=400), 1.0)
    view.add(ended(120, failed=2, transient=4, dead_letters=2, new_dead_letters=1), 100.0)
    view.on_wait(NOW + timedelta(seconds=12))
    assert view.text(110.0, NOW).splitlines() == [
        "1,120 feeds polled, 2.0 a second; 2 failed, 4 put off; 3 under way",
        "400 new articles, 100 updated, 1 dead letter",
        "lag 0.5 s at p95; next feed due in 12 s",
    ]


def test_the_view_of_a_run_that_has_just_begun() -> None:
    assert RunView(started=0.0).text(0.1, NOW).splitlines() == [
        "0 feeds polled, 0.0 a second; 0 failed, 0 put off; 0 under way",
        "0 new articles, 0 updated, 0 dead letters",
    ]


def test_a_figure_has_its_nouns_number() -> None:
    figures = [counted(0, "feed"), counted(1, "dead letter"), counted(2000, "entry")]
    assert figures == ["0 feeds", "1 dead letter", "2,000 entries"]


def lines_of(
    caplog: pytest.LogCaptureFixture, rounds: list[tuple[float, int, int]], *, once: bool = False
) -> list[str]:
    """Gives what is said of rounds: each its time, its polls, and how many are under way."""
    times = iter([at for at, _, _ in rounds])
    said = RoundLines(once, clock=lambda: next(times))
    with caplog.at_level(logging.INFO):
        for _, polls, under_way in rounds:
            summary = RoundSummary(timestamp=NOW, owner="me", polls=polls)
            said.on_round(EndedRound(summary, under_way=under_way))
    return [record.getMessage() for record in caplog.records]


def test_a_slow_feed_alone_is_told_of_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    polled, waiting = "2 feeds polled, 0 new articles; 1 under way", "1 feed under way"
    rounds = [(0.0, 2, 1), (1.0, 0, 1), (59.0, 0, 1), (60.0, 0, 1), (61.0, 0, 1), (62.0, 0, 0)]
    assert lines_of(caplog, rounds) == [polled, waiting]


def test_a_run_that_ends_with_its_sums_does_not_say_them_twice(
    caplog: pytest.LogCaptureFixture,
) -> None:
    rounds = [(0.0, 2, 1), (1.0, 1, 0)]
    told = ["2 feeds polled, 0 new articles; 1 under way"]
    assert lines_of(caplog, rounds, once=True) == told


def test_a_terminal_that_only_goes_on_has_lines() -> None:
    assert can_be_live(True, {"TERM": "xterm"})
    assert can_be_live(True, {})
    assert not can_be_live(True, {"TERM": "dumb"})
    assert not can_be_live(False, {"TERM": "xterm"})


def on_a_terminal(dateline: Dateline, *options: str, term: str = "xterm") -> tuple[str, str]:
    """Runs once with standard error on a terminal; gives what came there, and standard output."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline.cli", "run", "--once", *options],
        cwd=dateline.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": term, "COLUMNS": "100"},
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
    )
    os.close(theirs)
    said = b""
    while True:
        try:
            piece = os.read(ours, 65_536)
        except OSError:  # Linux's way to say that the other side is closed
            break
        if not piece:
            break
        said += piece
    os.close(ours)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return said.decode(), out


def test_a_terminal_has_a_view_that_stays_in_place(
    dateline: Dateline, feed_server: FeedServer
) -> None:
    feed_server.put("/feed.xml", rss([Item("g1", "https://paper.example/1", "N1")]))
    dateline.configure(feed_server.url("/feed.xml"), feed_server.url("/missing.xml"))
    said, out = on_a_terminal(dateline)
    assert re.search(r"\d feeds polled, \d+\.\d a second", said)
    assert "\x1b[" in said
    assert "answered 404" in said, "the log stands above the view"
    assert "done: 2 feeds polled, 1 new article" in said.rstrip().splitlines()[-1]
    assert out == ""


@pytest.mark.parametrize(("options", "term"), [(["--plain"], "xterm"), ([], "dumb")])
def test_a_terminal_has_lines_where_it_needs_them(
    dateline: Dateline, feed_server: FeedServer, options: list[str], term: str
) -> None:
    feed_server.put("/feed.xml", rss([Item("g1", "https://paper.example/1", "N1")]))
    dateline.configure(feed_server.url("/feed.xml"), feed_server.url("/missing.xml"))
    said, _ = on_a_terminal(dateline, *options, term=term)
    assert "\x1b[" not in said
    assert re.search(r"\d\d:\d\d:\d\d WARNING .*answered 404", said)
    assert said.count("2 feeds polled, 1 new article") == 1
