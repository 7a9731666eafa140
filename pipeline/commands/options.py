"""Options that several commands have in common."""

import argparse
import json
import sys
import time

from pydantic import ValidationError

from pipeline.configuration import DEFAULT_FILE, FILE_VARIABLE, find_config_file, load_config
from schemas.config import Config
from schemas.errors import ConfigError
from schemas.feed import Feed


def add_config_options(
    parser: argparse.ArgumentParser, default: str = f"${FILE_VARIABLE}, else {DEFAULT_FILE}"
) -> None:
    """Adds `--config` and `--set`; `default` says what is taken without `--config`."""
    parser.add_argument(
        "--config",
        metavar="FILE",
        help=f"the configuration (default: {default})",
    )
    parser.add_argument(
        "--set",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        dest="overrides",
        help="set one key for this run, such as polling.round=2s; may be repeated",
    )


def add_since_option(parser: argparse.ArgumentParser, *, until: bool = False) -> None:
    """Adds `--since`, and `--until` where a command has it."""
    parser.add_argument(
        "--since", metavar="WHEN", help="published since: 24h, 7d, 2026-01-31 or an ISO time"
    )
    if until:
        parser.add_argument("--until", metavar="WHEN", help="published before, as --since")


def config_from(args: argparse.Namespace, *, required: bool = True) -> Config:
    """Loads the configuration that the arguments name.

    Args:
        args: Parsed arguments with `config` and `overrides`.
        required: False takes the defaults where there is no file.
    """
    path = find_config_file(args.config)
    sets_index = any(text.startswith("index.url=") for text in args.overrides)
    if path is None and required and not sets_index:
        raise ConfigError(
            f"no configuration: give --config FILE, set {FILE_VARIABLE}, or write {DEFAULT_FILE} "
            "in this folder (configs/local.yaml is one to begin with)"
        )
    return load_config(path, args.overrides)


def feed_address(text: str) -> str:
    """Gives what `--url` says of where documents came from; "" where it is not given.

    Raises:
        ConfigError: It is no feed's address.
    """
    return feed_at(text, f"--url {text}").url if text else ""


def feed_at(url: str, given: str) -> Feed:
    """Gives a feed of an address that was typed.

    Raises:
        ConfigError: It is no feed's address; the error begins with what was `given`.
    """
    try:
        return Feed(url=url)
    except ValidationError as error:
        raise ConfigError(f"{given}: {reason_of(error)}") from None


def print_json(value: object) -> None:
    """Prints one line of JSON on standard output, as UTF-8 wherever it can be."""
    line = json.dumps(value, ensure_ascii=False)
    try:
        line.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        # Half of a surrogate pair, out of a broken feed, has no UTF-8; a terminal may have less.
        line = json.dumps(value)
    print(line)


def say(text: str) -> None:
    """Tells a person something, on standard error; standard output is for results."""
    print(text, file=sys.stderr, flush=True)


class ProgressLine:
    """Tells a person how far something is, not more often than every so many seconds.

    Args:
        every: Seconds between two lines; the first comes as soon as it is told.
    """

    def __init__(self, every: float = 2.0) -> None:
        self._every = every
        self._next = 0.0

    def __call__(self, text: str, *, last: bool = False) -> None:
        """Says it if it is time to, or if it is the last line."""
        now = time.monotonic()
        if last or now >= self._next:
            self._next = now + self._every
            say(text)


def reason_of(error: ValidationError) -> str:
    """Gives what a model has against a value, in the words of our own validators."""
    return str(error.errors()[0]["msg"]).removeprefix("Value error, ")
