"""Fixtures of whole installations, on either backend."""

from pathlib import Path
from typing import Any

import pytest

from tests.backends import BACKENDS
from tests.pipeline.dateline import Dateline


@pytest.fixture(params=BACKENDS)
def dateline(request: pytest.FixtureRequest, tmp_path: Path) -> Dateline:
    """Gives an installation with an empty index of either backend."""
    index: dict[str, Any] = {"url": "embedded:./index"}
    if request.param == "elasticsearch":
        index = {
            "url": request.getfixturevalue("elasticsearch_url"),
            "prefix": request.getfixturevalue("index_prefix"),
        }
    return Dateline(tmp_path, index)
