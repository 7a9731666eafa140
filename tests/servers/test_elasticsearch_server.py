import os
import tempfile
from pathlib import Path

import pytest

from tests.servers import elasticsearch_download
from tests.servers.cached_parts import HarnessError, cache_folder
from tests.servers.elasticsearch_download import distribution
from tests.servers.elasticsearch_indices import delete_indices, request
from tests.servers.elasticsearch_server import Server, health, open_server
from tests.servers.java import MINIMUM_VERSION, find_java_home, java_version


def _java(folder: Path, release: str) -> Path:
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "java").write_text("#!/bin/sh\nexit 1\n")
    (folder / "bin" / "java").chmod(0o755)
    (folder / "release").write_text(release)
    return folder


@pytest.mark.parametrize(
    ("release", "version"),
    [
        ('JAVA_VERSION="25.0.1"', 25),
        ('IMPLEMENTOR="x"\nJAVA_VERSION="1.8.0_402"', 8),
        ('JAVA_VERSION="21"', 21),
    ],
)
def test_java_version_is_read_of_the_release_file(
    tmp_path: Path, release: str, version: int
) -> None:
    assert java_version(_java(tmp_path, release)) == version


def test_a_folder_without_java_has_version_0(tmp_path: Path) -> None:
    assert java_version(tmp_path) == 0


def test_an_old_java_home_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(_java(tmp_path, 'JAVA_VERSION="17.0.2"')))
    found = find_java_home()
    assert found is None or (found != tmp_path and java_version(found) >= MINIMUM_VERSION)


def test_cache_folder_is_the_named_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_TEST_CACHE", str(tmp_path / "a" / "b"))
    assert cache_folder() == (tmp_path / "a" / "b").resolve()


def test_cache_folder_without_a_usable_home_lies_in_the_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.delenv("DATELINE_TEST_CACHE", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "file"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert cache_folder() == (tmp_path / f"dateline-cache-{os.getuid()}").resolve()


def test_a_missing_maven_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_TEST_CACHE", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(HarnessError, match=r"apt-get install maven.*ELASTICSEARCH_URL"):
        distribution()


def test_a_missing_jdk_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.servers.elasticsearch_server.find_java_home", lambda: None)
    monkeypatch.setattr("tests.servers.elasticsearch_server.docker_answers", lambda: False)
    with pytest.raises(HarnessError, match="JDK of version 21 or newer"):
        open_server()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
def test_a_private_cache_is_copied_to_where_the_server_may_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = tmp_path / "home"
    name = f"elasticsearch-{elasticsearch_download.VERSION}"
    program = private / name / "bin" / "elasticsearch"
    program.parent.mkdir(parents=True)
    program.write_text("program")
    private.chmod(0o700)
    monkeypatch.setenv("DATELINE_TEST_CACHE", str(private))
    copy = distribution()
    assert copy != private / name
    assert (copy / "bin" / "elasticsearch").read_text() == "program"
    assert all(folder.stat().st_mode & 0o001 for folder in (copy / "bin").resolve().parents)


@pytest.mark.elasticsearch
def test_a_start_that_fails_shows_the_end_of_the_log() -> None:
    with pytest.raises(HarnessError, match=r"(?s)while starting.*no\.such\.setting"):
        open_server(settings={"no.such.setting": "1"})


def test_a_killed_server_comes_back_at_its_url_with_its_data(
    elasticsearch_server: Server, index_prefix: str
) -> None:
    url = elasticsearch_server.url
    request(url, "PUT", f"{index_prefix}a/_doc/1", {"kept": True})
    elasticsearch_server.kill()
    assert health(url) is None
    elasticsearch_server.start()
    assert elasticsearch_server.url == url
    assert request(url, "GET", f"{index_prefix}a/_doc/1")["_source"] == {"kept": True}


def test_delete_indices_leaves_those_of_other_prefixes(
    elasticsearch_url: str, index_prefix: str
) -> None:
    for name in ("a-1", "b-1"):
        request(elasticsearch_url, "PUT", index_prefix + name)
    delete_indices(elasticsearch_url, f"{index_prefix}a")
    names = request(elasticsearch_url, "GET", f"_cat/indices/{index_prefix}*?format=json")
    assert [row["index"] for row in names] == [f"{index_prefix}b-1"]


def test_tests_with_the_fixtures_bear_the_marker(
    request: pytest.FixtureRequest, elasticsearch_url: str
) -> None:
    assert elasticsearch_url.startswith("http")
    assert request.node.get_closest_marker("elasticsearch") is not None
