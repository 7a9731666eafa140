"""Show what article pages come to, as JSON Lines, without any index.

Each line is {"file", "title", "text", "published", "authors", "language"} or {"file", "error"}. "-"
reads standard input. The exit status is 1 if a file could not be read.
"""

import argparse
import sys
from pathlib import Path
from typing import Any

from pipeline.commands.options import print_json
from schemas.errors import TerminalError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="article pages, HTML")
    parser.add_argument("--url", default="", help="where the page was fetched from")


def run(args: argparse.Namespace) -> int:
    """Extracts and prints."""
    failed = False
    for name in args.files:
        line = page_line(name, args.url)
        failed = failed or "error" in line
        print_json(line)
    return 1 if failed else 0


def page_line(name: str, url: str) -> dict[str, Any]:
    """Gives a file's line: its article, or what is wrong with it."""
    from transforms.pages.extraction import extract_page

    try:
        body = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        page = extract_page(body, url=url)
    except OSError as error:
        return {"file": name, "error": f"cannot be read: {error.strerror}"}
    except TerminalError as error:
        return {"file": name, "error": str(error)}
    kept = {"title", "text", "published", "authors", "language"}
    return {"file": name, **page.model_dump(mode="json", include=kept)}
