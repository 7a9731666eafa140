"""Parts that the tests fetch or build once for each machine, kept in a cache folder."""

import fcntl
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

MAVEN_CENTRAL = "Maven Central (or the mirror in ~/.m2/settings.xml)"


class HarnessError(Exception):
    """A part that the tests need cannot be had; the text says what to install or to set."""


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
            if account_home():
                places.append(Path(account_home()) / ".cache" / "dateline")
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


def kept_in_cache(target: Path, make: Callable[[Path], Path]) -> Path:
    """Gives a part, made first if it is not in the cache.

    Args:
        target: Its place in the cache folder.
        make: Makes it within a temporary folder, and says where there.

    Raises:
        HarnessError: It could not be made.
    """
    if target.exists():
        return target
    # Several test processes may start at once: one makes it, the others wait for it.
    with open(target.parent / f".{target.name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.exists():
            # Beside the target, so that the last step is a rename and nobody sees half of it.
            temporary = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
            try:
                make(temporary).rename(target)
            finally:
                shutil.rmtree(temporary, ignore_errors=True)
    return target


def find_maven(what: str, otherwise: str = "") -> str:
    """Gives Maven's program.

    Args:
        what: What is had by it, to be followed by "by Maven".
        otherwise: What can be done instead of installing it.

    Raises:
        HarnessError: It is not there.
    """
    maven = shutil.which("mvn")
    if maven is None:
        raise HarnessError(
            f"{what} by Maven, and there is no `mvn` on the PATH: install it (Debian: apt-get "
            f"install maven; macOS: brew install maven){otherwise}"
        )
    return maven


def run_tool(
    command: Sequence[str],
    folder: Path,
    product: Path,
    *,
    seconds: float,
    source: str,
    environment: Mapping[str, str] | None = None,
) -> Path:
    """Runs what makes a part, and gives the part.

    Args:
        command: The program and its arguments.
        folder: Where it runs.
        product: What it is to leave behind.
        seconds: How long it may take.
        source: Where the part comes from, to be asked about when that takes too long.
        environment: Instead of this process's.

    Raises:
        HarnessError: It failed, took too long or left nothing behind.
    """
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise HarnessError(
            f"`{' '.join(command)}` took more than {seconds:g} s: is {source} to be reached?"
        ) from None
    if done.returncode != 0 or not product.exists():
        raise HarnessError(
            f"`{' '.join(command)}` failed with status {done.returncode}:\n"
            f"{(done.stdout + done.stderr)[-2000:]}"
        )
    return product


def account_home() -> str:
    """Gives the account's home, which Java goes by, whatever HOME says; "" where it has none."""
    try:
        return pwd.getpwuid(os.getuid()).pw_dir
    except KeyError:
        return ""
