"""Submits the unbounded graph, waits while it runs, and ends it when asked to."""

import logging
import socket
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

import grpc
from apache_beam.options.pipeline_options import (
    FlinkRunnerOptions,
    GoogleCloudOptions,
)
from apache_beam.runners.runner import PipelineState

from pipeline import draining
from pipeline.flink_jobs import cancel_on_cluster, is_cluster, replace_on_cluster
from pipeline.observing import HEALTH_EVERY, RunObserver
from pipeline.owner import free_leases_of_dead_owners, owner_name
from pipeline.stopping import StopRequest
from pipeline.streaming import build_streaming
from pipeline.streaming_runners import pipeline_options
from pipeline.streaming_submission import (
    cancel_job,
    in_few_words,
    make_pipeline,
    parallelism_of,
    submit,
)
from schemas.config import Config
from schemas.errors import DatelineError, TransientError
from transforms.clock import utc_now
from transforms.due import ClaimOrder
from transforms.http.shared_pool import close_all
from transforms.storage.open import open_index, open_store
from transforms.storage.protocols import ArticleIndex, FeedStore
from transforms.tagging.shared import shared_tagger

_LOG = logging.getLogger(__name__)
SECONDS_BETWEEN_LOOKS = 1.0
# A job server that says nothing for so long is given up; the job itself may go on.
PATIENCE_LOOKS = 60
# What is under way in this process gets this long to end.
FINISH_SECONDS = 10.0
_ENDED = (
    PipelineState.DONE,
    PipelineState.FAILED,
    PipelineState.CANCELLED,
    PipelineState.DRAINED,
)


