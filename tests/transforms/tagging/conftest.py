import os
import subprocess
import sys
from pathlib import Path

import pytest

from transforms.tagging.tagger import Tagger

_LOADS = (
    "from transforms.tagging.tagger import Tagger\n"
    "print(Tagger.load().tag('', 'In Peru.').country_names)"
)


@pytest.fixture(scope="session")
def compiled_together(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[bytes]]:
    """A cache folder that two processes filled at the same time, and what each of them printed."""
    folder = tmp_path_factory.mktemp("gazetteer")
    environment = {**os.environ, "DATELINE_CACHE": str(folder)}
    running = [
        subprocess.Popen(
            [sys.executable, "-c", _LOADS],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(2)
    ]
    return folder, [process.communicate()[0] for process in running]


@pytest.fixture(scope="session")
def tagger(compiled_together: tuple[Path, list[bytes]]) -> Tagger:
    """The shipped tagger, compiled once for all tests of this folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATELINE_CACHE", str(compiled_together[0]))
        return Tagger.load()
