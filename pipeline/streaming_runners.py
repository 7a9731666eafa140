"""What a stream's runner needs, looked at before anything is started."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from schemas.config import Config
from schemas.errors import ConfigError
from transforms.storage.open import embedded_path

if TYPE_CHECKING:
    from apache_beam.options.pipeline_options import PipelineOptions

IN_PROCESS_RUNNERS = ("DirectRunner", "FnApiRunner", "SwitchingDirectRunner", "BundleBasedRunner")
PRISM = "PrismRunner"
# Without checkpoints Flink closes idle sources, and timers and delays misfire.
CHECKPOINT_MILLISECONDS = 10_000
_FLINK_RUNNERS = ("FlinkRunner", "PortableRunner")


def beam_arguments(
    runner: str,
    arguments: Sequence[str],
    config: Config,
    environ: Mapping[str, str] = os.environ,
) -> list[str]:
    """Gives the runner's options, completed with what a stream cannot do without.

    Args:
        runner: As given with `--runner`.
        arguments: Beam's options as given.
        config: The configuration.
        environ: For where Go keeps programs.

    Raises:
        ConfigError: The runner cannot stream, is not there, or cannot share the index.
    """
    if runner.rpartition(".")[2] in IN_PROCESS_RUNNERS:
        raise ConfigError(
            f"--runner={runner}: the in-process runner never ends a bundle of a stream; give "
            "--runner=PrismRunner (one machine), FlinkRunner or PortableRunner, or leave "
            "--streaming out: rounds do the same on one machine"
        )
    if embedded_path(config) is not None and not runs_in_this_process(runner, arguments):
        raise ConfigError(
            f"index.url: {config.index.url} cannot be used with --runner={runner}: its workers are "
            "processes of their own, and one process owns an embedded index; set index.url to an "
            "Elasticsearch"
        )
    given = {argument.split("=", 1)[0] for argument in arguments}
    completed = [f"--runner={runner}", "--streaming", *arguments]
    if runner == PRISM and "--job_endpoint" not in given:
        prism = find_prism(_value(arguments, "--prism_location"), environ)
        completed.append(f"--prism_location={prism}")
    if runner in _FLINK_RUNNERS and "--checkpointing_interval" not in given:
        completed.append(f"--checkpointing_interval={CHECKPOINT_MILLISECONDS}")
    if runner == "PortableRunner" and "--job_endpoint" not in given:
        raise ConfigError(
            "--runner=PortableRunner needs --job_endpoint=HOST:PORT, the address of the runner's "
            "job server"
        )
    return completed


def runs_in_this_process(runner: str, arguments: Sequence[str]) -> bool:
    """Says whether the workers are threads of this process (LOOPBACK, Prism's default)."""
    environment = _value(arguments, "--environment_type") or "LOOPBACK"
    return (
        runner == PRISM
        and environment == "LOOPBACK"
        and not any("use_loopback_process_worker" in argument for argument in arguments)
        and not _value(arguments, "--job_endpoint")
    )


def is_flink(runner: str, arguments: Sequence[str]) -> bool:
    """Says whether the runner is Flink's, as far as the options tell."""
    return runner == "FlinkRunner" or bool(_value(arguments, "--flink_master"))


def without_savepoint(arguments: Sequence[str]) -> list[str]:
    """Leaves out `--savepoint_path`, written with `=` or with the next argument as its value."""
    kept = []
    passed_over = False
    for argument in arguments:
        if passed_over or argument.startswith("--savepoint_path="):
            passed_over = False
        elif argument == "--savepoint_path":
            passed_over = True
        else:
            kept.append(argument)
    return kept


def find_prism(given: str, environ: Mapping[str, str] = os.environ) -> Path:
    """Finds Prism's program: the one given, or where `go install` puts it; never downloads it.

    Raises:
        ConfigError: It is not there; says how to get it.
    """
    if given:
        if os.access(given, os.X_OK) and Path(given).is_file():
            return Path(given)
        raise ConfigError(f"--prism_location={given}: there is no such program; {_how_to_get()}")
    home = Path(environ.get("HOME", "/"))
    places = [
        Path(environ["GOBIN"]) if environ.get("GOBIN") else None,
        *(Path(path) / "bin" for path in environ.get("GOPATH", "").split(os.pathsep) if path),
        home / "go" / "bin",
    ]
    for place in places:
        if place is not None and os.access(place / "prism", os.X_OK):
            return place / "prism"
    on_path = shutil.which("prism", path=environ.get("PATH", ""))
    if on_path and _is_beams(on_path):
        return Path(on_path)
    raise ConfigError(f"--runner=PrismRunner: Prism is not there; {_how_to_get()}")


def _is_beams(program: str) -> bool:
    """Tells Beam's Prism from other programs of the name."""
    try:
        said = subprocess.run([program, "-help"], capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return "job_port" in said.stderr + said.stdout


def _how_to_get() -> str:
    from importlib.metadata import version

    return (
        "install it with `go install github.com/apache/beam/sdks/v2/go/cmd/prism@v"
        f"{version('apache-beam')}` (Go puts it into ~/go/bin), or name it with "
        "--prism_location=FILE"
    )


def _value(arguments: Sequence[str], name: str) -> str:
    """Gives an option's value, written with `=` or as the next argument; "" where it is not."""
    for position, argument in enumerate(arguments):
        if argument.startswith(f"{name}="):
            return argument.partition("=")[2]
        if argument == name and position + 1 < len(arguments):
            return arguments[position + 1]
    return ""


def pipeline_options(arguments: Sequence[str]) -> "PipelineOptions":
    """Makes Beam's options of arguments.

    Raises:
        ConfigError: Beam does not take one of them.
    """
    from apache_beam.options.pipeline_options import PipelineOptions

    try:
        return PipelineOptions(list(arguments))
    except SystemExit:  # Beam's parser has said what is wrong
        raise ConfigError(f"Beam does not take these options: {' '.join(arguments)}") from None
