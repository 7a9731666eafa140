"""One job of a stream: where it runs, what it is called there, and who holds its leases."""

import socket
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from apache_beam.options.pipeline_options import FlinkRunnerOptions, GoogleCloudOptions

from pipeline import draining
from pipeline.flink_jobs import is_cluster, jobs_under_way, replace_on_cluster
from pipeline.streaming import build_streaming
from pipeline.streaming_runners import pipeline_options
from pipeline.streaming_submission import Submission, make_pipeline, parallelism_of, submit
from schemas.config import Config
from transforms.due import ClaimOrder
from transforms.owner_name import owner_name


@dataclass(frozen=True, slots=True)
class JobPlace:
    """Where the jobs of a stream run, one after another.

    Attributes:
        in_process: The workers are threads of this process.
        on_flink: The runner is Flink's.
        cluster: The REST address of a Flink cluster that can be told to end a job; "" elsewhere.
    """

    in_process: bool
    on_flink: bool
    cluster: str

    @classmethod
    def of(cls, beam_arguments: Sequence[str], *, in_process: bool, on_flink: bool) -> "JobPlace":
        """Tells the place by Beam's options."""
        # Read before a submission, which may write something else there.
        master = pipeline_options(beam_arguments).view_as(FlinkRunnerOptions).flink_master
        return cls(in_process, on_flink, master if is_cluster(master) else "")

    @property
    def ends_jobs_for_certain(self) -> bool:
        """Says whether a job is known to have ended here when it was told to."""
        return self.in_process or bool(self.cluster)


@dataclass(frozen=True, slots=True)
class RunningJob:
    """A job that its runner has taken.

    Attributes:
        place: Where it runs.
        name: As the runner shows it.
        owner: Whom its leases name.
        submission: Beam's side of it.
    """

    place: JobPlace
    name: str
    owner: str
    submission: Submission

    def state(self) -> str:
        """Gives the state as the job server tells it.

        Raises:
            grpc.RpcError: It does not answer.
        """
        return str(self.submission.result.state)

    def can_be_ended(self) -> bool:
        """Says whether it would be found by who wants to end it.

        A job server hands a job on to Flink after it has said that it runs: ended before, it would
        come to the cluster all the same.

        Raises:
            OSError: Flink does not answer.
        """
        return not self.place.cluster or bool(jobs_under_way(self.place.cluster, self.name))


def start_job(config: Config, beam_arguments: Sequence[str], place: JobPlace) -> RunningJob:
    """Submits the job of a configuration.

    Args:
        config: Its feeds are known to the store.
        beam_arguments: As `streaming_runners.beam_arguments` gives them.
        place: Where it runs.

    Raises:
        ConfigError: The runner is not there, or did not take it.
        TransientError: Flink does not say what runs under the job's name.
    """
    # Of the job's own: a submission writes into them.
    options = pipeline_options(beam_arguments)
    own_name = uuid.uuid4().hex[:12]
    cloud = options.view_as(GoogleCloudOptions)
    named = bool(cloud.job_name)
    name = cloud.job_name = cloud.job_name or f"dateline-{own_name}"
    # Workers elsewhere go on when this process is gone: their leases must not look like those
    # of a dead owner, which the next run frees.
    owner = owner_name() if place.in_process else f"stream {own_name} of {socket.gethostname()}"
    pipeline = make_pipeline(options)
    build_streaming(
        pipeline,
        config,
        ClaimOrder(owner=owner),
        parallelism=parallelism_of(options),
        on_flink=place.on_flink,
    )
    draining.start()
    if named and place.cluster:
        replace_on_cluster(place.cluster, name)
    return RunningJob(place, name, owner, submit(pipeline))
