"""Ingest a small coverage, made up for the purpose, and search it.

The feeds, in a dozen languages and four formats, are served by the demo itself on loopback; the
articles go into an embedded index. No server and no network are needed. It starts afresh each time.
"""

import argparse
import os
import shlex
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from pipeline.commands.options import add_config_options, config_from, say
from pipeline.counted import counted
from schemas.config import Config
from schemas.errors import ConfigError

DEMO_CONFIG = Path(__file__).parents[2] / "configs" / "demo.yaml"
INDEX_VARIABLE = "DATELINE_DEMO_INDEX"
SEARCHES = (
    ["rain", "--facet", "country", "--facet", "organization"],
    ["--facet", "macro_region", "--facet", "language", "--size", "0"],
)
NEXT = (
    'search "rain" --json',
    "search --filter country=JP",
    'search "กรุงเทพ"',
    "search --sort newest --since 6h --facet place",
    "feeds status",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    add_config_options(parser, default="the demo's own, configs/demo.yaml")


def run(args: argparse.Namespace) -> int:
    """Serves, ingests, searches."""
    from pipeline.demo.server import DemoServer

    if args.config is None and not DEMO_CONFIG.is_relative_to(Path.cwd()):
        # Installed among other packages, the configuration's own folder is no place for data.
        os.environ.setdefault(INDEX_VARIABLE, str(Path.cwd() / "data" / "demo"))
    args.config = args.config or str(DEMO_CONFIG)
    with DemoServer() as server:
        os.environ["DATELINE_DEMO_URL"] = server.url
        config = config_from(args)
        _start_afresh(config)
        say(f"serving {counted(len(config.feeds), 'feed')} on {server.url}")
        status = _ingest(config)
    if status == 0:
        _search(args.config, args.overrides)
        _say_what_next(args.config, args.overrides)
    return status


def _start_afresh(config: Config) -> None:
    """Removes the folder of an earlier demo, and nothing else; an Elasticsearch stays as it is."""
    from transforms.storage.open import embedded_path

    folder = embedded_path(config)
    if folder is None or not folder.exists():
        return
    if folder.name != "demo":
        raise ConfigError(
            f"the demo starts afresh, and will not delete {folder}: its folder must be named demo"
        )
    shutil.rmtree(folder)


def _ingest(config: Config) -> int:
    from pipeline.progress import RoundLines, describe
    from pipeline.run import LocalRun
    from pipeline.stopping import stop_on_signals

    with stop_on_signals() as stop:
        totals = LocalRun(config, stop, RoundLines(once=True)).once()
        say(f"done: {describe(totals.total)}")
        return stop.exit_status or totals.exit_status(strict=True)


def _search(config_file: str, overrides: list[str]) -> None:
    from pipeline.cli import command_parser
    from pipeline.commands import search

    parser = command_parser("search")
    chosen = [f"--set={text}" for text in overrides]
    for arguments in SEARCHES:
        print(f"\n$ dateline search {shlex.join(arguments)}\n", flush=True)
        search.run(parser.parse_args([*arguments, "--config", config_file, *chosen]))


def _say_what_next(config_file: str, overrides: Sequence[str]) -> None:
    program = Path(sys.argv[0]).parent / "dateline"
    on_path = shutil.which("dateline")
    if on_path is not None and Path(on_path).resolve() == program.resolve():
        command = "dateline"
    else:
        command = os.path.relpath(program)
    print("\nWhat to type next:\n")
    print(f"  export DATELINE_CONFIG={shlex.quote(os.path.abspath(config_file))}")
    if INDEX_VARIABLE in os.environ:
        print(f"  export {INDEX_VARIABLE}={shlex.quote(os.environ[INDEX_VARIABLE])}")
    # Else they would look for the articles where the demo has not put them.
    chosen = "".join(f" --set {shlex.quote(text)}" for text in overrides)
    for text in NEXT:
        print(f"  {command} {text}{chosen}")
