"""Make a prior for the tagger: what each publisher's stored documents speak of, as one JSON object.

Write it to a file and name that in the configuration (tagger.prior), or give it to `tag --prior`.
"""

import argparse

from pipeline.commands.options import (
    add_config_options,
    add_since_option,
    config_from,
    print_json,
    say,
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    add_config_options(parser)
    add_since_option(parser)


def run(args: argparse.Namespace) -> int:
    """Reads documents and prints the prior."""
    config = config_from(args)

    from pipeline.search import moment
    from transforms.clock import utc_now
    from transforms.storage.open import open_index
    from transforms.tagging.gazetteer import load_gazetteer
    from transforms.tagging.prior import make_prior

    since = moment(args.since, "--since", utc_now())
    divisions = load_gazetteer(config.tagger.data).divisions_of_places()
    index = open_index(config, read_only=True)
    try:
        articles = (one for one in index.scan() if since is None or one.timestamp >= since)
        prior = make_prior(articles, divisions)
    finally:
        index.close()
    say(f"{len(prior.publishers)} publishers, version {prior.version}")
    print_json(prior.model_dump())
    return 0
