"""Fetches the Elasticsearch server through Maven, once for each machine, into a cache folder."""

import atexit
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

from tests.servers.cached_parts import (
    MAVEN_CENTRAL,
    account_home,
    cache_folder,
    find_maven,
    kept_in_cache,
    run_tool,
)
from tests.servers.java import others_may_read

VERSION = "9.5.3"
ARTIFACT = f"org.elasticsearch.distribution.integ-test-zip:elasticsearch:{VERSION}:zip"
DOWNLOAD_SECONDS = 600


def public_temporary_folder() -> str:
    """Gives a folder for temporary files that an unprivileged user can reach too."""
    for place in (tempfile.gettempdir(), "/tmp", "/var/tmp"):
        # The folder itself must be passable; what is made in it has an owner of its own.
        if os.geteuid() != 0 or others_may_read(Path(place)):
            return place
    return tempfile.gettempdir()


def distribution() -> Path:
    """Gives the unpacked server, downloaded first if it is not in the cache.

    Raises:
        HarnessError: There is no Maven, or it could not download.
    """
    target = kept_in_cache(cache_folder() / f"elasticsearch-{VERSION}", _download)
    return target if others_may_read(target / "bin" / "elasticsearch") else _public_copy(target)


def _download(temporary: Path) -> Path:
    maven = find_maven(
        "the tests' Elasticsearch is downloaded",
        ", or set ELASTICSEARCH_URL to an Elasticsearch 9 that may be filled with test indices",
    )
    command = [
        maven,
        "-q",
        "-B",
        "dependency:unpack",
        f"-Dartifact={ARTIFACT}",
        f"-DoutputDirectory={temporary / 'out'}",
    ]
    if not os.access(account_home(), os.W_OK):
        # Maven keeps what it downloads in ~/.m2, and this user has no such place.
        command.append(f"-Dmaven.repo.local={temporary / 'repository'}")
    unpacked = run_tool(
        command,
        temporary,
        temporary / "out" / f"elasticsearch-{VERSION}",
        seconds=DOWNLOAD_SECONDS,
        source=MAVEN_CENTRAL,
    )
    _open_to_others(unpacked)
    return unpacked


def _open_to_others(folder: Path) -> None:
    """Lets everybody read: as root, the server runs as a user that owns nothing of it."""
    for root, _, files in os.walk(folder):
        os.chmod(root, 0o755)
        for name in files:
            path = os.path.join(root, name)
            os.chmod(path, 0o755 if os.stat(path).st_mode & 0o100 else 0o644)


@cache
def _public_copy(source: Path) -> Path:
    """Copies the server out of a private cache (a root's home is 0700), for this process's life."""
    folder = Path(tempfile.mkdtemp(prefix="dateline-elasticsearch-", dir=public_temporary_folder()))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    folder.chmod(0o755)
    shutil.copytree(source, folder / source.name)
    _open_to_others(folder / source.name)
    return folder / source.name
