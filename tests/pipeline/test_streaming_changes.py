"""How a changed configuration comes to a running stream; on Prism: test_streaming_prism.py."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.configuration import load_config
from pipeline.reload import ConfigWatch
from pipeline.running_job import JobPlace, RunningJob
from pipeline.streaming_changes import StreamChanges
from pipeline.streaming_submission import Submission
from schemas.config import Config
from tests.servers.feed_server import FeedServer, Response
from transforms.storage.feed_store import FeedStore
from transforms.storage.open import open_store
from transforms.tagging.shared import shared_tagger

IN_PROCESS = JobPlace(in_process=True, on_flink=False, cluster="")
SOMEWHERE = JobPlace(in_process=False, on_flink=False, cluster="")


def config_of(*urls: str) -> Config:
    return Config.model_validate({"feeds": [{"url": url} for url in urls]})


ONE = config_of("https://one.example/")
BOTH = config_of("https://one.example/", "https://two.example/")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[FeedStore]:
    opened = open_store(Config.model_validate({"index": {"url": f"embedded:{tmp_path / 'index'}"}}))
    opened.setup()
    yield opened
    opened.close()


def changes_at(place: JobPlace, *changed: Config | None) -> StreamChanges:
    """Gives the changes of a configuration that is given so when it is asked for, then never."""
    left = list(changed)
    return StreamChanges(lambda: left.pop(0) if left else None, place)


def job_at(place: JobPlace) -> RunningJob:
    return RunningJob(place, "ours", "the owner", Submission(None, []))


def cluster_at(address: str) -> JobPlace:
    return JobPlace(in_process=False, on_flink=True, cluster=address)


def known_to(store: FeedStore) -> list[str]:
    return sorted(state.url for state in store.states())


def test_the_feeds_of_a_change_are_known_before_another_job_takes_it_up(store: FeedStore) -> None:
    changes = changes_at(IN_PROCESS, None, BOTH)
    assert changes.to_take_up(ONE, job_at(IN_PROCESS), store) is None
    assert changes.to_take_up(ONE, job_at(IN_PROCESS), store) is BOTH
    assert known_to(store) == ["https://one.example/", "https://two.example/"]
    assert changes.to_take_up(BOTH, job_at(IN_PROCESS), store) is None


def test_where_no_job_can_be_ended_for_certain_nothing_is_taken_up_and_each_change_told_once(
    store: FeedStore, caplog: pytest.LogCaptureFixture
) -> None:
    changes = changes_at(SOMEWHERE, BOTH, None, config_of("https://three.example/"), None, ONE)
    with caplog.at_level("INFO"):
        for _ in range(6):
            assert changes.to_take_up(ONE, job_at(SOMEWHERE), store) is None
    assert caplog.text.count("is taken up by a restart only") == 2
    assert caplog.text.count("is again the one that the job has") == 1
    assert known_to(store) == []


def test_a_job_that_flink_does_not_have_yet_is_not_replaced(
    store: FeedStore, feed_server: FeedServer
) -> None:
    jobs = [{"jid": "1", "name": "ours", "state": "RUNNING"}]
    feed_server.respond(
        "/jobs/overview",
        Response(body=b'{"jobs": []}'),
        Response(body=json.dumps({"jobs": jobs}).encode()),
    )
    place = cluster_at(feed_server.base_url)
    changes = changes_at(place, BOTH)
    assert changes.to_take_up(ONE, job_at(place), store) is None
    assert known_to(store) == []
    assert changes.to_take_up(ONE, job_at(place), store) is BOTH


def test_a_change_waits_for_a_cluster_that_does_not_answer_and_may_be_taken_back(
    store: FeedStore, caplog: pytest.LogCaptureFixture
) -> None:
    place = cluster_at("127.0.0.1:1")
    changes = changes_at(place, BOTH, None, ONE)
    for _ in range(4):
        assert changes.to_take_up(ONE, job_at(place), store) is None
    assert caplog.text.count("is taken up later") == 1
    assert known_to(store) == []


@pytest.mark.parametrize(
    ("arguments", "place"),
    [
        (["--flink_master=flink:8081"], cluster_at("flink:8081")),
        (["--flink_master=[local]"], cluster_at("")),
        ([], cluster_at("")),
    ],
)
def test_only_a_cluster_that_is_named_can_be_told_to_end_a_job(
    arguments: list[str], place: JobPlace
) -> None:
    found = JobPlace.of(arguments, in_process=False, on_flink=True)
    assert found == place
    assert found.ends_jobs_for_certain is bool(place.cluster)


def test_a_file_that_is_empty_for_a_moment_is_not_taken_up(tmp_path: Path) -> None:
    path = tmp_path / "dateline.yaml"
    path.write_text("feeds: [{url: 'https://one.example/'}]")
    watch = ConfigWatch(path, [], load_config(path))
    path.write_text("")
    assert watch.changed() is None
    path.write_text("feeds: [{url: 'https://one.example/', name: One}]")
    changed = watch.changed()
    assert changed is not None
    assert [feed.name for feed in changed.feeds] == ["One"]


def test_a_gazetteer_file_that_is_written_anew_is_a_change(tmp_path: Path) -> None:
    path, own = tmp_path / "dateline.yaml", tmp_path / "own.yaml"
    path.write_text("{feeds: [{url: 'https://one.example/'}], tagger: {data: [own.yaml]}}")
    own.write_text("entries: []")
    config = load_config(path)
    assert "the Long Mile" not in places(config)
    watch = ConfigWatch(path, [], config)
    own.write_text("entries: [{name: the Long Mile, type: LOC}]")
    changed = watch.changed()
    assert changed is not None
    assert changed.tagger != config.tagger
    assert "the Long Mile" in places(changed)
    assert watch.changed() is None


def places(config: Config) -> tuple[str, ...]:
    return shared_tagger(config.tagger).tag("", "They met at the Long Mile today.").places
