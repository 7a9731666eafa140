"""A Dockerfile read, and its steps run one by one in a folder: no Docker engine is needed."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]


class Recipe:
    """A Dockerfile.

    Args:
        path: The file; its context is the root of the repository.
    """

    def __init__(self, path: Path) -> None:
        text = re.sub(r"\\\n", " ", path.read_text(encoding="utf-8"))
        self.instructions: list[tuple[int, str, str]] = []
        stage = 0
        for line in text.splitlines():
            if line.strip() and not line.startswith("#"):
                name, _, rest = line.strip().partition(" ")
                stage += name == "FROM"
                self.instructions.append((stage, name, rest.strip()))

    def of_stage(self, stage: int, name: str) -> list[str]:
        """Gives what follows an instruction's name, wherever it stands in a stage."""
        return [rest for number, kind, rest in self.instructions if (number, kind) == (stage, name)]

    def copy_sources(self, stage: int, source: Path) -> None:
        """Does a stage's COPY from the repository into its working folder."""
        for copied in self.of_stage(stage, "COPY"):
            *names, into = copied.split()
            if into.startswith("/") or names[0].startswith("--from"):
                continue
            for name in names:
                to = source / into / Path(name).name if into == "./" else source / into
                if (ROOT / name).is_dir():
                    ignored = shutil.ignore_patterns("__pycache__")
                    shutil.copytree(ROOT / name, to, ignore=ignored)
                else:
                    shutil.copy(ROOT / name, to)

    def run(self, stage: int, source: Path, home: Path, replaced: Mapping[str, str]) -> None:
        """Runs a stage's RUN steps.

        Args:
            stage: The stage.
            source: The working folder.
            home: An empty home.
            replaced: Patterns, and what they become in this folder.

        Raises:
            AssertionError: A step failed; the text has its output.
        """
        environment = clean_environment(home)
        # Compiling thousands of modules, of which a test imports some, is most of an install.
        replaced = {r"\bpip install\b": "pip install --no-compile", **replaced}
        for step in self.of_stage(stage, "RUN"):
            here = step
            for pattern, value in replaced.items():
                here = re.sub(pattern, value, here)
            done = subprocess.run(
                ["sh", "-euc", here], cwd=source, env=environment, capture_output=True, text=True
            )
            said = f"{done.stdout[-2000:]}{done.stderr[-2000:]}"
            assert done.returncode == 0, f"RUN {step}\n{said}"


def clean_environment(home: Path) -> dict[str, str]:
    """Gives an environment that knows nothing but how packages are fetched here."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(home)}
    for name in ("PIP_INDEX_URL", "PIP_FIND_LINKS", "PIP_CERT", "SSL_CERT_FILE", "https_proxy"):
        if name in os.environ:
            environment[name] = os.environ[name]
    config = Path.home() / ".config" / "pip"
    if config.is_dir():
        environment["PIP_CONFIG_FILE"] = str(config / "pip.conf")
    return environment
