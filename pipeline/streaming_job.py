"""Keeps a stream going: submits its job, follows it, and puts another in its place on a change."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import grpc
from apache_beam.runners.runner import PipelineState

from pipeline.counted import counted
from pipeline.observing import HEALTH_EVERY, RunObserver
from pipeline.opened_storage import OpenedStorage
from pipeline.running_job import JobPlace, RunningJob, start_job
from pipeline.stopping import StopRequest
from pipeline.streaming_changes import StreamChanges
from pipeline.streaming_end import end_for_another, end_job
from pipeline.streaming_runners import without_savepoint
from pipeline.streaming_submission import in_few_words
from schemas.config import Config
from schemas.errors import TransientError
from transforms.storage.article_index import ArticleIndex
from transforms.storage.feed_store import FeedStore

_LOG = logging.getLogger(__name__)
SECONDS_BETWEEN_LOOKS = 1.0
# A job server that says nothing for so long is given up; the job itself may go on.
PATIENCE_LOOKS = 60
_ENDED = (
    PipelineState.DONE,
    PipelineState.FAILED,
    PipelineState.CANCELLED,
    PipelineState.DRAINED,
)


class StreamingJob:
    """A job on a portable runner, and those that take its place.

    Args:
        config: The configuration to begin with.
        beam_arguments: As `streaming_runners.beam_arguments` gives them.
        stop: Asks for the end.
        in_process: The workers are threads of this process, so that their leases can be given back.
        on_flink: The runner is Flink's.
        observer: Is told of the feeds' health.
        reload: Gives the configuration where it has changed since it was asked last.
        on_change: Is told of each configuration that is taken up.
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
        reload: Callable[[], Config | None] = lambda: None,
        on_change: Callable[[Config], None] = lambda _: None,
    ) -> None:
        self._config = config
        self._place = JobPlace.of(beam_arguments, in_process=in_process, on_flink=on_flink)
        self._beam_arguments = list(beam_arguments)
        self._stop = stop
        self._observer = observer or RunObserver()
        self._changes = StreamChanges(reload, self._place)
        self._on_change = on_change
        self._next_health = time.monotonic()

    def run(self) -> int:
        """Runs until the job ends or is asked to; gives the exit status.

        Raises:
            ConfigError: The runner did not take the job, or the one that was to take its place.
            TransientError: The index is away, or Flink did not end the job that was replaced.
        """
        with self._prepared() as opened:
            return self._run(opened.index, opened.store)

    def start(self) -> None:
        """Submits the job, and leaves it to its runner.

        Raises:
            ConfigError: The runner did not take it.
            TransientError: The index is away.
        """
        with self._prepared():
            self._submit()

    @contextmanager
    def _prepared(self) -> Iterator[OpenedStorage]:
        with OpenedStorage(self._config) as opened:
            opened.prepare(self._config, register=True)
            yield opened

    def _submit(self) -> RunningJob:
        return start_job(self._config, self._beam_arguments, self._place)

    def _run(self, index: ArticleIndex, store: FeedStore) -> int:
        job = self._submit()
        _LOG.info("the job runs; SIGINT or SIGTERM ends it")
        while isinstance(ended := self._follow(job, index, store), Config):
            if self._stop:
                return 0
            self._config = ended
            # A savepoint is of the job that was resumed, as it stood before that.
            self._beam_arguments = without_savepoint(self._beam_arguments)
            job = self._submit()
            feeds = counted(len(ended.feeds), "feed")
            _LOG.info("the changed configuration is taken up: %s", feeds)
        if ended == PipelineState.FAILED:
            _LOG.error("the job has failed; what it had not committed is polled again")
            return 1
        if ended == PipelineState.UNKNOWN:
            _LOG.error(
                "the job server has not answered for %.0f s; the job itself may go on",
                PATIENCE_LOOKS * SECONDS_BETWEEN_LOOKS,
            )
            return 1
        return 0

    def _follow(self, job: RunningJob, index: ArticleIndex, store: FeedStore) -> str | Config:
        """Waits until the job is to end, and ends it; gives what `_wait` gives."""
        try:
            ended = self._wait(job, store)
        except BaseException:
            end_job(job, index, store, asked=bool(self._stop))
            raise
        if isinstance(ended, Config):
            _LOG.info("the configuration has changed: the job ends, and another takes its place")
            end_for_another(job, index, store, self._stop)
        else:
            end_job(job, index, store, asked=bool(self._stop))
        return ended

    def _wait(self, job: RunningJob, store: FeedStore) -> str | Config:
        """Gives the state in which the job ended, or the configuration that another is to have.

        The state is UNKNOWN where the job's server is gone.
        """
        silent = 0
        while not self._stop:
            self._tell_health(store)
            try:
                state = job.state()
                silent = 0
            except grpc.RpcError as error:
                silent += 1
                if silent == 1:
                    _LOG.warning("the job server does not answer (%s)", in_few_words(error))
                if silent >= PATIENCE_LOOKS:
                    return str(PipelineState.UNKNOWN)
            else:
                if state in _ENDED:
                    return state
                # While the server is silent, it would not take another job.
                changed = self._changes.to_take_up(self._config, job, store)
                if changed is not None:
                    self._on_change(changed)
                    return changed
            self._stop.wait(SECONDS_BETWEEN_LOOKS)
        return str(PipelineState.CANCELLED)

    def _tell_health(self, store: FeedStore) -> None:
        if not self._observer.wants_health or time.monotonic() < self._next_health:
            return
        self._next_health = time.monotonic() + HEALTH_EVERY.total_seconds()
        try:
            self._observer.on_health(store.count_health())
        except TransientError as error:
            _LOG.warning("the feeds are counted later: %s", error)
