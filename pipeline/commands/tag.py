"""Tag texts with people, organisations, places and regions, as JSON Lines.

Reads {"id", "title", "text", "language", "domain", "country"} a line from standard input, and
answers {"id", "mentions": [...], "countries": [...]} a line, in order; offsets are code points of
"text", domain and country are the publisher's.
A line that is no such document is answered {"id", "error"}. A line's answer never depends on
other lines. The exit status is 1 if a line was answered with an error.
"""

import argparse
import sys
from pathlib import Path

from pipeline.commands.options import add_config_options, config_from, print_json, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    add_config_options(parser)
    parser.add_argument(
        "--prior", metavar="FILE", type=Path, help="what publishers have written of before"
    )
    parser.add_argument(
        "--explain", action="store_true", help='add "explain": each name with what decided'
    )


def run(args: argparse.Namespace) -> int:
    """Tags standard input."""
    config = config_from(args, required=False)

    from transforms.memory import collect_rarely
    from transforms.tagging.jsonl import EXAMPLE, tag_lines
    from transforms.tagging.prior import load_prior
    from transforms.tagging.shared import shared_tagger

    if args.prior is not None:
        load_prior(args.prior)  # a mistake in it is no mistake of the configuration's own prior
    failed = False
    if sys.stdin.isatty():
        say(f"reading JSON Lines from standard input, such as {EXAMPLE}; Ctrl-D ends them")
    tagger = shared_tagger(config.tagger.model_copy(update={"prior": args.prior}))
    collect_rarely()
    for answer in tag_lines(sys.stdin.buffer, tagger, explain=args.explain):
        failed = failed or "error" in answer
        print_json(answer)
    return 1 if failed else 0
