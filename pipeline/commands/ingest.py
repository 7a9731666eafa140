"""Take feed files, JSON Lines and web archives (WARC) into the index, through the same stages.

A line of JSON is {"url", "title", "text" or "html", "published", …} (docs/ingest.md). Whatever ends
it, the same command goes on where it stopped; --again begins anew. The exit status is 1 if a file
could not be read, an entry became a dead letter, or the index did not take what was left.
"""

import argparse
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.commands.options import (
    ProgressLine,
    add_config_options,
    config_from,
    feed_address,
    say,
)
from pipeline.counted import counted
from schemas.errors import ConfigError

if TYPE_CHECKING:  # the module imports Beam, which takes a second
    from pipeline.ingest import Ingested

FORMATS = ("feed", "jsonl", "warc")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="files; - is standard input")
    add_config_options(parser)
    parser.add_argument("--format", choices=FORMATS, help="default: by the file's name")
    parser.add_argument(
        "--url", default="", help="where feed documents came from (default: what each calls itself)"
    )
    parser.add_argument("--fetched", metavar="WHEN", help="when they were fetched, a date or time")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--checkpoint", metavar="FILE", type=Path, help="where the progress is kept")
    where.add_argument("--again", action="store_true", help="from the beginning")


def run(args: argparse.Namespace) -> int:
    """Ingests files."""
    config = config_from(args)

    from pipeline.ingest import Ingestion
    from pipeline.ingest_checkpoint import checkpoint_file
    from pipeline.ingest_files import STANDARD_INPUT, SourceFile, format_of
    from pipeline.search import moment
    from pipeline.stopping import stop_on_signals
    from transforms.clock import utc_now

    if STANDARD_INPUT in args.files and args.format is None:
        raise ConfigError("standard input has no name to go by: give --format feed, jsonl or warc")
    fetched: datetime | None = moment(args.fetched, "--fetched", utc_now())
    url = feed_address(args.url)
    files = [
        SourceFile(
            name,
            args.format or format_of(name),
            url=url,
            feed_of=config.feed_of,
            fetched=fetched,
            size=_size(name),
        )
        for name in args.files
    ]
    path = args.checkpoint or checkpoint_file(config)
    if args.again and path.exists():
        path.unlink()
    progress = ProgressLine(every=1.0)

    def report(done: "Ingested") -> None:
        progress(describe(done))

    with stop_on_signals("finishing the part that is under way") as stop:
        done = Ingestion(config, files, checkpoint=path, stop=stop, report=report).run()
        say(f"done: {describe(done)}")
        if done.unavailable:
            say(f"the index did not take the rest, go on later: {done.unavailable}")
        failed = done.failed_files or done.unavailable or done.outcomes["dead_letter"]
        return stop.exit_status or (1 if failed else 0)


def describe(done: "Ingested") -> str:
    """Puts the figures into words, zeros left out where they are the rule."""
    outcomes = done.outcomes
    parts = [counted(done.records, "record"), counted(outcomes["created"], "new article")]
    letters, failed = outcomes["dead_letter"], len(done.failed_files)
    optional = {
        "updated": outcomes["written"] - outcomes["created"],
        "unchanged": outcomes["unchanged"],
        "expired": outcomes["expired"],
        "without an article": done.skipped,
        "done before": done.passed_over,
    }
    parts += [f"{count:,} {name}" for name, count in optional.items() if count]
    parts += [counted(letters, "dead letter")] if letters else []
    parts += [f"{counted(failed, 'file')} failed"] if failed else []
    if done.share is not None and done.share < 1:
        left = f", about {_length(done.seconds_left)} left" if done.seconds_left else ""
        parts.append(f"{done.share:.0%} read{left}")
    return ", ".join(parts)


def _length(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _size(name: str) -> int | None:
    if name == "-":
        return None
    try:
        return Path(name).stat().st_size
    except OSError:
        return 0
