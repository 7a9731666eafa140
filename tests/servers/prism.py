"""Builds Beam's Prism runner from its Go module, once for each machine, into the cache folder.

`python -m tests.servers.prism` builds it and prints where it is.
"""

import os
import shutil
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from tests.servers.cached_parts import HarnessError, cache_folder, kept_in_cache, run_tool

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
    return kept_in_cache(_cached(), _build)


def _build(temporary: Path) -> Path:
    go = shutil.which("go")
    if go is None:
        raise HarnessError(
            "the tests of streams need Beam's Prism runner, which is built by Go, and there is no "
            f"`go` on the PATH: install {GO}, or set {VARIABLE} to the program"
        )
    return run_tool(
        [go, "install", module()],
        temporary,
        temporary / "prism",
        seconds=BUILD_SECONDS,
        source="the Go module proxy",
        environment={**os.environ, "GOBIN": str(temporary)},
    )


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
