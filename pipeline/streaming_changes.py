"""Brings a changed configuration to a running stream: when, and whether at all."""

import logging
from collections.abc import Callable

from pipeline.running_job import JobPlace, RunningJob
from schemas.config import Config
from schemas.errors import TransientError
from transforms.storage.feed_store import FeedStore

_LOG = logging.getLogger(__name__)


class StreamChanges:
    """What has changed and no job has yet.

    Args:
        reload: Gives the configuration where it has changed since it was asked last, checked so
            that a job can be made of it.
        place: Where the stream's jobs run.
    """

    def __init__(self, reload: Callable[[], Config | None], place: JobPlace) -> None:
        self._reload = reload
        self._place = place
        self._waiting: Config | None = None
        self._said_why = False

    def to_take_up(self, running: Config, job: RunningJob, store: FeedStore) -> Config | None:
        """Gives the configuration that another job is to have, its feeds known to the store.

        Args:
            running: The configuration of the job that runs.
            job: That job.
            store: Is told of the feeds.

        Returns:
            None where the job is to go on: nothing has changed, or the change has to wait.
        """
        self._notice(running)
        config = self._waiting
        if config is None:
            return None
        try:
            if not job.can_be_ended():
                return None
            store.register(config.feeds, config.polling.interval)
        except (OSError, TransientError) as error:
            if not self._said_why:
                _LOG.warning("the changed configuration is taken up later: %s", error)
                self._said_why = True
            return None
        self._waiting = None
        return config

    def _notice(self, running: Config) -> None:
        changed = self._reload()
        if changed is None:
            return
        self._waiting, self._said_why = None, False
        if changed == running:
            _LOG.info("the configuration is again the one that the job has")
        elif self._place.ends_jobs_for_certain:
            self._waiting = changed
        else:
            _LOG.warning(
                "the changed configuration is taken up by a restart only, the job goes on with "
                "what it had: its runner cannot be told to end it for certain, as Prism and, with "
                "--flink_master, a Flink cluster can"
            )
