"""Fetches the Elasticsearch server through Maven, once for each machine, into a cache folder."""

import atexit
import fcntl
import os
import pwd
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from tests.servers.java import others_may_read

VERSION = "9.5.3"
ARTIFACT = f"org.elasticsearch.distribution.integ-test-zip:elasticsearch:{VERSION}:zip"
DOWNLOAD_SECONDS = 600


class HarnessError(Exception):
    """The tests' Elasticsearch cannot be had; the text says what to install or to set."""


def cache_folder() -> Path:
    """Gives DATELINE_TEST_CACHE, else `dateline` in the user's cache folder, made if need be."""
    places = []
    if os.environ.get("DATELINE_TEST_CACHE"):
        places.append(Path(os.environ["DATELINE_TEST_CACHE"]))
    else:
        if os.environ.get("XDG_CACHE_HOME"):
            places.append(Path(os.environ["XDG_CACHE_HOME"]) / "dateline")
        if os.environ.get("HOME"):
            places.append(Path(os.environ["HOME"]) / ".cache" / "dateline")
        else:
            if _account_home():
                places.append(Path(_account_home()) / ".cache" / "dateline")
        places.append(Path(tempfile.gettempdir()) / f"dateline-cache-{os.getuid()}")
    reasons = []
    for place in places:
        try:
            place.mkdir(parents=True, exist_ok=True)
            if os.access(place, os.W_OK | os.X_OK):
                return place.resolve()
            reasons.append(f"{place}: not writable")
        except OSError as error:
            reasons.append(f"{place}: {error.strerror}")
    raise HarnessError(
        "no cache folder for the tests' Elasticsearch; set DATELINE_TEST_CACHE to a folder that "
        f"can be written ({'; '.join(reasons)})"
    )


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
    folder = cache_folder()
    target = folder / f"elasticsearch-{VERSION}"
    if not target.is_dir():
        # Several test processes may start at once: one downloads, the others wait for it.
        with open(folder / ".elasticsearch.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not target.is_dir():
                _download(folder, target)
    return target if others_may_read(target / "bin" / "elasticsearch") else _public_copy(target)


def _download(folder: Path, target: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise HarnessError(
            "the tests' Elasticsearch is downloaded by Maven, and there is no `mvn` on the PATH: "
            "install it (Debian: apt-get install maven; macOS: brew install maven), or set "
            "ELASTICSEARCH_URL to an Elasticsearch 9 that may be filled with test indices"
        )
    # Beside the target, so that the last step is a rename and nobody sees half of it.
    temporary = Path(tempfile.mkdtemp(prefix=".unpack-", dir=folder))
    try:
        command = [
            maven,
            "-q",
            "-B",
            "dependency:unpack",
            f"-Dartifact={ARTIFACT}",
            f"-DoutputDirectory={temporary / 'out'}",
        ]
        if not os.access(_account_home(), os.W_OK):
            # Maven keeps what it downloads in ~/.m2, and this user has no such place.
            command.append(f"-Dmaven.repo.local={temporary / 'repository'}")
        try:
            done = subprocess.run(
                command,
                cwd=temporary,
                capture_output=True,
                text=True,
                timeout=DOWNLOAD_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise HarnessError(
                f"`{' '.join(command)}` took more than {DOWNLOAD_SECONDS} s: is Maven Central "
                "(or the mirror in ~/.m2/settings.xml) to be reached?"
            ) from None
        unpacked = temporary / "out" / target.name
        if done.returncode != 0 or not unpacked.is_dir():
            raise HarnessError(
                f"`{' '.join(command)}` failed with status {done.returncode}:\n"
                f"{(done.stdout + done.stderr)[-2000:]}"
            )
        _open_to_others(unpacked)
        unpacked.rename(target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _account_home() -> str:
    """Gives the account's home, which Java goes by, whatever HOME says; "" where it has none."""
    try:
        return pwd.getpwuid(os.getuid()).pw_dir
    except KeyError:
        return ""


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
