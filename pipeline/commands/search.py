"""Search the coverage, with facets.

QUERY has words, "phrases", -without and field:value, all of which must hold; no query finds
everything. Fields have short names (country, people, organization, place, macro_region, language,
feed, domain, tag, title ...) and full ones (news.geo.focus_country).
"""

import argparse
import sys

from pipeline.commands.options import add_config_options, add_since_option, config_from, print_json


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
        "--sort", choices=("relevance", "newest"), default="relevance", help="order of the hits"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    """Searches and prints."""
    config = config_from(args)

    from pipeline.search import print_result, result_object, search_request
    from transforms.clock import utc_now
    from transforms.storage.open import open_index

    request = search_request(
        " ".join(args.query),
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
        result = index.search(request)
    finally:
        index.close()
    if args.json:
        print_json(result_object(result))
    else:
        print_result(result, request, sys.stdout)
    return 0
