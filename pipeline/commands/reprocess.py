"""Tag stored documents again with the present tagger and gazetteer.

Those that carry another tagger's version are written, each in place of the version that was read;
it is no revision. Whatever ends it, the next call passes over what is done. The exit status is 1
if a document could not be written.
"""

import argparse

from pipeline.commands.options import add_config_options, add_since_option, config_from, say
from pipeline.counted import counted


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    add_config_options(parser)
    add_since_option(parser)
    parser.add_argument(
        "--all",
        action="store_true",
        dest="everything",
        help="write every document again, after `setup` has told of fields that they lack",
    )


def run(args: argparse.Namespace) -> int:
    """Tags again."""
    config = config_from(args)

    from pipeline.reprocess import Reprocessed, reprocess
    from pipeline.search import moment
    from transforms.clock import utc_now
    from transforms.storage.open import open_index
    from transforms.tagging.shared import shared_tagger

    def report(done: Reprocessed) -> None:
        say(f"{counted(done.read, 'document')} read, {done.written:,} written")

    since = moment(args.since, "--since", utc_now())
    tagger = shared_tagger(config.tagger)
    index = open_index(config)
    try:
        done = reprocess(index, tagger, utc_now, since, report, everything=args.everything)
    finally:
        index.close()
    print(
        f"{counted(done.read, 'document')} read, {done.written:,} tagged again, "
        f"{done.failed:,} could not be written" + (f": {done.reason}" if done.failed else "")
    )
    return 1 if done.failed else 0
