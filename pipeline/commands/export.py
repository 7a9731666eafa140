"""Write all documents as JSON Lines on standard output.

Each line is {"id", "article"}; --since and --until choose by publication.
"""

import argparse

from pipeline.commands.options import (
    add_config_options,
    add_since_option,
    config_from,
    print_json,
    say,
)
from pipeline.counted import counted


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    add_config_options(parser)
    add_since_option(parser, until=True)


def run(args: argparse.Namespace) -> int:
    """Exports."""
    config = config_from(args)

    from pipeline.search import time_span
    from transforms.clock import utc_now
    from transforms.storage.open import open_index

    now = utc_now()
    since, until = time_span(args.since, args.until, now)
    index = open_index(config, read_only=True)
    written = 0
    try:
        for article in index.scan():
            if since is not None and article.timestamp < since:
                continue
            if until is not None and article.timestamp >= until:
                continue
            print_json({"id": article.id, "article": article.to_document()})
            written += 1
            if written % 10_000 == 0:
                say(counted(written, "document"))
    finally:
        index.close()
    say(f"{counted(written, 'document')} exported")
    return 0
