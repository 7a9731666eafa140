"""Delete documents, dead letters and figures of rounds that are older than is kept.

Documents go by their @timestamp, dead letters by when they were last seen, the figures of rounds,
which Elasticsearch has for Kibana, by whole months. It works in slices: whatever ends it, the next
call goes on where it stopped. `run`, with --streaming too, does the same every few hours where
`index.keep` is set.
"""

import argparse

from pipeline.commands.options import add_config_options, config_from, say
from pipeline.counted import counted


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    add_config_options(parser)
    parser.add_argument(
        "--keep",
        metavar="DURATION",
        help="keep what is younger: 12months, 90d, at least 1d (default: index.keep)",
    )
    parser.add_argument("--dry-run", action="store_true", help="only say what would be deleted")


def run(args: argparse.Namespace) -> int:
    """Deletes what is too old."""
    config = config_from(args)

    from datetime import timedelta

    from pipeline.retention import apply_retention
    from schemas.errors import ConfigError
    from schemas.quantities import parse_keep
    from transforms.clock import utc_now
    from transforms.storage.open import open_index, open_store

    try:
        keep = config.index.keep if args.keep is None else parse_keep(args.keep)
    except ValueError as error:
        raise ConfigError(f"--keep {args.keep}: {error}") from None
    if keep is None:
        raise ConfigError("how long to keep? give --keep, such as 12months, or set index.keep")
    before = utc_now() - timedelta(seconds=keep)
    index = open_index(config)
    try:
        store = open_store(config)
        try:
            done = apply_retention(
                index,
                store,
                before,
                dry_run=args.dry_run,
                report=lambda count: say(counted(count, "document")),
            )
        finally:
            store.close()
    finally:
        index.close()
    verb = "would be deleted" if args.dry_run else "deleted"
    print(f"older than {before:%Y-%m-%d %H:%M} UTC, {verb}: {done.text()}")
    return 0
