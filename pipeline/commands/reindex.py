"""Copy all articles into a new index of today's mapping and shards, while polling goes on.

Elasticsearch only. The alias goes over in one step at the end; the old index is kept, closed to
writes, and named on standard output.
"""

import argparse

from pipeline.commands.options import ProgressLine, add_config_options, config_from, say
from schemas.errors import ConfigError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    add_config_options(parser)


def run(args: argparse.Namespace) -> int:
    """Reindexes."""
    config = config_from(args)

    from transforms.storage.open import embedded_path

    if embedded_path(config) is not None:
        raise ConfigError(
            "an embedded index has no shards, and brings itself up to date: reindex is for an "
            "Elasticsearch (index.url)"
        )

    from transforms.storage.elasticsearch.article_index import ElasticsearchArticleIndex
    from transforms.storage.elasticsearch.reindexing import Reindexed

    progress = ProgressLine()

    def report(done: Reindexed) -> None:
        text = f"{done.copied:,} of {done.total:,} copied from {done.old} to {done.new}"
        progress(text, last=done.finished)

    index = ElasticsearchArticleIndex(config)
    try:
        done = index.reindex(report)
    finally:
        index.close()
    say(f"the alias is at {done.new}; delete the old index once every process has polled since:")
    print(done.old)
    return 0
