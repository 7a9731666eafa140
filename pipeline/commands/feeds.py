"""List, add, remove, import and export feeds, and show their health.

dateline feeds list           the configured feeds
dateline feeds add URL…       add feeds to the configuration's first OPML list
dateline feeds remove URL…    take feeds out of the configuration's OPML lists
dateline feeds import FILE    add an OPML file's feeds to the configuration; folders become tags
dateline feeds export         the configured feeds as OPML, on standard output
dateline feeds discover URL   the feeds of a page; --add adds them to the configuration
dateline feeds status         what polling knows of each feed: last success, errors, next poll
dateline feeds migrate URL    move documents, states and dead letters to another index.url
"""

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from pipeline.commands.options import (
    add_config_options,
    config_from,
    feed_at,
    print_json,
    say,
)
from pipeline.configuration import find_config_file
from pipeline.counted import counted
from schemas.config import Config
from schemas.errors import ConfigError
from schemas.feed import Feed

# With what each takes.
ACTIONS = {
    "list": "",
    "add": "URL…",
    "remove": "URL…",
    "import": "FILE",
    "export": "",
    "discover": "URL",
    "status": "",
    "migrate": "URL",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    parser.add_argument("action", choices=tuple(ACTIONS))
    parser.add_argument(
        "targets",
        nargs="*",
        metavar="FILE|URL",
        help="import: the OPML file; add, remove: the feeds; discover: the page; migrate: the "
        "other index.url",
    )
    add_config_options(parser)
    parser.add_argument("--add", action="store_true", help="discover: add what is found")
    parser.add_argument("--long", action="store_true", help="status: say everything of each feed")
    parser.add_argument(
        "--health",
        metavar="HEALTH,…",
        help="status: only feeds that are ok, new, failing, held, dormant, retired or removed",
    )
    parser.add_argument("--json", action="store_true", help="list, discover, status: JSON Lines")


def run(args: argparse.Namespace) -> int:
    """Does the action."""
    _check(args)
    config = config_from(args, required=args.action in ("list", "export", "status", "migrate"))
    match args.action:
        case "list":
            _list(config, args.json)
        case "add":
            _add([_feed(args.action, url) for url in args.targets], args, config)
        case "remove":
            _remove(args, config)
        case "import":
            return _import(args, config)
        case "export":
            from pipeline.feed_names import with_titles
            from pipeline.opml import write_opml

            print(write_opml(with_titles(config)), end="")
        case "discover":
            return _discover(args, config)
        case "migrate":
            from pipeline.commands.feeds_migrate import migrate_to

            migrate_to(config, args.targets[0])
        case "status":
            from pipeline.commands.feeds_status import show_status

            show_status(config, args)
    return 0


def _check(args: argparse.Namespace) -> None:
    wanted, given = ACTIONS[args.action], len(args.targets)
    if wanted.endswith("…") and not given:
        raise ConfigError(f"feeds {args.action} takes one {wanted[:-1]} or several")
    if not wanted.endswith("…") and given != bool(wanted):
        takes = f"takes one {wanted}" if wanted else "takes nothing more"
        raise ConfigError(f"feeds {args.action} {takes}")
    for option, action in (("add", "discover"), ("long", "status"), ("health", "status")):
        if getattr(args, option) and args.action != action:
            raise ConfigError(f"--{option} goes with feeds {action}")


def _feed(action: str, url: str) -> Feed:
    return feed_at(url if "://" in url else f"https://{url}", f"feeds {action} {url}")


def _list(config: Config, as_json: bool) -> None:
    from pipeline.feed_names import with_titles

    for feed in config.feeds if as_json else with_titles(config):
        if as_json:
            print_json(feed.model_dump(mode="json"))
        else:
            tags = f"  [{', '.join(feed.tags)}]" if feed.tags else ""
            print(f"{feed.url}  {feed.name}{tags}")
    if not as_json:
        say(counted(len(config.feeds), "feed"))


def _own_file(args: argparse.Namespace) -> Path:
    config_file = find_config_file(args.config)
    if config_file is None:
        raise ConfigError(
            f"feeds {args.action} changes a configuration: give --config FILE or write "
            "dateline.yaml"
        )
    return config_file


def _add(feeds: Sequence[Feed], args: argparse.Namespace, config: Config) -> None:
    from pipeline.feed_list import add_feeds

    _say_added(*add_feeds(feeds, _own_file(args), config))


def _say_added(added: Sequence[Feed], target: Path) -> None:
    for feed in added:
        print(feed.url)
    feeds = counted(len(added), "feed")
    say(f"{feeds} added to {target}" if added else "no new feeds: nothing changed")


def _remove(args: argparse.Namespace, config: Config) -> None:
    from pipeline.feed_list import remove_feeds

    urls = {_feed(args.action, url).url for url in args.targets}
    changed = remove_feeds(urls, _own_file(args), config)
    say(f"{counted(len(urls), 'feed')} removed from {', '.join(map(str, changed))}")


def _import(args: argparse.Namespace, config: Config) -> int:
    from pipeline.feed_list import import_opml

    name = args.targets[0]
    if "://" in name:
        raise ConfigError(
            f"feeds import takes a file: download it first, `curl -o list.opml {name}`, then "
            "`dateline feeds import list.opml`"
        )
    added, target, faults = import_opml(Path(name), _own_file(args), config)
    for fault in faults:
        say(f"left out: {fault}")
    _say_added(added, target)
    return 1 if faults else 0


def _discover(args: argparse.Namespace, config: Config) -> int:
    from pipeline.discover import discover
    from transforms.feeds.titles import titled

    address = _feed(args.action, args.targets[0]).url
    if args.add:
        _own_file(args)
    found = discover(address, config)
    for feed in found:
        if args.json:
            print_json(asdict(feed))
        elif not args.add:
            print(f"{feed.url}  {feed.title} ({feed.format}, {counted(feed.entries, 'entry')})")
    if not found:
        say(f"no feed was found at {address}")
    elif args.add:
        _add([titled(_feed(args.action, feed.url), feed.title) for feed in found], args, config)
    return 0 if found else 1
