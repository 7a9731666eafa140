"""Fetches Flink, and Beam's runner for it, through Maven, once for each machine.

Beam's ready-made job servers are not on Maven Central, the libraries that they are made of are;
Flink itself comes with them. `python -m tests.servers.flink_jars` fetches all that `make
test-flink` needs, while there is a network.
"""

import fcntl
import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.servers.elasticsearch_download import HarnessError, cache_folder, distribution
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
    folder = cache_folder()
    target = folder / f"flink-{hashlib.sha256(_POM.encode()).hexdigest()[:12]}"
    if not target.is_dir():
        # Several test processes may start at once: one downloads, the others wait for it.
        with open(folder / ".flink.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not target.is_dir():
                _download(folder, target)
    return target


def _download(folder: Path, target: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise HarnessError(
            "Flink is fetched by Maven, and there is no `mvn` on the PATH: install it (Debian: "
            "apt-get install maven; macOS: brew install maven)"
        )
    # Beside the target, so that the last step is a rename and nobody sees half of it.
    temporary = Path(tempfile.mkdtemp(prefix=".flink-", dir=folder))
    (temporary / "pom.xml").write_text(_POM)
    command = [
        maven,
        "-q",
        "-B",
        "dependency:copy-dependencies",
        "-DincludeScope=runtime",
        f"-DoutputDirectory={temporary / 'jars'}",
    ]
    try:
        done = subprocess.run(
            command,
            cwd=temporary,
            capture_output=True,
            text=True,
            timeout=DOWNLOAD_SECONDS,
            check=False,
        )
        if done.returncode != 0 or not (temporary / "jars").is_dir():
            raise HarnessError(
                f"`{' '.join(command)}` failed with status {done.returncode}:\n"
                f"{(done.stdout + done.stderr)[-2000:]}"
            )
        (temporary / "jars").rename(target)
    except subprocess.TimeoutExpired:
        raise HarnessError(
            f"`{' '.join(command)}` took more than {DOWNLOAD_SECONDS} s: is Maven Central (or the "
            "mirror in ~/.m2/settings.xml) to be reached?"
        ) from None
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def main() -> int:
    """Fetches Flink and Elasticsearch; gives the exit status."""
    try:
        print(f"Java for Flink: {flink_java_home()}")
        print(f"Flink: {flink_jars()}")
        print(f"Elasticsearch: {distribution()}")
    except HarnessError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
