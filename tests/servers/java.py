"""Finds a JDK by its version: several may stand side by side, and PATH may name an old one."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Container, Iterator
from pathlib import Path

MINIMUM_VERSION = 21

_VERSION = re.compile(r'^JAVA_VERSION="(?:1\.)?(\d+)', re.MULTILINE)
_SPOKEN_VERSION = re.compile(r'version "(?:1\.)?(\d+)')

_PLACES = (
    "/usr/lib/jvm/*",
    "/usr/java/*",
    "/opt/java/*",
    "/opt/jdk*",
    "/opt/*jdk*",
    "/usr/local/openjdk-*",
    "/Library/Java/JavaVirtualMachines/*/Contents/Home",
    "/opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home",
)
_HOME_PLACES = (".sdkman/candidates/java/*", ".jdks/*", ".asdf/installs/java/*")


def find_java_home(
    minimum: int = MINIMUM_VERSION, among: Container[int] | None = None
) -> Path | None:
    """Gives the home of a Java of at least version `minimum`, None if there is none.

    JAVA_HOME and the `java` on the PATH come first where they are new enough. `among` takes only
    these versions, for what does not run on the newest.
    """
    for home in _candidates():
        version = java_version(home)
        if version < minimum or (among is not None and version not in among):
            continue
        if others_may_read(home / "bin" / "java"):
            return home
    return None


def java_version(home: Path) -> int:
    """Gives the major version of the Java at `home`, 0 if there is none that runs."""
    java = home / "bin" / "java"
    if not os.access(java, os.X_OK):
        return 0
    release = home / "release"
    if release.is_file():
        match = _VERSION.search(release.read_text(errors="replace"))
        if match:
            return int(match[1])
    try:
        spoken = subprocess.run(
            [java, "-version"], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return 0
    match = _SPOKEN_VERSION.search(spoken.stderr)
    return int(match[1]) if match else 0


def others_may_read(path: Path) -> bool:
    """Says whether an unprivileged user can reach `path`; only asked when running as root."""
    if os.geteuid() != 0:
        return True
    real = path.resolve()
    return bool(real.stat().st_mode & 0o004) and all(
        parent.stat().st_mode & 0o001 for parent in real.parents
    )


def _candidates() -> Iterator[Path]:
    seen: set[Path] = set()
    for home in _all_candidates():
        try:
            real = home.resolve()
        except OSError:
            continue
        if real not in seen:
            seen.add(real)
            yield real


def _all_candidates() -> Iterator[Path]:
    for variable in ("ES_JAVA_HOME", "JAVA_HOME"):
        if os.environ.get(variable):
            yield Path(os.environ[variable])
    on_path = shutil.which("java")
    # macOS has a /usr/bin/java that is no Java but asks for one to be installed.
    if on_path and not (sys.platform == "darwin" and on_path == "/usr/bin/java"):
        yield Path(on_path).resolve().parent.parent
    if sys.platform == "darwin":
        answer = subprocess.run(
            ["/usr/libexec/java_home", "-v", f"{MINIMUM_VERSION}+"],
            capture_output=True,
            text=True,
            check=False,
        )
        if answer.returncode == 0:
            yield Path(answer.stdout.strip())
    for pattern in _PLACES:
        yield from sorted(Path("/").glob(pattern.lstrip("/")), reverse=True)
    if os.environ.get("HOME"):
        for pattern in _HOME_PLACES:
            yield from sorted(Path(os.environ["HOME"]).glob(pattern), reverse=True)
