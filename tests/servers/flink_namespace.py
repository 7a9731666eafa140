"""Runs a command in a network namespace of its own, where there is nothing but loopback.

Beam's Java servers and its worker pool listen on every address of the machine, and run what they
are sent. `python -m tests.servers.flink_namespace COMMAND…`; without the right to make a namespace
(root, or user namespaces) the command runs where it is, and that is said.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence

_INSIDE = 'ip link set lo up && exec "$@"'


def command_in_namespace(command: Sequence[str]) -> list[str] | None:
    """Gives the command that runs another one in a namespace; None where none can be made."""
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        return None
    # As root, or else in a user namespace too, under one's own name.
    for right in ([], ["--map-current-user", "--keep-caps"]):
        prefix = ["unshare", "--net", *right, "sh", "-c", _INSIDE, "sh"]
        if subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0:
            return [*prefix, *command]
    return None


def main(command: Sequence[str]) -> int:
    """Becomes the command."""
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    inside = command_in_namespace(command)
    if inside is None:
        print(
            "no network namespace can be made here: while this runs, its servers listen on all of "
            "this machine's addresses",
            file=sys.stderr,
        )
        inside = list(command)
    os.execvp(inside[0], inside)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
