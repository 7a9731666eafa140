import os
from pathlib import Path

import pytest

from tests.servers.requirements import missing

GIVEN = {"ELASTICSEARCH_URL": "http://127.0.0.1:9200", "DATELINE_TEST_PRISM": "/opt/prism"}


def test_a_given_elasticsearch_and_prism_need_nothing_else() -> None:
    assert missing({**GIVEN, "PATH": ""}) == []


def test_a_missing_go_is_named_with_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_TEST_CACHE", str(tmp_path))
    (line,) = missing({**GIVEN, "DATELINE_TEST_PRISM": "", "PATH": "/nonexistent"})
    assert "apt-get install golang-go" in line
    assert "DATELINE_TEST_PRISM" in line


def test_a_missing_maven_is_named_with_what_to_install() -> None:
    lines = missing({"PATH": "/nonexistent"})
    assert any("mvn" in line and "apt-get install maven" in line for line in lines)


@pytest.mark.elasticsearch
def test_this_machine_has_what_the_tests_need() -> None:
    assert missing(dict(os.environ)) == []
