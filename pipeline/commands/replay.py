"""Take dead letters through the pipeline again, after their cause is mended.

Each goes with the time of its first fetch. What comes through is closed; what fails again is
counted and stays. Dead letters whose input was cut, or could not even be parsed, are fetched again
with their feeds. The exit status is 1 if any is left.
"""

import argparse

from pipeline.commands.options import add_config_options, config_from, print_json, say
from schemas.config import Config
from schemas.failure import Failure


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    add_config_options(parser)
    parser.add_argument("--feed", metavar="URL", help="only those of one feed")
    parser.add_argument(
        "--stage", choices=("parse", "normalize", "tag", "write"), help="only those of one stage"
    )
    parser.add_argument(
        "--list", action="store_true", help="only list the open dead letters, as JSON Lines"
    )


def run(args: argparse.Namespace) -> int:
    """Replays."""
    config = config_from(args)

    from transforms.storage.open import open_store

    store = open_store(config, read_only=args.list)
    try:
        chosen = [failure for failure in store.failures() if _is_chosen(failure, args)]
        if args.list:
            for failure in chosen:
                print_json(failure.model_dump(mode="json"))
            return 0
        return _replay(chosen, config)
    finally:
        store.close()


def _is_chosen(failure: Failure, args: argparse.Namespace) -> bool:
    return (args.feed is None or failure.feed_url == args.feed) and (
        args.stage is None or failure.stage == args.stage
    )


def _replay(chosen: list[Failure], config: Config) -> int:
    if not chosen:
        say("no open dead letters")
        return 0

    from pipeline.replay import replay

    answer = replay(chosen, config)
    say(
        f"{len(chosen)} dead letters: {answer.came_through} came through, "
        f"{answer.failed_again} failed again, {answer.put_off} could not be written now"
    )
    return 1 if answer.failed_again or answer.put_off else 0
