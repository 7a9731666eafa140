"""Take dead letters through the pipeline again, after their cause is mended.

Each goes with the time of its first fetch. What comes through is closed; what fails again is
counted and stays. Dead letters whose input was cut, or could not even be parsed, are fetched again
with their feeds; those of files (`dateline ingest`) are not, and are left to be closed by --close.
The exit status is 1 if any is left.
"""

import argparse
from typing import TYPE_CHECKING

from pipeline.commands.options import add_config_options, config_from, print_json, say
from pipeline.counted import counted
from schemas.config import Config
from schemas.failure import Failure

if TYPE_CHECKING:
    from transforms.storage.feed_store import FeedStore

_SHOWN = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    parser.add_argument("ids", nargs="*", metavar="ID", help="only these; default: all open ones")
    add_config_options(parser)
    parser.add_argument("--feed", metavar="URL", help="only those of one feed")
    parser.add_argument(
        "--stage", choices=("parse", "normalize", "tag", "write"), help="only those of one stage"
    )
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument(
        "--list", action="store_true", help="only list the open dead letters, as JSON Lines"
    )
    instead.add_argument(
        "--close", action="store_true", help="only close them: nothing more is to come of them"
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
        if args.close:
            return _close(chosen, store)
        return _replay(chosen, config)
    finally:
        store.close()


def _is_chosen(failure: Failure, args: argparse.Namespace) -> bool:
    return (
        (not args.ids or failure.id in args.ids)
        and (args.feed is None or failure.feed_url == args.feed)
        and (args.stage is None or failure.stage == args.stage)
    )


def _close(chosen: list[Failure], store: "FeedStore") -> int:
    from transforms.clock import utc_now

    for failure in chosen:
        store.close_failure(failure.id, utc_now())
    say(f"{counted(len(chosen), 'dead letter')} closed")
    return 0


def _replay(chosen: list[Failure], config: Config) -> int:
    if not chosen:
        say("no open dead letters")
        return 0

    from pipeline.replay import replay

    answer = replay(chosen, config)
    say(
        f"{counted(len(chosen), 'dead letter')}: {answer.came_through} came through, "
        f"{answer.failed_again} failed again, {answer.put_off} could not be written now"
        + (f", {len(answer.sourceless)} cannot be had again" if answer.sourceless else "")
    )
    for failure in answer.sourceless[:_SHOWN]:
        say(f"  {failure.id}: {failure.error}")
    if answer.sourceless:
        more = len(answer.sourceless) - _SHOWN
        also = f" (and {more} more, which --list shows)" if more > 0 else ""
        say(
            "What could not be read stands in a file, or in a feed that is not configured: mend "
            "it and ingest it again, or leave it; then close its dead letter with "
            f"`dateline replay --close ID`{also}"
        )
    return 0 if answer.came_through == len(chosen) else 1
