"""Builds Beam's Prism runner from its Go module, once for each machine, into the cache folder.

`python -m tests.servers.prism` builds it and prints where it is.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from tests.servers.elasticsearch_download import HarnessError, cache_folder

BUILD_SECONDS = 1200
# Go fetches the newer Go that a module asks for by itself, from 1.21 on.
GO = "Go 1.21 or newer (Debian 13, Ubuntu: apt-get install golang-go; macOS: brew install go)"
# Names a program that is there already.
VARIABLE = "DATELINE_TEST_PRISM"


def module() -> str:
    """Gives the Go module that fits the installed Beam, as `go install` takes it."""
    return f"github.com/apache/beam/sdks/v2/go/cmd/prism@v{version('apache-beam')}"


def is_at_hand(environ: Mapping[str, str]) -> bool:
    """Says whether the program is there, or can be built."""
    path = environ.get("PATH", os.defpath)
    return bool(environ.get(VARIABLE)) or _cached().is_file() or bool(shutil.which("go", path=path))


def _cached() -> Path:
    return cache_folder() / f"prism-{version('apache-beam')}"


def prism() -> Path:
    """Gives the program, built first if it is not in the cache.

    Raises:
        HarnessError: There is no Go, or it could not build it.
    """
    given = os.environ.get(VARIABLE)
    if given:
        if not os.access(given, os.X_OK):
            raise HarnessError(f"{VARIABLE}={given} is no program")
        return Path(given)
    target = _cached()
    folder = target.parent
    if not target.is_file():
        # Several test processes may start at once: one builds, the others wait for it.
        with open(folder / ".prism.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not target.is_file():
                _build(folder, target)
    return target


def _build(folder: Path, target: Path) -> None:
    go = shutil.which("go")
    if go is None:
        raise HarnessError(
            "the tests of streams need Beam's Prism runner, which is built by Go, and there is no "
            f"`go` on the PATH: install {GO}, or set {VARIABLE} to the program"
        )
    # Beside the target, so that the last step is a rename and nobody sees half of it.
    temporary = Path(tempfile.mkdtemp(prefix=".prism-", dir=folder))
    command = [go, "install", module()]
    try:
        done = subprocess.run(
            command,
            cwd=temporary,
            env={**os.environ, "GOBIN": str(temporary)},
            capture_output=True,
            text=True,
            timeout=BUILD_SECONDS,
            check=False,
        )
        if done.returncode != 0 or not (temporary / "prism").is_file():
            raise HarnessError(
                f"`{' '.join(command)}` failed with status {done.returncode}:\n"
                f"{(done.stdout + done.stderr)[-2000:]}"
            )
        (temporary / "prism").rename(target)
    except subprocess.TimeoutExpired:
        raise HarnessError(
            f"`{' '.join(command)}` took more than {BUILD_SECONDS} s: is the Go module proxy to be "
            "reached?"
        ) from None
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def main() -> int:
    """Builds it; gives the exit status."""
    try:
        print(prism())
    except HarnessError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
