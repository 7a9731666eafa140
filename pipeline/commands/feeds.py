"""List, import and export feeds, and show their health.

dateline feeds list           the configured feeds
dateline feeds import FILE    add an OPML file's feeds to the configuration; folders become tags
dateline feeds export         the configured feeds as OPML, on standard output
dateline feeds discover URL   the feeds of a page
dateline feeds status         what polling knows of each feed: last success, errors, next poll
dateline feeds migrate URL    move documents, states and dead letters to another index.url
"""

import argparse
from collections import Counter
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

from pydantic import ValidationError

from pipeline.commands.options import (
    ProgressLine,
    add_config_options,
    config_from,
    print_json,
    reason_of,
    say,
)
from pipeline.configuration import find_config_file
from schemas.config import Config, IndexConfig
from schemas.errors import ConfigError
from schemas.feed import Feed

# With what each takes.
ACTIONS = {
    "list": "",
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
        "target",
        nargs="?",
        metavar="FILE|URL",
        help="import: the OPML file; discover: the page; migrate: the other index.url",
    )
    add_config_options(parser)
    parser.add_argument("--json", action="store_true", help="list, discover, status: JSON Lines")


def run(args: argparse.Namespace) -> int:
    """Does the action."""
    wanted = ACTIONS[args.action]
    if bool(wanted) != (args.target is not None):
        takes = f"takes one {wanted}" if wanted else "takes nothing more"
        raise ConfigError(f"feeds {args.action} {takes}")
    config = config_from(args, required=args.action in ("list", "export", "status", "migrate"))
    match args.action:
        case "list":
            _list(config, args.json)
        case "import":
            _import(args, config)
        case "export":
            from pipeline.opml import write_opml

            print(write_opml(config.feeds), end="")
        case "discover":
            return _discover(args.target, config, args.json)
        case "migrate":
            _migrate(config, args.target)
        case "status":
            _status(config, args.json)
    return 0


def _list(config: Config, as_json: bool) -> None:
    for feed in config.feeds:
        if as_json:
            print_json(feed.model_dump(mode="json"))
        else:
            tags = f"  [{', '.join(feed.tags)}]" if feed.tags else ""
            print(f"{feed.url}  {feed.name}{tags}")
    if not as_json:
        say(f"{len(config.feeds)} feeds")


def _import(args: argparse.Namespace, config: Config) -> None:
    from pipeline.opml import import_opml

    config_file = find_config_file(args.config)
    if config_file is None:
        raise ConfigError(
            "feeds import adds to a configuration: give --config FILE or write dateline.yaml"
        )
    added, target = import_opml(Path(args.target), config_file, config)
    for feed in added:
        print(feed.url)
    say(f"{len(added)} feeds added to {target}" if added else "no new feeds: nothing changed")


def _discover(url: str, config: Config, as_json: bool) -> int:
    from pipeline.discover import discover

    address = url if "://" in url else f"https://{url}"
    try:
        Feed(url=address)
    except ValidationError as error:
        raise ConfigError(f"feeds discover {url}: {reason_of(error)}") from None
    found = discover(address, config)
    for feed in found:
        if as_json:
            print_json(asdict(feed))
        else:
            print(f"{feed.url}  {feed.title} ({feed.format}, {feed.entries} entries)")
    if not found:
        say(f"no feed was found at {address}")
    return 0 if found else 1


def _migrate(config: Config, target_url: str) -> None:
    from pipeline.migrate import Migrated, migrate
    from transforms.clock import utc_now
    from transforms.storage.open import open_index, open_store, place_of

    try:
        index = IndexConfig.model_validate({**config.index.model_dump(), "url": target_url})
    except ValidationError as error:
        raise ConfigError(f"feeds migrate {target_url}: {reason_of(error)}") from None
    to = config.model_copy(update={"index": index})
    if place_of(to) == place_of(config):
        raise ConfigError(f"feeds migrate: {target_url} is the index that is moved from")
    progress = ProgressLine()

    def report(done: Migrated) -> None:
        progress(f"{done.documents + done.known:,} documents, {done.feeds:,} feeds")

    with ExitStack() as opened:
        pairs = []
        for one in (config, to):
            # The owner's lock of an embedded index is held: nobody polls into it meanwhile.
            articles, store = open_index(one), open_store(one)
            opened.callback(articles.close)
            opened.callback(store.close)
            for change in (*articles.setup(), *store.setup()):
                say(change)
            pairs.append((articles, store))
        done = migrate(pairs[0], pairs[1], utc_now(), report)
    print(
        f"{done.documents} documents ({done.known} were there), {done.tombstones} tombstones, "
        f"{done.feeds} feeds and {done.dead_letters} dead letters moved to {target_url}"
    )
    say(f"now set index.url to {target_url}; the old index is as it was")


def _status(config: Config, as_json: bool) -> None:
    from pipeline.feed_status import describe, row, trouble
    from transforms.storage.open import open_store

    store = open_store(config, read_only=True)
    try:
        states = store.states()
        letters = Counter(failure.feed_url for failure in store.failures())
        holds = {host.host: host.hold_until for host in store.hosts()}
    finally:
        store.close()
    for state in sorted(states, key=lambda one: trouble(one, letters.get(one.url, 0))):
        known = state, letters.get(state.url, 0), holds.get(state.host)
        if as_json:
            print_json(row(*known))
        else:
            print("\n".join(describe(*known)))
