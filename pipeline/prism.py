"""Runs Prism so that it does not outlive the process that has started it."""

import shutil
from typing import Any

from apache_beam.runners.portability.job_server import StopOnExitJobServer
from apache_beam.runners.portability.prism_runner import PrismJobServer, PrismRunner


class EndingPrismRunner(PrismRunner):
    """Beam's runner, whose server ends with this process, however that ends."""

    def default_job_server(self, options: Any) -> StopOnExitJobServer:
        """Gives a server of this run's own."""
        return StopOnExitJobServer(_EndingServer(options))


class _EndingServer(PrismJobServer):
    def subprocess_cmd_and_endpoint(self) -> tuple[list[Any], str]:
        command, endpoint = super().subprocess_cmd_and_endpoint()
        # Prism waits for ever for the workers of a process that was killed. Where there is no
        # setpriv (it is Linux's), it is left to wait.
        setpriv = shutil.which("setpriv")
        return ([setpriv, "--pdeathsig", "KILL", *command] if setpriv else command), endpoint
