"""Show what feed files come to, as JSON Lines, without any index.

Each line is {"file", "id", "article"} or {"file", "error"}. "-" reads standard input. The exit
status is 1 if a file, or an entry of one, could not be read.
"""

import argparse
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.commands.options import add_config_options, config_from, feed_address, print_json
from schemas.article import Sight
from schemas.config import Config
from schemas.errors import TerminalError
from schemas.feed import NO_FEED_URL


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="feed documents")
    add_config_options(parser)
    parser.add_argument(
        "--url",
        default="",
        help="where they were fetched from, for relative links and identity (default: what each "
        "calls itself)",
    )
    parser.add_argument(
        "--content-type", default="", metavar="CT", help="the HTTP Content-Type they came with"
    )
    parser.add_argument("--tag", action="store_true", help="tag the articles too")


def run(args: argparse.Namespace) -> int:
    """Parses and prints."""
    config = config_from(args, required=False)

    from transforms.clock import utc_now

    url = feed_address(args.url)
    failed = False
    for name in args.files:
        for line in file_lines(name, url, args.content_type, config, utc_now(), args.tag):
            failed = failed or "error" in line
            print_json(line)
    return 1 if failed else 0


def file_lines(
    name: str, url: str, content_type: str, config: Config, now: datetime, tag: bool = False
) -> Iterator[dict[str, Any]]:
    """Gives a file's lines: an article or an error for each entry, one error if it is no feed."""
    from transforms.feeds.articles import sights_of
    from transforms.feeds.own_address import read_document

    try:
        body = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        yield {"file": name, "error": f"cannot be read: {error.strerror}"}
        return
    try:
        parsed, address = read_document(body, url=url, content_type=content_type)
        feed = config.feed_of(address or NO_FEED_URL)
        for found in sights_of(parsed, feed, now, config.limits):
            if isinstance(found, Sight):
                yield {"file": name, **_article(found, config, tag)}
            else:
                yield {"file": name, "error": f"entry {found.position + 1}: {found.reason}"}
    except TerminalError as error:
        yield {"file": name, "error": str(error)}


def _article(sight: Sight, config: Config, tag: bool) -> dict[str, Any]:
    from transforms.storage.merge import merge

    if tag:
        from transforms.tagging.content import tag_sight
        from transforms.tagging.shared import shared_tagger

        sight = tag_sight(shared_tagger(config.tagger), sight)
    return {"id": sight.article_id, "article": merge(None, sight).article.to_document()}
