"""The unbounded graph on a real Flink cluster, its parts killed one after another.

`make test-flink` runs it; it says what it killed and what it counted.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.pipeline import played_script
from tests.pipeline.dateline import Dateline
from tests.pipeline.random_kills import KillReport, compare
from tests.pipeline.streaming_runs import StreamingRun, polled_to_the_end
from tests.servers.elasticsearch_server import Server
from tests.servers.feed_server import FeedServer
from tests.servers.flink_cluster import FlinkCluster, connected_ports
from tests.servers.publisher import Publisher

pytestmark = [pytest.mark.flink, pytest.mark.timeout(900)]
HOSTS, FEEDS_PER_HOST = 12, 2
# Feeds that the configuration names only after the savepoint.
ADDED_FEEDS = 2
PATIENCE_SECONDS = 150
POLLING = {
    "per_host_delay": "100ms",
    "round": "1s",
    "lease": "10s",
    "interval": {"min": "2s", "max": "2s"},
}


@pytest.fixture
def dateline(tmp_path: Path, elasticsearch_server: Server, index_prefix: str) -> Dateline:
    return Dateline(tmp_path, {"url": elasticsearch_server.url, "prefix": index_prefix})


@pytest.fixture
def cluster() -> Iterator[FlinkCluster]:
    started = FlinkCluster(task_managers=2)
    yield started
    started.close()


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    published = Publisher(
        hosts=HOSTS,
        feeds_per_host=FEEDS_PER_HOST,
        keep_seconds=900,
        pause_seconds=0.4,
        slowest_seconds=1.0,
        seed=8,
    )
    yield published
    published.close()


class Scene:
    """What a step of the test needs: the parts, and a log that a person reads.

    Attributes:
        run: The newest driver.
    """

    def __init__(self, dateline: Dateline, publisher: Publisher, cluster: FlinkCluster) -> None:
        self.publisher = publisher
        self.cluster = cluster
        self._dateline = dateline
        self._started = time.monotonic()
        self.run = StreamingRun(dateline, *cluster.options())

    def say(self, text: str) -> None:
        print(f"{time.monotonic() - self._started:6.1f} s  {text}", flush=True)

    def start_again(self, *options: str) -> None:
        self.run.close()
        self.run = StreamingRun(self._dateline, *self.cluster.options(*options))

    def wait_until(self, condition: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            with suppress(OSError):
                if condition():
                    return
            time.sleep(0.1)
        raise AssertionError(f"not in time: {what}\n{self.run.log()}\n{self.cluster.tails()}")

    def wait_for_polls(self, rounds: int = 2) -> None:
        """Waits for so many polls of each feed, on average."""
        enough = self.publisher.requests + rounds * HOSTS * FEEDS_PER_HOST
        before = time.monotonic()
        self.wait_until(lambda: self.publisher.requests >= enough, f"{rounds} rounds of polls")
        self.say(f"polled on: {enough} requests, the last after {time.monotonic() - before:.0f} s")

    def job(self) -> str:
        """Waits until the job runs; gives its id."""
        found: list[str] = []

        def runs() -> bool:
            found[:] = self.cluster.running_jobs()
            return len(found) == 1

        self.wait_until(runs, "the job runs")
        return found[0]


def test_whatever_dies_each_item_is_there_once_and_hosts_are_asked_one_at_a_time(
    dateline: Dateline,
    elasticsearch_server: Server,
    publisher: Publisher,
    cluster: FlinkCluster,
) -> None:
    dateline.configure(*publisher.urls[:-ADDED_FEEDS], polling=POLLING)
    scene = Scene(dateline, publisher, cluster)
    try:
        scene.wait_for_polls(1)
        job = scene.job()
        workers_that_fetch(scene)
        state_before = state_of_the_source(scene, job)

        victim = cluster.task_managers.pop()
        victim.kill()
        cluster.task_managers.append(cluster.start_task_manager())
        scene.say(f"killed a TaskManager (process {victim.pid}), started another")
        scene.wait_for_polls()

        worker = cluster.pool.children()[0]
        os.kill(worker, 9)
        scene.say(f"killed a Python worker (process {worker})")
        scene.wait_for_polls()

        cluster.job_server.kill()
        scene.say(f"killed the job server (process {cluster.job_server.pid})")
        scene.wait_for_polls()

        elasticsearch_server.kill()
        scene.say("killed Elasticsearch")
        published = len(publisher.items)
        scene.wait_until(lambda: len(publisher.items) >= published + 12, "12 more items")
        elasticsearch_server.start()
        scene.say("12 items later, started Elasticsearch again")
        scene.wait_for_polls()

        assert scene.job() == job, "another job than at the start"
        # Flink never forgets a splittable source's pauses, which are as many as its ticks.
        assert state_of_the_source(scene, job) <= 2 * state_before
        savepoint = cluster.stop_with_savepoint(job)
        scene.say(f"stopped the job with a savepoint, {Path(savepoint).name}")
        cluster.job_server = cluster.start_job_server()
        dateline.configure(*publisher.urls, polling=POLLING)
        scene.start_again(f"--savepoint_path={savepoint}")
        scene.wait_for_polls()
        restored = cluster.checkpoints(scene.job())["latest"]["restored"]
        assert restored["is_savepoint"], restored
        scene.say(f"resumed from it with {ADDED_FEEDS} more feeds")

        publisher.fall_silent()
        scene.wait_until(polled_to_the_end(publisher.feeds()), "each silent feed polled twice")
        scene.say("the feeds are silent, and all of them were polled to the end")
        assert scene.run.stop() == 143
        scene.wait_until(lambda: not cluster.running_jobs(), "the job is cancelled")
        scene.say("stopped the driver by SIGTERM, which has cancelled the job")
    finally:
        scene.run.close()
    report = KillReport()
    compare(dateline, publisher, report)
    scene.say(
        f"counted: {report.items} items published, {report.edits} edits, "
        f"{dateline.search()['total']} documents, {report.exact} revisions known exactly, "
        f"{publisher.requests} requests, {len(publisher.overlaps)} overlapping at a host"
    )
    assert report.problems == []
    assert publisher.overlaps == []


@pytest.mark.long
def test_a_changed_configuration_is_taken_up_by_another_job_on_the_cluster(
    dateline: Dateline, publisher: Publisher, cluster: FlinkCluster
) -> None:
    # A host whose lease is not given back would not be polled again in this test.
    polling = {**POLLING, "lease": "1h"}
    dateline.configure(*publisher.urls[:-ADDED_FEEDS], polling=polling)
    scene = Scene(dateline, publisher, cluster)
    try:
        scene.wait_for_polls(1)
        job = scene.job()
        dateline.configure(*publisher.urls)
        scene.say(f"named {ADDED_FEEDS} more feeds to the driver of job {job}")
        added = publisher.feeds()[-ADDED_FEEDS:]
        scene.wait_until(
            lambda: all(server.requests_to(path) for server, path in added), "the added feeds"
        )
        assert scene.job() != job
        scene.say(f"the added feeds are polled, by job {scene.job()}")
        scene.wait_for_polls()
        publisher.fall_silent()
        scene.wait_until(polled_to_the_end(publisher.feeds()), "each silent feed polled twice")
        assert scene.run.stop() == 143
        scene.wait_until(lambda: not cluster.running_jobs(), "the job is cancelled")
    finally:
        scene.run.close()
    report = KillReport()
    compare(dateline, publisher, report)
    scene.say(f"counted: {report.items} items published, {dateline.search()['total']} documents")
    assert report.problems == []
    assert publisher.overlaps == []


def test_rounds_and_flink_give_the_same_documents_field_by_field(
    tmp_path: Path,
    elasticsearch_server: Server,
    index_prefix: str,
    feed_server: FeedServer,
    cluster: FlinkCluster,
) -> None:
    url = elasticsearch_server.url
    rounds = played_script.installation(tmp_path, "rounds", url, index_prefix, feed_server)
    expected = played_script.played_in_rounds(rounds, feed_server)
    stream = played_script.installation(tmp_path, "flink", url, index_prefix, feed_server)
    run = StreamingRun(stream, *cluster.options())
    try:
        played_script.play(
            feed_server,
            lambda: run.wait_until(played_script.each_polled_to_the_end(feed_server), "a step"),
        )
        found = played_script.read(stream)
        assert run.stop() == 143
    finally:
        run.close()
    assert played_script.differences(expected.documents, found.documents) == []
    assert found.dead_letters == expected.dead_letters
    print(f"the same {len(found.documents)} documents, field by field, as rounds give", flush=True)


def state_of_the_source(scene: Scene, job: str) -> int:
    """Gives the bytes of state of the task that ticks and claims."""
    sizes = scene.cluster.state_sizes(job)
    (source,) = [size for name, size in sizes.items() if "ReadDue" in name]
    scene.say(f"{sum(sizes.values()):,} bytes of state, {source:,} of them of the source")
    return source


def workers_that_fetch(scene: Scene) -> None:
    """Waits until each Python worker has been seen to ask a feed's server for something."""
    ports = {server.port for server in scene.publisher.servers}
    seen: set[int] = set()

    def all_have() -> bool:
        workers = scene.cluster.pool.children()
        seen.update(pid for pid in workers if ports & connected_ports(pid))
        return len(workers) == len(scene.cluster.task_managers) and seen >= set(workers)

    scene.wait_until(all_have, "each worker fetches")
    scene.say(f"both workers fetch (processes {', '.join(map(str, sorted(seen)))})")
