"""Starts the streaming job on Dataflow as its Flex template asks: with parameters, then it ends.

The template's parameters come as options, and with them Beam's own. The configuration lies in Cloud
Storage; feeds and settings travel in the job's graph, the API key does not: each worker reads it
from Secret Manager.
"""

import argparse
import logging
import posixpath
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from pipeline.cli import FAILED, WRONG_USAGE
from pipeline.configuration import load_config
from schemas.config import Config
from schemas.errors import ConfigError, DatelineError, TransientError

RUNNER = "DataflowRunner"


def template_parser() -> argparse.ArgumentParser:
    """Gives the parser of the template's parameters, which deploy/dataflow/metadata.json names."""
    parser = argparse.ArgumentParser(prog="launcher.py", allow_abbrev=False)
    parser.add_argument("--config", required=True, metavar="gs://…")
    parser.add_argument("--elasticsearch_url", metavar="URL")
    parser.add_argument("--elasticsearch_api_key_secret", metavar="projects/…")
    parser.add_argument("--index_prefix", metavar="PREFIX")
    parser.add_argument("--sdk_container_image", metavar="IMAGE")
    return parser


def overrides_of(args: argparse.Namespace) -> list[str]:
    """Gives the parameters as settings that go before the configuration's."""
    given = {
        "index.url": args.elasticsearch_url,
        "index.api_key": args.elasticsearch_api_key_secret
        and f"gcp:{args.elasticsearch_api_key_secret}",
        "index.prefix": args.index_prefix,
    }
    return [f"{key}={value}" for key, value in given.items() if value]


def fetch_configuration(location: str, folder: Path) -> Path:
    """Copies a configuration and the lists of feeds that it names into a folder.

    Args:
        location: Its address, of any file system that Beam knows: `gs://bucket/dateline.yaml`.
        folder: Where to.

    Returns:
        Its copy.

    Raises:
        ConfigError: Something is not there, or is not beside the configuration or below.
    """
    copy = folder / "dateline.yaml"
    copy.write_bytes(_read(location))
    for name in _lists(copy):
        parts = posixpath.normpath(name).split("/")
        if name.startswith("/") or ".." in parts:
            raise ConfigError(
                f"{location}: opml: {name} must lie beside the configuration or below, with a "
                "relative path"
            )
        target = folder.joinpath(*parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(_read(posixpath.join(posixpath.dirname(location), *parts)))
    return copy


def _lists(config: Path) -> Iterator[str]:
    try:
        value = yaml.safe_load(config.read_bytes())
    except yaml.YAMLError:
        return  # which load_config says better
    lists = value.get("opml") if isinstance(value, dict) else None
    yield from (name for name in lists or () if isinstance(name, str))


def _read(location: str) -> bytes:
    from apache_beam.io.filesystem import BeamIOError
    from apache_beam.io.filesystems import FileSystems

    try:
        with FileSystems.open(location) as file:
            content: bytes = file.read()
            return content
    except (BeamIOError, OSError, ValueError) as error:
        raise ConfigError(f"{location} cannot be read: {error}") from None


def check_worker_files(config: Config, folder: Path) -> None:
    """Makes sure that every file which the workers need can be in their image.

    Raises:
        ConfigError: One is named relative to the configuration, which no worker has.
    """
    files: dict[str, Sequence[Path | None]] = {
        "tagger.data": config.tagger.data,
        "tagger.prior": [config.tagger.prior],
        "index.ca_file": [config.index.ca_file],
        "http.ca_file": [config.http.ca_file],
    }
    for key, paths in files.items():
        for path in paths:
            if path is not None and path.is_relative_to(folder):
                raise ConfigError(
                    f"{key}: {path.relative_to(folder)} is not on Dataflow's workers: put it into "
                    "the image, and name it with its full path there"
                )


def runner_arguments(args: argparse.Namespace, more: Sequence[str]) -> list[str]:
    """Gives Beam's options, without the two that every stream has."""
    given = [one for one in more if one.partition("=")[0] not in ("--runner", "--streaming")]
    if args.sdk_container_image:
        given.append(f"--sdk_container_image={args.sdk_container_image}")
        if not any(one.startswith("--sdk_location") for one in given):
            given.append("--sdk_location=container")
    return given


def launch(arguments: Sequence[str]) -> None:
    """Submits the job, and leaves it to Dataflow.

    Raises:
        DatelineError: It was not submitted.
    """
    from apache_beam.io.filesystems import FileSystems

    from pipeline.stopping import StopRequest
    from pipeline.streaming_job import StreamingJob
    from pipeline.streaming_runners import beam_arguments, pipeline_options

    args, more = template_parser().parse_known_args(arguments)
    # The configuration is read as who the job is submitted by.
    FileSystems.set_options(pipeline_options(more))
    with tempfile.TemporaryDirectory(prefix="dateline-") as name:
        folder = Path(name)
        config = load_config(fetch_configuration(args.config, folder), overrides_of(args))
        check_worker_files(config, folder)
        if not config.feeds:
            raise ConfigError(f"{args.config} names no feeds: add `feeds:` or `opml:` to it")
        options = beam_arguments(RUNNER, runner_arguments(args, more), config)
        StreamingJob(config, options, StopRequest(), in_process=False).start()


def main(arguments: Sequence[str]) -> int:
    """Runs it; gives the exit status."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        launch(arguments)
    except DatelineError as error:
        print(f"dateline on Dataflow: {error}", file=sys.stderr)
        return FAILED if isinstance(error, TransientError) else WRONG_USAGE
    return 0
