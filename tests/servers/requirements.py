"""Says before the tests begin whether their servers can be had, and what to install if not.

`python -m tests.servers.requirements`: exit status 0, or 1 with the reasons.
"""

import os
import shutil
import sys

from tests.servers import prism
from tests.servers.elasticsearch_docker import docker_answers
from tests.servers.java import MINIMUM_VERSION, find_java_home


def missing(environ: dict[str, str]) -> list[str]:
    """Gives what is missing, a line each; nothing if all is there."""
    lines = missing_for_elasticsearch(environ)
    if not prism.is_at_hand(environ):
        lines.append(f"{prism.GO}, for Beam's Prism runner; or set {prism.VARIABLE} to Prism")
    return lines


def missing_for_elasticsearch(environ: dict[str, str]) -> list[str]:
    """Gives what is missing for a real Elasticsearch."""
    if environ.get("ELASTICSEARCH_URL"):
        return []
    java, maven = find_java_home() is not None, shutil.which("mvn", path=environ.get("PATH"))
    if java and maven:
        return []
    if not java and docker_answers():
        return []
    lines = []
    if not java:
        lines.append(
            f"a JDK of version {MINIMUM_VERSION} or newer (Debian: apt-get install "
            "openjdk-21-jdk-headless; macOS: brew install openjdk@21), found by JAVA_HOME, PATH "
            "and in the usual places"
        )
    if not maven:
        lines.append(
            "Maven, the command mvn (Debian: apt-get install maven; macOS: brew install maven)"
        )
    return lines


def main() -> int:
    """Prints what is missing; gives the exit status."""
    lines = missing(dict(os.environ))
    if not lines:
        return 0
    print(
        "The tests run against a real Elasticsearch and a real runner of streams; these are "
        "missing for them:",
        file=sys.stderr,
    )
    for line in lines:
        print(f"  - {line}", file=sys.stderr)
    print(
        "For the former, you may also set ELASTICSEARCH_URL to an Elasticsearch 9 that may be "
        "filled with test indices, or start a Docker engine.\n"
        "`make test-fast` runs the tests that need no Elasticsearch.",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
