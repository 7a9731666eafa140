"""`dateline feeds status`: what polling knows of each feed, those in trouble first."""

import argparse
from collections import Counter

from pipeline.commands.options import print_json, say
from pipeline.counted import counted
from pipeline.feed_status import Known, row, trouble
from pipeline.feed_table import chosen_healths, head, is_chosen, table
from schemas.config import Config
from transforms.storage.open import open_store


def show_status(config: Config, args: argparse.Namespace) -> None:
    """Prints the feeds, those in trouble first, and says how many are not polled yet.

    Args:
        config: Of the index whose feeds they are.
        args: `health`, `json` and `long` of the command.

    Raises:
        ConfigError: `health` names none.
    """
    healths = chosen_healths(args.health)
    store = open_store(config, read_only=True)
    try:
        states = store.states()
        letters = Counter(failure.feed_url for failure in store.failures())
        holds = {host.host: host.hold_until for host in store.hosts()}
    finally:
        store.close()
    states.sort(key=lambda one: trouble(one, letters.get(one.url, 0)))
    every = [Known(one, letters.get(one.url, 0), holds.get(one.host)) for one in states]
    chosen = [known for known in every if is_chosen(known, healths)]
    if args.json:
        for known in chosen:
            print_json(row(known.state, known.dead_letters, known.host_hold))
    else:
        print(head(every))
        for line in table(chosen, long=args.long):
            print(line)
    unknown = {feed.url for feed in config.feeds} - {state.url for state in states}
    if unknown:
        are = "is" if len(unknown) == 1 else "are"
        of = counted(len(unknown), "feed")
        say(f"{of} of the configuration {are} new to this index: `dateline run`")
