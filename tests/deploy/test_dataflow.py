"""The Flex template: its parameters, its image's steps, a job written by DataflowRunner itself."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from apache_beam.portability.api import beam_runner_api_pb2

from pipeline.configuration import load_config
from pipeline.dataflow_template import (
    check_worker_files,
    fetch_configuration,
    main,
    overrides_of,
    runner_arguments,
    template_parser,
)
from schemas.errors import ConfigError
from tests.deploy.image_recipe import ROOT, Recipe, clean_environment
from tests.servers.cloud_storage import cloud_storage

DATAFLOW = ROOT / "deploy" / "dataflow"
METADATA: dict[str, Any] = json.loads((DATAFLOW / "metadata.json").read_text(encoding="utf-8"))
PARAMETERS = {one["name"]: one for one in METADATA["parameters"]}
SECRET = "projects/my-project/secrets/dateline/versions/latest"
IMAGE = "registry.example/news/dateline:1"


def test_the_metadata_is_what_dataflow_takes() -> None:
    schema = json.loads((Path(__file__).parent / "flex_template_schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(METADATA)
    assert METADATA["streaming"] is True


def test_the_launcher_takes_the_parameters_of_the_metadata_and_no_others() -> None:
    options = {
        action.option_strings[0].removeprefix("--"): action.required
        for action in template_parser()._actions
        if action.dest != "help"
    }
    assert set(options) == set(PARAMETERS)
    for name, required in options.items():
        assert not (required and PARAMETERS[name].get("isOptional")), name


@pytest.mark.parametrize(
    ("name", "value", "taken"),
    [
        ("config", "gs://news/dateline.yaml", True),
        ("config", "gs://news/dateline.json", False),
        ("config", "dateline.yaml", False),
        ("elasticsearch_url", "https://elasticsearch.internal:9200", True),
        ("elasticsearch_url", "https://user:password@elasticsearch:9200", False),
        ("elasticsearch_api_key_secret", SECRET, True),
        ("elasticsearch_api_key_secret", "projects/my-project/secrets/dateline", False),
        ("index_prefix", "world-", True),
        ("index_prefix", "World", False),
        ("sdk_container_image", IMAGE, True),
    ],
)
def test_parameters_are_checked_before_a_job_is_started(name: str, value: str, taken: bool) -> None:
    assert all(re.fullmatch(regex, value) for regex in PARAMETERS[name]["regexes"]) is taken


def test_parameters_go_before_the_configuration(tmp_path: Path) -> None:
    given = template_parser().parse_args(
        [
            "--config=gs://news/dateline.yaml",
            "--elasticsearch_url=https://elasticsearch.internal:9200",
            f"--elasticsearch_api_key_secret={SECRET}",
            "--index_prefix=world-",
        ]
    )
    (tmp_path / "dateline.yaml").write_text("index: {url: 'embedded:./x', shards: 2}\n")
    index = load_config(tmp_path / "dateline.yaml", overrides_of(given)).index
    assert (index.url, index.prefix) == ("https://elasticsearch.internal:9200", "world-")
    assert (index.api_key, index.shards) == (f"gcp:{SECRET}", 2)


def test_workers_start_with_the_given_image_and_nothing_is_staged_beside_it() -> None:
    args = template_parser().parse_args(["--config=c", f"--sdk_container_image={IMAGE}"])
    more = ["--runner=DataflowRunner", "--streaming", "--project=p"]
    assert runner_arguments(args, more) == [
        "--project=p",
        f"--sdk_container_image={IMAGE}",
        "--sdk_location=container",
    ]


def test_the_configuration_comes_with_the_lists_it_names(tmp_path: Path) -> None:
    there, here = tmp_path / "there", tmp_path / "here"
    (there / "lists").mkdir(parents=True)
    here.mkdir()
    (there / "any.yaml").write_text("opml: [lists/world.opml]\n")
    (there / "lists" / "world.opml").write_bytes(
        (ROOT / "configs" / "feeds" / "world.opml").read_bytes()
    )
    copy = fetch_configuration(str(there / "any.yaml"), here)
    assert load_config(copy).feeds == load_config(there / "any.yaml").feeds != []


@pytest.mark.parametrize("name", ["../secret.opml", "/etc/feeds.opml", "a/../../b.opml"])
def test_a_list_from_elsewhere_is_an_error(tmp_path: Path, name: str) -> None:
    (tmp_path / "any.yaml").write_text(f"opml: [{name}]\n")
    with pytest.raises(ConfigError, match="beside the configuration or below"):
        fetch_configuration(str(tmp_path / "any.yaml"), tmp_path)


def test_files_of_the_workers_are_named_in_full(tmp_path: Path) -> None:
    file = tmp_path / "dateline.yaml"
    file.write_text("tagger: {data: [/opt/names]}\nindex: {ca_file: /opt/ca.pem}\n")
    check_worker_files(load_config(file), tmp_path)
    file.write_text("tagger: {data: [names]}\n")
    with pytest.raises(ConfigError, match=r"tagger\.data: names is not on Dataflow's workers"):
        check_worker_files(load_config(file), tmp_path)


@pytest.mark.parametrize(
    ("config", "words"),
    [
        (None, "cannot be read"),
        ("index: {url: 'http://127.0.0.1:1'}\n", "names no feeds"),
        ("feeds: [{url: 'https://a.example/'}]\n", "cannot be used with --runner=DataflowRunner"),
        ("feeds: [{uri: 'https://a.example/'}]\n", "did you mean 'url'"),
    ],
    ids=["missing", "no-feeds", "embedded-index", "unknown-key"],
)
def test_a_configuration_that_cannot_be_run_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], config: str | None, words: str
) -> None:
    if config is not None:
        (tmp_path / "dateline.yaml").write_text(config)
    assert main([f"--config={tmp_path / 'dateline.yaml'}"]) == 2
    assert words in capsys.readouterr().err


def test_the_image_is_launcher_and_worker_in_one() -> None:
    recipe = Recipe(DATAFLOW / "Dockerfile")
    beam = re.search(r"^apache-beam==(.+)$", (ROOT / "constraints.txt").read_text(), re.M)
    assert beam is not None
    assert recipe.of_stage(2, "FROM") == [f"apache/beam_python3.11_sdk:{beam[1]}"]
    copied = [rest.split()[-1] for rest in recipe.of_stage(2, "COPY")]
    assert "/opt/google/dataflow/python_template_launcher" in copied
    (environment,) = recipe.of_stage(2, "ENV")
    values = dict(one.split("=", 1) for one in environment.split())
    assert values["FLEX_TEMPLATE_PYTHON_PY_FILE"] in copied
    assert recipe.of_stage(2, "ENTRYPOINT") == ['["/opt/apache/beam/boot"]']


@pytest.mark.elasticsearch
@pytest.mark.timeout(1500)
def test_the_image_can_be_built_and_writes_a_job_for_dataflow(
    tmp_path: Path, elasticsearch_url: str, index_prefix: str
) -> None:
    source, target = tmp_path / "src", tmp_path / "opt"
    source.mkdir()
    subprocess.run([sys.executable, "-m", "venv", target / "venv"], check=True)
    python = target / "venv" / "bin" / "python"
    recipe = Recipe(DATAFLOW / "Dockerfile")
    recipe.copy_sources(2, source)
    recipe.run(
        2,
        source,
        tmp_path,
        {r"\bpython -m": f"{shlex.quote(str(python))} -m", "/opt/dateline": str(target)},
    )
    (target / "launcher.py").write_bytes((DATAFLOW / "launcher.py").read_bytes())
    with cloud_storage() as storage:
        config = "feeds: [{url: 'https://a.example/feed.xml'}]\nopml: [lists/world.opml]\n"
        storage.objects["news-bucket/dateline.yaml"] = config.encode()
        world = (ROOT / "configs" / "feeds" / "world.opml").read_bytes()
        storage.objects["news-bucket/lists/world.opml"] = world
        done = subprocess.run(
            [
                *(python, target / "launcher.py"),
                "--config=gs://news-bucket/dateline.yaml",
                f"--elasticsearch_url={elasticsearch_url}",
                f"--index_prefix={index_prefix}",
                f"--sdk_container_image={IMAGE}",
                # What Dataflow's own launcher adds.
                *("--runner=DataflowRunner", "--project=my-project", "--region=europe-west1"),
                *("--job_name=dateline", "--temp_location=gs://news-bucket/tmp"),
                "--template_location=gs://news-bucket/job.json",
                "--no_auth",
            ],
            cwd=target,
            env={
                **clean_environment(tmp_path),
                "DATELINE_CACHE": str(target / "gazetteer"),
                "STORAGE_EMULATOR_HOST": storage.url,
                "GOOGLE_CLOUD_PROJECT": "my-project",
                "NO_PROXY": "127.0.0.1",
            },
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        assert "compiling" not in done.stderr, "the image's own gazetteer is the one that is used"
        job = json.loads(storage.objects["news-bucket/job.json"])
        (graph,) = [key for key in storage.objects if key.endswith("/pipeline.pb")]
        pipeline = beam_runner_api_pb2.Pipeline.FromString(storage.objects[graph])
    assert job["type"] == "JOB_TYPE_STREAMING"
    environments = [
        beam_runner_api_pb2.DockerPayload.FromString(one.payload).container_image
        for one in pipeline.components.environments.values()
    ]
    assert set(environments) == {IMAGE}
    names = {one.unique_name for one in pipeline.components.transforms.values()}
    assert {"Fetch/Fetch", "Commit/Commit", "Sweep"} <= names
    reader = [python, Path(__file__).with_name("secret_manager_script.py")]
    for name, status, said in (("elasticsearch", 0, "id:key"), ("away", 1, "404 there is no")):
        reference = f"gcp:projects/news/secrets/{name}/versions/latest"
        done = subprocess.run([*reader, reference], capture_output=True, text=True, timeout=120)
        assert (done.returncode, said in done.stdout) == (status, True), done.stdout + done.stderr
