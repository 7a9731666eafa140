"""Starts and cancels jobs on Beam's runners, and says in few words what went wrong."""

import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import apache_beam as beam
import grpc
from apache_beam.options.pipeline_options import PipelineOptions, StandardOptions

from pipeline.streaming_runners import PRISM
from schemas.errors import ConfigError

_LOG = logging.getLogger(__name__)
CANCEL_SECONDS = 30.0


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


def submit(pipeline: beam.Pipeline) -> Any:
    """Starts the pipeline's job; gives its `PipelineResult`.

    Raises:
        ConfigError: The runner is not there, or did not take the job.
    """
    try:
        with _own_signals():
            return pipeline.run()
    except grpc.FutureTimeoutError:
        raise ConfigError(
            "the job server does not answer: --job_endpoint must be where it listens"
        ) from None
    except grpc.RpcError as error:
        raise ConfigError(f"the job server did not take the job: {in_few_words(error)}") from error
    except (OSError, RuntimeError, ValueError) as error:
        raise ConfigError(f"the runner cannot be started: {error}") from error


def cancel_job(result: Any) -> None:
    """Cancels a job, for a bounded time and whatever the runner says to it."""

    # The runner may be gone already: a terminal's Ctrl-C goes to all of its processes.
    def cancel() -> None:
        try:
            result.cancel()
        except Exception as error:  # whatever it is, the process ends now
            _LOG.debug("cancelling: %s", error)

    canceller = threading.Thread(target=cancel, name="dateline-cancel", daemon=True)
    canceller.start()
    canceller.join(CANCEL_SECONDS)


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
