"""What `run --streaming` says where a runner is not there, or cannot do what is asked."""

from pathlib import Path

import pytest

from pipeline.streaming_runners import (
    beam_arguments,
    find_prism,
    runs_in_this_process,
    without_savepoint,
)
from schemas.config import Config
from schemas.errors import ConfigError
from tests.pipeline.dateline import Dateline

EMBEDDED = Config()
SHARED = Config.model_validate({"index": {"url": "http://127.0.0.1:9200"}})
FEED = "https://paper.example/feed.xml"


@pytest.fixture
def prism(tmp_path: Path) -> Path:
    return program(tmp_path / "go" / "bin" / "prism")


def program(path: Path, says: str = "-job_port int") -> Path:
    path.parent.mkdir(parents=True)
    path.write_text(f"#!/bin/sh\necho '{says}' >&2\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("runner", ["DirectRunner", "FnApiRunner"])
def test_a_runner_of_rounds_is_refused(runner: str) -> None:
    with pytest.raises(ConfigError, match=rf"{runner}.*--runner=PrismRunner"):
        beam_arguments(runner, [], SHARED)


def test_a_portable_runner_needs_the_address_of_its_job_server() -> None:
    with pytest.raises(ConfigError, match="needs --job_endpoint=HOST:PORT"):
        beam_arguments("PortableRunner", [], SHARED)


def test_a_missing_prism_is_named_with_the_way_to_get_it(tmp_path: Path) -> None:
    environ = {"HOME": str(tmp_path), "PATH": str(tmp_path)}
    with pytest.raises(ConfigError, match=r"go install github\.com/apache/beam/.*/prism@v2\.\d+"):
        beam_arguments("PrismRunner", [], SHARED, environ)


def test_a_prism_location_without_a_program_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such program"):
        find_prism(str(tmp_path))


@pytest.mark.parametrize("variable", ["HOME", "GOPATH", "GOBIN"])
def test_prism_is_found_where_go_installs_it(prism: Path, tmp_path: Path, variable: str) -> None:
    places = {"HOME": tmp_path, "GOPATH": tmp_path / "go", "GOBIN": prism.parent}
    environ = {"HOME": "/nowhere", variable: str(places[variable])}
    assert find_prism("", environ) == prism


def test_another_program_called_prism_is_passed_over(tmp_path: Path) -> None:
    other = program(tmp_path / "bin" / "prism", "mock an API")
    environ = {"HOME": str(tmp_path), "PATH": f"{other.parent}:/usr/bin:/bin"}
    with pytest.raises(ConfigError, match="Prism is not there"):
        find_prism("", environ)


@pytest.mark.parametrize(
    ("runner", "options"),
    [
        ("FlinkRunner", []),
        ("PortableRunner", ["--job_endpoint=localhost:8099"]),
        ("PrismRunner", ["--environment_type=EXTERNAL"]),
        ("PrismRunner", ["--environment_type", "EXTERNAL"]),
        ("PrismRunner", ["--experiments=use_loopback_process_worker"]),
    ],
)
def test_an_embedded_index_is_refused_where_workers_are_processes(
    runner: str, options: list[str]
) -> None:
    with pytest.raises(ConfigError, match=r"index\.url: embedded:.*one process owns"):
        beam_arguments(runner, options, EMBEDDED)


def test_prism_runs_its_workers_in_this_process(prism: Path) -> None:
    arguments = beam_arguments("PrismRunner", [f"--prism_location={prism}"], EMBEDDED)
    assert "--streaming" in arguments
    assert runs_in_this_process("PrismRunner", arguments)


def test_flink_always_gets_checkpoints() -> None:
    options = ["--job_endpoint=localhost:8099"]
    given = "--checkpointing_interval=2000"
    assert "--checkpointing_interval=10000" in beam_arguments("PortableRunner", options, SHARED)
    arguments = beam_arguments("PortableRunner", [*options, given], SHARED)
    assert [a for a in arguments if a.startswith("--checkpointing")] == [given]


@pytest.mark.parametrize("given", [["--savepoint_path=s3://a"], ["--savepoint_path", "s3://a"]])
def test_a_job_that_takes_anothers_place_is_not_resumed_from_its_savepoint(
    given: list[str],
) -> None:
    assert without_savepoint(["--streaming", *given, "--parallelism=2"]) == [
        "--streaming",
        "--parallelism=2",
    ]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--once",), "exclude each other"),
        (("--runner=DirectRunner",), "--runner=PrismRunner"),
        (("--runner=FlinkRunner",), "one process owns"),
    ],
)
def test_wrong_usage_ends_with_status_2(
    tmp_path: Path, options: tuple[str, ...], says: str
) -> None:
    dateline = Dateline(tmp_path, {"url": "embedded:./index"})
    dateline.configure(FEED)
    assert says in dateline("run", "--streaming", *options, status=2).stderr


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (
            ("--runner=PortableRunner", "--job_endpoint=127.0.0.1:1", "--job_server_timeout=1"),
            "the job server does not answer",
        ),
        (("--runner=NoSuchRunner",), "NoSuchRunner"),
    ],
)
def test_a_runner_that_is_not_there_ends_with_status_2(
    tmp_path: Path, elasticsearch_url: str, index_prefix: str, options: tuple[str, ...], says: str
) -> None:
    dateline = Dateline(tmp_path, {"url": elasticsearch_url, "prefix": index_prefix})
    dateline.configure(FEED)
    assert says in dateline("run", "--streaming", *options, status=2).stderr
