"""Starts and ends jobs on Beam's runners, and says in few words what went wrong."""

import logging
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
import grpc
from apache_beam.options.pipeline_options import PipelineOptions, StandardOptions

from pipeline.streaming_runners import PRISM
from schemas.errors import ConfigError

_LOG = logging.getLogger(__name__)
END_SECONDS = 30.0
WORKERS_END_SECONDS = 10.0
# As Beam's pool of workers names them.
_WORKER_THREADS = "run_worker_"


@dataclass(frozen=True, slots=True)
class Submission:
    """A job as Beam knows it.

    Attributes:
        result: The `PipelineResult`.
        servers: The job servers that were started for this job: Prism, or Beam's own for Flink.
    """

    result: Any
    servers: list[Any]


def make_pipeline(options: PipelineOptions) -> beam.Pipeline:
    """Gives an empty pipeline on the runner that the options name.

    Raises:
        ConfigError: There is no such runner.
    """
    runner = None
    if options.view_as(StandardOptions).runner == PRISM:
        from pipeline.prism import EndingPrismRunner

        runner = EndingPrismRunner()
    try:
        return beam.Pipeline(runner, options)
    except (ValueError, ImportError, AttributeError) as error:
        raise ConfigError(f"--runner: {error}") from None


def submit(pipeline: beam.Pipeline) -> Submission:
    """Starts the pipeline's job.

    Raises:
        ConfigError: The runner is not there, or did not take the job.
    """
    servers = _servers_to_be_started(pipeline.runner)
    try:
        with _own_signals():
            return Submission(pipeline.run(), servers)
    except grpc.FutureTimeoutError:
        raise ConfigError(
            "the job server does not answer: --job_endpoint must be where it listens"
        ) from None
    except grpc.RpcError as error:
        raise ConfigError(f"the job server did not take the job: {in_few_words(error)}") from error
    except (OSError, RuntimeError, ValueError) as error:
        raise ConfigError(f"the runner cannot be started: {error}") from error


def end_submission(submission: Submission) -> None:
    """Cancels a job and ends its servers, for a bounded time and whatever they say to it."""

    # The runner may be gone already: a terminal's Ctrl-C goes to all of its processes.
    def end() -> None:
        stops = [one.stop for one in submission.servers]
        for end_part in (submission.result.cancel, _wait_for_workers, *stops):
            try:
                end_part()
            except Exception as error:  # whatever it is, nobody waits for the job any more
                _LOG.debug("ending the job: %s", error)

    ending = threading.Thread(target=end, name="dateline-end-job", daemon=True)
    ending.start()
    ending.join(END_SECONDS)


def _wait_for_workers() -> None:
    """Lets workers that are threads of this process close what they hold, for a bounded time.

    They do so when the job is cancelled. A server that ends before them tears their streams.
    """
    end = time.monotonic() + WORKERS_END_SECONDS
    for thread in threading.enumerate():
        if thread.name.startswith(_WORKER_THREADS):
            thread.join(max(0.0, end - time.monotonic()))


def parallelism_of(options: PipelineOptions) -> int:
    """Gives how many workers there will be, 1 where the options do not tell."""
    for name in ("parallelism", "num_workers", "max_num_workers"):
        value = options.get_all_options(retain_unknown_options=True).get(name)
        if value is not None and str(value).isdigit() and int(value) > 0:
            return int(value)
    return 1


def in_few_words(error: Exception) -> str:
    """Gives what a call came to in a few words; the error itself prints a page."""
    code = getattr(error, "code", None)
    details = getattr(error, "details", None)
    if code is None or details is None:
        return str(error)
    return f"{code().name}: {details()}"


def _servers_to_be_started(runner: Any) -> list[Any]:
    """Gives a list that will hold the job servers which the runner starts.

    Beam ends them with the process only, and a process may have several jobs one after another.
    """
    servers: list[Any] = []
    make_server = getattr(runner, "default_job_server", None)

    def make_and_keep(options: PipelineOptions) -> Any:
        assert make_server is not None
        servers.append(make_server(options))
        return servers[-1]

    if make_server is not None:
        runner.default_job_server = make_and_keep
    return servers


@contextmanager
def _own_signals() -> Iterator[None]:
    """Keeps a starting runner from taking SIGINT for itself, or being ended by a terminal's.

    Beam puts a handler of its own before ours, which stops the job server first; and a program
    that is started while the signal is blocked inherits that, so that we end it in order.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    handler = signal.getsignal(signal.SIGINT)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
