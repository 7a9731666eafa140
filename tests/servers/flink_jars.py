"""Fetches Flink, and Beam's runner for it, through Maven, once for each machine.

Beam's ready-made job servers are not on Maven Central, the libraries that they are made of are;
Flink itself comes with them. `python -m tests.servers.flink_jars` fetches all that `make
test-flink` needs, while there is a network.
"""

import hashlib
import sys
from pathlib import Path

from tests.servers.cached_parts import (
    MAVEN_CENTRAL,
    HarnessError,
    cache_folder,
    find_maven,
    kept_in_cache,
    run_tool,
)
from tests.servers.elasticsearch_download import distribution
from tests.servers.flink_operator import flink_deployment_schema
from tests.servers.java import find_java_home

# Flink 1.19 runs on these.
JAVA_VERSIONS = (17, 21)
DOWNLOAD_SECONDS = 600
_POM = """\
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>dateline</groupId><artifactId>flink</artifactId><version>1</version>
  <packaging>pom</packaging>
  <dependencyManagement><dependencies>
    <!-- The newest there is. Its harness has an older core in it, which hides the runner's own:
         batches work then, streams end with NoSuchMethodError. -->
    <dependency>
      <groupId>org.apache.beam</groupId>
      <artifactId>beam-runners-java-job-service</artifactId><version>2.65.0</version>
      <exclusions><exclusion>
        <groupId>org.apache.beam</groupId><artifactId>beam-sdks-java-harness</artifactId>
      </exclusion></exclusions>
    </dependency>
  </dependencies></dependencyManagement>
  <dependencies>
    <dependency>
      <groupId>org.apache.beam</groupId>
      <artifactId>beam-runners-flink-1.19</artifactId><version>2.70.0</version>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>2.0.16</version>
    </dependency>
  </dependencies>
</project>
"""


def flink_java_home() -> Path:
    """Gives the home of a Java that Flink runs on.

    Raises:
        HarnessError: There is none.
    """
    home = find_java_home(JAVA_VERSIONS[0], among=JAVA_VERSIONS)
    if home is None:
        raise HarnessError(
            "Flink needs a JDK of version 17 or 21 (Debian: apt-get install "
            "openjdk-17-jdk-headless), found by JAVA_HOME, PATH and in the usual places"
        )
    return home


def flink_jars() -> Path:
    """Gives the folder of jars, fetched first if it is not in the cache.

    Raises:
        HarnessError: There is no Maven, or it could not fetch them.
    """
    version = hashlib.sha256(_POM.encode()).hexdigest()[:12]
    return kept_in_cache(cache_folder() / f"flink-{version}", _download)


def _download(temporary: Path) -> Path:
    maven = find_maven("Flink is fetched")
    (temporary / "pom.xml").write_text(_POM)
    jars = temporary / "jars"
    command = [
        maven,
        "-q",
        "-B",
        "dependency:copy-dependencies",
        "-DincludeScope=runtime",
        f"-DoutputDirectory={jars}",
    ]
    return run_tool(command, temporary, jars, seconds=DOWNLOAD_SECONDS, source=MAVEN_CENTRAL)


def main() -> int:
    """Fetches Flink and Elasticsearch; gives the exit status."""
    try:
        print(f"Java for Flink: {flink_java_home()}")
        print(f"Flink: {flink_jars()}")
        flink_deployment_schema()
        print(f"Elasticsearch: {distribution()}")
    except HarnessError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
