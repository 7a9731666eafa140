"""Cancels jobs on their Flink cluster, which Beam's job server, told to, does not do.

Seen with the job servers of Beam 2.65 to 2.70: `Cancel` ends the server's own waiting for the job,
says CANCELLED, and leaves the job on the cluster running.
"""

import json
import logging
import urllib.error
import urllib.request

from schemas.errors import TransientError

_LOG = logging.getLogger(__name__)
REQUEST_SECONDS = 10.0
_ENDED = ("FAILED", "CANCELED", "FINISHED")


def is_cluster(master: str) -> bool:
    """Says whether `--flink_master` names a cluster, not one that Beam starts in the job server."""
    return bool(master) and not master.startswith("[")


def cancel_on_cluster(master: str, job_name: str) -> bool:
    """Cancels the jobs of a name; says whether one was found that had not ended.

    Args:
        master: The JobManager's REST address, with or without `http://`.
        job_name: As it was submitted.

    Raises:
        OSError: The JobManager does not answer.
    """
    address = (master if "://" in master else f"http://{master}").rstrip("/")
    with urllib.request.urlopen(f"{address}/jobs/overview", timeout=REQUEST_SECONDS) as answer:
        jobs = json.load(answer)["jobs"]
    ours = [job for job in jobs if job["name"] == job_name and job["state"] not in _ENDED]
    for job in ours:
        request = urllib.request.Request(f"{address}/jobs/{job['jid']}?mode=cancel", method="PATCH")
        with urllib.request.urlopen(request, timeout=REQUEST_SECONDS):
            _LOG.info("job %s is cancelled", job["jid"])
    return bool(ours)


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
