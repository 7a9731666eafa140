"""Ends a stream's job, at the end of all or for another one that takes its place."""

import logging
import time

from pipeline import draining
from pipeline.flink_jobs import cancel_on_cluster, end_on_cluster
from pipeline.running_job import RunningJob
from pipeline.stopping import StopRequest
from pipeline.streaming_submission import end_submission
from schemas.errors import DatelineError, TransientError
from schemas.feed import Lease
from transforms.http.shared_pool import close_all
from transforms.storage.article_index import ArticleIndex
from transforms.storage.feed_store import FeedStore

_LOG = logging.getLogger(__name__)
# What is under way in this process gets this long to end.
FINISH_SECONDS = 10.0
SECONDS_BETWEEN_LOOKS = 0.2
# What has been answered meanwhile is committed in this time.
LAST_SECONDS = 1.0


def end_job(job: RunningJob, index: ArticleIndex, store: FeedStore, *, asked: bool) -> None:
    """Ends a job, and gives back what its workers held where they were in this process.

    Args:
        job: Runs, or has ended by itself.
        index: Shows what was written last.
        store: Takes the leases.
        asked: Somebody wants the end; workers elsewhere are let be where nobody does.
    """
    if job.place.in_process:
        _end_in_process(job, index, store)
    elif asked:
        end_submission(job.submission)
        if job.place.cluster:
            _cancel_on_flink(job)


def end_for_another(
    job: RunningJob, index: ArticleIndex, store: FeedStore, stop: StopRequest
) -> None:
    """Ends a job so that another one can go on at once with the hosts it held.

    Raises:
        TransientError: Flink has not ended it: a second one beside it would do its work again.
    """
    if job.place.in_process:
        _end_in_process(job, index, store)
        return
    ended = end_on_cluster(job.place.cluster, job.name, stop)
    end_submission(job.submission)
    if ended:
        _give_back(job, store)


def _end_in_process(job: RunningJob, index: ArticleIndex, store: FeedStore) -> None:
    _drain(job, store)
    end_submission(job.submission)
    close_all(timeout=0)
    _give_back(job, store)
    try:
        index.refresh()
    except TransientError as error:
        _LOG.warning("what was written last can be found later: %s", error)


def _drain(job: RunningJob, store: FeedStore) -> None:
    """Lets what is under way end, for a bounded time."""
    draining.stop_claims()
    end = time.monotonic() + FINISH_SECONDS
    while time.monotonic() < end and _leases_of(job, store):
        time.sleep(SECONDS_BETWEEN_LOOKS)
    draining.stop_ticks()
    time.sleep(LAST_SECONDS)


def _give_back(job: RunningJob, store: FeedStore) -> None:
    for lease in _leases_of(job, store):
        try:
            store.release(lease, feeds=dict.fromkeys(lease.feeds))
        except DatelineError as error:
            _LOG.warning("the lease of %s is left to expire: %s", lease.host, error)


def _leases_of(job: RunningJob, store: FeedStore) -> list[Lease]:
    try:
        leases = [host.lease for host in store.hosts()]
    except TransientError as error:
        _LOG.warning("leases are left to expire: %s", error)
        return []
    return [lease for lease in leases if lease is not None and lease.owner == job.owner]


def _cancel_on_flink(job: RunningJob) -> None:
    try:
        cancel_on_cluster(job.place.cluster, job.name)
    except OSError as error:
        _LOG.error("Flink may go on with job %s, for it does not answer: %s", job.name, error)
