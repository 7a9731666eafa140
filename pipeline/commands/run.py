"""Fetch feeds and write their articles to the index.

Without --once it goes on for ever, polling each feed when it is due, until SIGINT or SIGTERM: the
first ends it cleanly (exit status 130 or 143), a second at once; nothing is lost either way.
With --streaming it does so as one unbounded job on a portable runner (docs/streaming.md).
Beside --streaming or --runner, options that are not listed here but are Beam's go to the runner.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from pipeline.commands.options import add_config_options, config_from, say
from pipeline.configuration import find_config_file
from schemas.config import Config
from schemas.errors import ConfigError

_IN_PROCESS = ("DirectRunner", "FnApiRunner")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    parser.add_argument("file", nargs="?", metavar="CONFIG", help="same as --config")
    add_config_options(parser)
    parser.add_argument("--once", action="store_true", help="poll every feed once, then end")
    parser.add_argument(
        "--due", action="store_true", help="with --once: only the feeds that are due now"
    )
    parser.add_argument(
        "--force",
        action="store_true",
        help="with --once: also the feeds that wait after failures of their own",
    )
    parser.add_argument("--strict", action="store_true", help="exit status 1 after any failed feed")
    parser.add_argument(
        "--plain",
        action="store_true",
        help="lines on a terminal too, instead of the view that stays in place",
    )
    parser.add_argument(
        "--streaming",
        action="store_true",
        help="as one unbounded job on the runner: PrismRunner, FlinkRunner, PortableRunner, …",
    )
    parser.add_argument(
        "--runner",
        help="the Beam runner (default: DirectRunner, in process)",
    )


def nobodys(args: argparse.Namespace, unknown: Sequence[str], own: Sequence[str]) -> Sequence[str]:
    """Gives those of the arguments that are neither the command's own nor go to Beam."""
    if not args.streaming and args.runner is None:
        return unknown
    from pipeline.beam_options import nobodys_options

    return nobodys_options(args.runner or _IN_PROCESS[0], unknown, own)


def run(args: argparse.Namespace) -> int:
    """Ingests."""
    args.runner = args.runner or _IN_PROCESS[0]
    if args.file and args.config and args.file != args.config:
        raise ConfigError(f"two configurations are given: {args.file} and {args.config}")
    if args.due and not args.once:
        raise ConfigError("--due goes with --once: without it, only due feeds are polled anyway")
    if args.force and (args.due or not args.once):
        raise ConfigError("--force goes with --once, and without --due: it polls what is not due")
    if args.streaming and args.once:
        raise ConfigError("--once and --streaming exclude each other: a stream has no end")
    if not args.streaming and args.runner not in _IN_PROCESS:
        raise ConfigError(
            f"--runner={args.runner}: rounds run on DirectRunner, in process; other runners go "
            "with --streaming"
        )
    args.config = args.file or args.config
    config = config_from(args)
    if not config.feeds:
        raise ConfigError("the configuration names no feeds: add `feeds:` or `opml:` to it")

    if args.streaming:
        return run_streaming(args, config)

    from pipeline.held_back import describe as describe_held_back
    from pipeline.metrics import serving_metrics
    from pipeline.observing import RunObservers
    from pipeline.progress import can_be_live, describe, showing_progress
    from pipeline.run import FINISH_SECONDS, LocalRun
    from pipeline.stopping import stop_on_signals
    from pipeline.websub import serving_hubs

    reload = _reload_of(args, config)
    live = not args.plain and can_be_live(sys.stderr.isatty(), os.environ)
    ending = f"finishing what is under way (at most {FINISH_SECONDS:.0f} s)"
    with stop_on_signals(ending) as stop, serving_metrics(config.metrics) as metrics:
        with (
            showing_progress(live=live, once=args.once) as progress,
            serving_hubs(config, stop.wake) as on_change,
        ):
            local = LocalRun(
                config,
                stop,
                RunObservers(progress, metrics),
                beam_options=args.beam_options,
                reload=reload,
                on_change=on_change,
            )
            totals = (
                local.once(due_only=args.due, force=args.force) if args.once else local.forever()
            )
        if totals.unavailable:
            say(f"dateline run: the index cannot be used, nothing is lost: {totals.unavailable}")
        say(f"done: {describe(totals.total)}")
        if totals.held_back is not None:
            say(describe_held_back(totals.held_back))
        return stop.exit_status or totals.exit_status(args.strict)


def run_streaming(args: argparse.Namespace, config: Config) -> int:
    """Ingests as one unbounded job."""
    from pipeline.streaming_runners import beam_arguments, is_flink, runs_in_this_process

    arguments = beam_arguments(args.runner, args.beam_options, config)

    from pipeline.metrics import serving_metrics
    from pipeline.stopping import stop_on_signals
    from pipeline.streaming_job import StreamingJob
    from pipeline.websub import serving_hubs

    reload = _reload_of(args, config)
    with (
        stop_on_signals() as stop,
        serving_metrics(config.metrics) as metrics,
        serving_hubs(config) as on_change,
    ):
        job = StreamingJob(
            config,
            arguments,
            stop,
            in_process=runs_in_this_process(args.runner, arguments),
            on_flink=is_flink(args.runner, arguments),
            observer=metrics,
            reload=reload,
            on_change=on_change,
        )
        status = job.run()
        return stop.exit_status or status


def _reload_of(args: argparse.Namespace, config: Config) -> Callable[[], Config | None]:
    """Gives what tells of a changed configuration file; without a file nothing changes."""
    from pipeline.reload import ConfigWatch

    path = find_config_file(args.config)
    return ConfigWatch(path, args.overrides, config).changed if path is not None else lambda: None
