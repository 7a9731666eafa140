"""Take documents down, and keep them away: polls and new stores do not bring them back.

By id, by address or by domain; a domain covers its hosts too, and what they publish later. Each
leaves a tombstone. --undo lifts it: that brings nothing back by itself, but an article that its
feed shows changed is stored again. --list shows all tombstones.
"""

import argparse
import sys

from pipeline.commands.options import add_config_options, config_from, print_json, say
from pipeline.counted import counted


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    add_config_options(parser)
    parser.add_argument("ids", metavar="ID", nargs="*", help="ids of documents")
    parser.add_argument(
        "--url",
        metavar="URL",
        action="append",
        default=[],
        help="a document's canonical address (url.full); may be repeated",
    )
    parser.add_argument(
        "--domain",
        metavar="DOMAIN",
        action="append",
        default=[],
        help="everything of a host or a registered domain; may be repeated",
    )
    parser.add_argument("-y", "--yes", action="store_true", help="do not ask")
    parser.add_argument("--undo", action="store_true", help="lift tombstones instead")
    parser.add_argument("--list", action="store_true", help="show all tombstones, as JSON Lines")


def run(args: argparse.Namespace) -> int:
    """Takes documents down, lifts tombstones or shows them."""
    config = config_from(args)

    from pipeline.takedown import covered_by_each, domain_name, take_down, whole_address
    from schemas.errors import ConfigError
    from transforms.clock import utc_now
    from transforms.storage.open import open_index
    from transforms.storage.tombstones import Tombstone

    stones = [Tombstone("id", value) for value in args.ids]
    stones += [Tombstone("url", whole_address(value)) for value in args.url]
    stones += [Tombstone("domain", domain_name(value)) for value in args.domain]
    if bool(stones) == args.list:
        raise ConfigError("name what is to go by ID, --url or --domain; or give --list alone")
    index = open_index(config)
    try:
        index.setup()
        if args.list:
            for stone in index.tombstones():
                print_json({"kind": stone.kind, "value": stone.value})
            return 0
        if args.undo:
            print(f"{counted(index.unbury(stones), 'tombstone')} lifted")
            say("nothing comes back by itself: an article does when its feed shows it changed")
            return 0
        counts = covered_by_each(index, stones)
        for stone in (stone for stone, count in zip(stones, counts, strict=True) if not count):
            say(f"no such document: {stone.kind} {stone.value}; a tombstone keeps it from coming")
        if not args.yes and not _agreed(sum(counts)):
            say("nothing was deleted")
            return 2
        deleted = take_down(index, stones, utc_now(), lambda count: say(counted(count, "document")))
        print(f"{counted(deleted, 'document')} deleted, {counted(len(stones), 'tombstone')} left")
        return 0
    finally:
        index.close()


def _agreed(count: int) -> bool:
    say(f"{counted(count, 'document')} would be deleted, and kept away. Go on? [y/N] ")
    return sys.stdin.readline().strip().lower() in ("y", "yes")
