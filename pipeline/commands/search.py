"""Search the coverage, with facets.

QUERY has words, "phrases", -without and field:value, all of which must hold; no query finds
everything. Fields have short names (country, people, organization, place, macro_region, language,
feed, domain, tag, title ...) and full ones (news.geo.focus_country).
"""

import argparse
import os
import re
import shutil
import sys
from collections.abc import Sequence

from pipeline.commands.options import (
    add_config_options,
    add_since_option,
    config_from,
    print_json,
    say,
)

# -word, which is no option: not -v, -n20 and their like.
_LEAVES_OUT = re.compile(r"-(?!n\d+$)[^-\s].+", re.DOTALL)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    parser.add_argument("query", nargs="*", metavar="QUERY", help="what to search for")
    add_config_options(parser)
    parser.add_argument(
        "--facet", action="append", default=[], metavar="FIELD", help="count a field's values"
    )
    parser.add_argument(
        "--facet-size", type=int, default=10, metavar="N", help="values shown (default 10)"
    )
    parser.add_argument(
        "--filter",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help="only articles with this value; repeated for one field, any of the values",
    )
    add_since_option(parser, until=True)
    parser.add_argument("-n", "--size", type=int, default=10, help="hits shown (default 10)")
    parser.add_argument("--offset", type=int, default=0, help="hits passed over (default 0)")
    parser.add_argument(
        "--sort",
        choices=("relevance", "newest"),
        default="relevance",
        help="order of the hits; without words: newest",
    )
    parser.add_argument(
        "--by-story", action="store_true", help="one hit of each story, and in how many outlets"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def as_given(arguments: Sequence[str]) -> list[str]:
    """Keeps argparse from taking -word for an option: with a space before it, it is a word."""
    return [f" {one}" if _LEAVES_OUT.fullmatch(one) else one for one in arguments]


def run(args: argparse.Namespace) -> int:
    """Searches and prints."""
    config = config_from(args)

    from pipeline.by_story import search_by_story
    from pipeline.search import hint, result_object, search_request
    from pipeline.search_view import View, asked_names, print_result, story_headlines
    from transforms.clock import utc_now
    from transforms.storage.open import open_index

    query = " ".join(args.query)
    request = search_request(
        query,
        facets=args.facet,
        filters=args.filter,
        since=args.since,
        until=args.until,
        facet_size=args.facet_size,
        size=args.size,
        offset=args.offset,
        sort=args.sort,
        now=utc_now(),
    )
    index = open_index(config, read_only=True)
    try:
        outlets = None
        if args.by_story:
            result, outlets = search_by_story(index, request)
        else:
            result = index.search(request)
        stories = {} if args.json else story_headlines(index, result)
    finally:
        index.close()
    if args.json:
        print_json(result_object(result, outlets))
    else:
        view = View(
            _columns(), sys.stdout.isatty(), asked_names(args.facet), stories, outlets or {}
        )
        print_result(result, request, view, sys.stdout)
    if said := hint(query, result):
        say(said)
    return 0


def _columns() -> int | None:
    """Gives the columns to fill; None in a pipe, whose reader wants whole lines."""
    if not sys.stdout.isatty() and not os.environ.get("COLUMNS"):
        return None
    return max(20, shutil.get_terminal_size().columns)
