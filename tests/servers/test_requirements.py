import os

import pytest

from tests.servers.requirements import missing


def test_a_given_elasticsearch_needs_nothing_else() -> None:
    assert missing({"ELASTICSEARCH_URL": "http://127.0.0.1:9200", "PATH": ""}) == []


def test_a_missing_maven_is_named_with_what_to_install() -> None:
    lines = missing({"PATH": "/nonexistent"})
    assert any("mvn" in line and "apt-get install maven" in line for line in lines)


@pytest.mark.elasticsearch
def test_this_machine_has_what_the_tests_need() -> None:
    assert missing(dict(os.environ)) == []
