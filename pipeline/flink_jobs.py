"""Ends jobs on their Flink cluster, which Beam's job server, told to, does not do.

Seen with the job servers of Beam 2.65 to 2.70: `Cancel` ends the server's own waiting for the job,
says CANCELLED, and leaves the job on the cluster running.
"""

import json
import logging
import time
import urllib.request

from pipeline.stopping import StopRequest
from schemas.errors import TransientError

_LOG = logging.getLogger(__name__)
REQUEST_SECONDS = 10.0
SECONDS_BETWEEN_LOOKS = 1.0
# Flink itself ends a task that does not heed its cancellation after 180 s.
END_SECONDS = 240.0
_ENDED = ("FAILED", "CANCELED", "FINISHED")


def is_cluster(master: str) -> bool:
    """Says whether `--flink_master` names a cluster, not one that Beam starts in the job server."""
    return bool(master) and not master.startswith("[")


def jobs_under_way(master: str, job_name: str) -> dict[str, str]:
    """Gives the jobs of a name that have not ended: the state of each by its id.

    Args:
        master: The JobManager's REST address, with or without `http://`.
        job_name: As it was submitted.

    Raises:
        OSError: The JobManager does not answer.
    """
    overview = f"{_address(master)}/jobs/overview"
    with urllib.request.urlopen(overview, timeout=REQUEST_SECONDS) as answer:
        jobs = json.load(answer)["jobs"]
    return {
        str(job["jid"]): str(job["state"])
        for job in jobs
        if job["name"] == job_name and job["state"] not in _ENDED
    }


def cancel_on_cluster(master: str, job_name: str) -> bool:
    """Cancels the jobs of a name; says whether one was found that had not ended.

    Raises:
        OSError: The JobManager does not answer.
    """
    jobs = jobs_under_way(master, job_name)
    for job, state in jobs.items():
        if state == "CANCELLING":
            continue
        request = urllib.request.Request(
            f"{_address(master)}/jobs/{job}?mode=cancel", method="PATCH"
        )
        with urllib.request.urlopen(request, timeout=REQUEST_SECONDS):
            _LOG.info("job %s is cancelled", job)
    return bool(jobs)


def end_on_cluster(
    master: str, job_name: str, stop: StopRequest, seconds: float = END_SECONDS
) -> bool:
    """Cancels the jobs of a name and waits until they have ended.

    Args:
        master: The JobManager's REST address.
        job_name: As it was submitted.
        stop: Ends the waiting.
        seconds: So long is waited, also for a JobManager that does not answer.

    Returns:
        False where the waiting was ended by `stop`; the jobs are cancelled then, if there was time.

    Raises:
        TransientError: They have not ended, or the JobManager does not say so.
    """
    give_up = time.monotonic() + seconds
    while True:
        try:
            if not cancel_on_cluster(master, job_name):
                return True
            problem = "it still runs"
        except OSError as error:
            problem = str(error)
        if stop:
            return False
        if time.monotonic() >= give_up:
            raise TransientError(
                f"Flink at {master} has not ended job {job_name} within {seconds:.0f} s "
                f"({problem}): look at it there, cancel it, and start again"
            )
        stop.wait(SECONDS_BETWEEN_LOOKS)


def replace_on_cluster(master: str, job_name: str) -> None:
    """Cancels what a driver that was killed has left running under the name of the new job.

    Raises:
        TransientError: The JobManager does not answer.
    """
    try:
        if cancel_on_cluster(master, job_name):
            _LOG.info("the new job %s takes the place of the one that ran", job_name)
    except OSError as error:
        raise TransientError(
            f"Flink at {master} does not say which jobs run ({error}); --flink_master must be the "
            "JobManager's REST address"
        ) from None


def _address(master: str) -> str:
    return (master if "://" in master else f"http://{master}").rstrip("/")