class StreamingJob:
    """One job on a portable runner.

    Args:
        config: The configuration.
        beam_arguments: As `streaming_runners.beam_arguments` gives them.
        stop: Asks for the end.
        in_process: The workers are threads of this process, so that their leases can be given back.
        on_flink: The runner is Flink's.
        observer: Is told of the feeds' health.
    """

    def __init__(
        self,
        config: Config,
        beam_arguments: Sequence[str],
        stop: StopRequest,
        *,
        in_process: bool,
        on_flink: bool = False,
        observer: RunObserver | None = None,
    ) -> None:
        self._config = config
        name = uuid.uuid4().hex[:12]
        self._options = pipeline_options(beam_arguments)
        self._cloud = self._options.view_as(GoogleCloudOptions)
        self._named = bool(self._cloud.job_name)
        self._cloud.job_name = self._cloud.job_name or f"dateline-{name}"
        self._flink_master = self._options.view_as(FlinkRunnerOptions).flink_master
        self._stop = stop
        self._in_process = in_process
        self._on_flink = on_flink
        self._observer = observer or RunObserver()
        # Workers elsewhere go on when this process is gone: their leases must not look like those
        # of a dead owner, which the next run frees.
        self._owner = owner_name() if in_process else f"stream {name} of {socket.gethostname()}"

    def run(self) -> int:
        """Runs the job until it ends or is asked to; gives the exit status.

        Raises:
            ConfigError: The runner did not take it.
            TransientError: The index is away.
        """
        with self._prepared() as (index, store):
            return self._run(index, store)

    def start(self) -> None:
        """Submits the job, and leaves it to its runner.

        Raises:
            ConfigError: The runner did not take it.
            TransientError: The index is away.
        """
        with self._prepared():
            self._submit()

    @contextmanager
    def _prepared(self) -> Iterator[tuple[ArticleIndex, FeedStore]]:
        with closing(open_index(self._config)) as index, closing(open_store(self._config)) as store:
            self._prepare(index, store)
            yield index, store

    def _prepare(self, index: ArticleIndex, store: FeedStore) -> None:
        # A mistake in a gazetteer file is to be named here, not in a worker's log.
        shared_tagger(self._config.tagger)
        for change in (*index.setup(), *store.setup()):
            _LOG.info("%s", change)
        store.register(self._config.feeds, utc_now())
        free_leases_of_dead_owners(store, utc_now())

    def _submit(self) -> Any:
        """Gives the `PipelineResult` of the job."""
        pipeline = make_pipeline(self._options)
        parallelism = parallelism_of(self._options)
        order = ClaimOrder(owner=self._owner)
        build_streaming(
            pipeline, self._config, order, parallelism=parallelism, on_flink=self._on_flink
        )
        draining.start()
        if self._named and is_cluster(self._flink_master):
            replace_on_cluster(self._flink_master, self._cloud.job_name)
        return submit(pipeline)

    def _run(self, index: ArticleIndex, store: FeedStore) -> int:
        result = self._submit()
        _LOG.info("the job runs; SIGINT or SIGTERM ends it")
        try:
            state = self._wait(result, store)
        finally:
            self._end(result, index, store)
        if state == PipelineState.FAILED:
            _LOG.error("the job has failed; what it had not committed is polled again")
            return 1
        if state == PipelineState.UNKNOWN:
            _LOG.error(
                "the job server has not answered for %.0f s; the job itself may go on",
                PATIENCE_LOOKS * SECONDS_BETWEEN_LOOKS,
            )
            return 1
        return 0

    def _wait(self, result: Any, store: FeedStore) -> str:
        """Gives the state in which the job ended, UNKNOWN where its server is gone."""
        silent = 0
        next_health = time.monotonic()
        while not self._stop:
            if self._observer.wants_health and time.monotonic() >= next_health:
                self._tell_health(store)
                next_health = time.monotonic() + HEALTH_EVERY.total_seconds()
            try:
                state = str(result.state)
                silent = 0
            except grpc.RpcError as error:
                silent += 1
                if silent == 1:
                    _LOG.warning("the job server does not answer (%s)", in_few_words(error))
                if silent >= PATIENCE_LOOKS:
                    return str(PipelineState.UNKNOWN)
                state = str(PipelineState.UNKNOWN)
            if state in _ENDED:
                return state
            self._stop.wait(SECONDS_BETWEEN_LOOKS)
        return str(PipelineState.CANCELLED)

    def _tell_health(self, store: FeedStore) -> None:
        try:
            self._observer.on_health(store.count_health())
        except TransientError as error:
            _LOG.warning("the feeds are counted later: %s", error)

    def _end(self, result: Any, index: ArticleIndex, store: FeedStore) -> None:
        """Cancels the job, and gives back what its workers held where they were in this process."""
        if self._in_process:
            self._drain(store)
        if self._stop or self._in_process:
            cancel_job(result)
        if self._stop and is_cluster(self._flink_master):
            self._cancel_on_flink()
        if not self._in_process:
            return
        close_all(timeout=0)
        for host in _hosts_of(store, self._owner):
            assert host.lease is not None
            try:
                store.release(host.lease, utc_now(), feeds=dict.fromkeys(host.lease.feeds))
            except DatelineError as error:
                _LOG.warning("the lease of %s is left to expire: %s", host.host, error)
        try:
            index.refresh()
        except TransientError as error:
            _LOG.warning("what was written last can be found later: %s", error)

    def _drain(self, store: FeedStore) -> None:
        """Lets what is under way end, for a bounded time; workers elsewhere are not ours to ask."""
        draining.stop_claims()
        end = time.monotonic() + FINISH_SECONDS
        while time.monotonic() < end and _hosts_of(store, self._owner):
            time.sleep(SECONDS_BETWEEN_LOOKS / 5)
        draining.stop_ticks()
        time.sleep(SECONDS_BETWEEN_LOOKS)

    def _cancel_on_flink(self) -> None:
        name = self._cloud.job_name
        try:
            cancel_on_cluster(self._flink_master, name)
        except OSError as error:
            _LOG.error("Flink may go on with job %s, for it does not answer: %s", name, error)


def _hosts_of(store: FeedStore, owner: str) -> list[Any]:
    try:
        return [host for host in store.hosts() if host.lease and host.lease.owner == owner]
    except TransientError as error:
        _LOG.warning("leases are left to expire: %s", error)
        return []
