"""`dateline`, the one entry point: finds the command, loads only what it needs."""

import argparse
import importlib
import logging
import re
import sys
from collections.abc import Sequence
from typing import Protocol

from pipeline.standard_streams import drop_output, refusal_of_output, take_any_text
from schemas.errors import ConfigError, DatelineError, TransientError
from transforms.memory import tune_allocator

DONE, FAILED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130

# Modules are imported when their command is typed: Beam alone takes a second.
COMMANDS = {
    "run": "fetch feeds and write their articles to the index, once or for ever",
    "search": "search the coverage, with facets",
    "setup": "create what the index needs; safe to repeat",
    "feeds": "list, import and export feeds, and show their health",
    "retention": "delete what is older than is kept",
    "delete": "take documents down, for good",
    "reprocess": "tag stored documents again with the present tagger",
    "reindex": "copy the articles into a new index while polling goes on",
    "parse": "show what feed files come to, as JSON Lines",
    "extract": "show what article pages come to, as JSON Lines",
    "tag": "tag texts with people, organisations, places and regions, as JSON Lines",
    "ingest": "take feed files, JSON Lines and web archives into the index",
    "prior": "make a prior for the tagger of what publishers have written of",
    "export": "write all documents as JSON Lines",
    "replay": "take dead letters through the pipeline again",
    "demo": "ingest a small made-up coverage, with no server and no network",
}


class Command(Protocol):
    """What a module of `pipeline.commands` holds."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declares the command's arguments."""

    def run(self, args: argparse.Namespace) -> int:
        """Does it; gives the exit status."""


def command_module(name: str) -> Command:
    """Imports a command's module."""
    module: Command = importlib.import_module(f"pipeline.commands.{name}")
    return module


def command_parser(name: str) -> argparse.ArgumentParser:
    """Builds the parser of one command."""
    module = importlib.import_module(f"pipeline.commands.{name}")
    parser = argparse.ArgumentParser(
        prog=f"dateline {name}",
        description=(module.__doc__ or "").strip(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    module.add_arguments(parser)
    parser.add_argument("-v", "--verbose", action="store_true", help="say more on standard error")
    return parser


def main_help() -> str:
    """Gives what `dateline --help` prints."""
    width = max(map(len, COMMANDS))
    commands = "\n".join(f"  {name:<{width}}  {text}" for name, text in COMMANDS.items())
    return (
        "usage: dateline COMMAND [OPTIONS]\n\n"
        "A streaming ingestion pipeline for news feeds: fetched, cleaned, tagged, searchable.\n\n"
        f"commands:\n{commands}\n\n"
        "options:\n"
        "  -h, --help  show this and exit\n"
        "  --version   show the version and exit\n\n"
        "`dateline COMMAND --help` says everything about a command. Configuration: --config FILE,\n"
        "else DATELINE_CONFIG, else dateline.yaml in the working folder.\n"
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command line; gives the exit status (0 done, 1 failed, 2 wrong usage)."""
    take_any_text()
    try:
        status = _main(list(sys.argv[1:] if argv is None else argv))
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        # The reader of the output has gone (`| head`): nothing is left to say to it.
        drop_output()
        return DONE
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as error:
        refusal = "" if error.filename else refusal_of_output()
        if not refusal:
            raise
        drop_output()
        print(f"dateline: standard output cannot be written: {refusal}", file=sys.stderr)
        return FAILED


def _main(arguments: list[str]) -> int:
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(main_help(), end="")
        return DONE if arguments else WRONG_USAGE
    name, rest = arguments[0], arguments[1:]
    if name in ("-V", "--version"):
        from importlib.metadata import version

        print(f"dateline {version('dateline')}")
        return DONE
    if name not in COMMANDS:
        import difflib

        near = difflib.get_close_matches(name, COMMANDS, n=1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        message = f"dateline: there is no command {name!r}; {hint}commands: {', '.join(COMMANDS)}"
        print(message, file=sys.stderr)
        return WRONG_USAGE
    tune_allocator()  # what a command imports starts threads
    args = _parse(name, rest)
    _log_to_standard_error(args.verbose)
    return _run(name, args)


def _parse(name: str, arguments: list[str]) -> argparse.Namespace:
    parser = command_parser(name)
    as_given = getattr(command_module(name), "as_given", list)
    # Intermixed: a file or address may stand behind an option, too.
    args, unknown = parser.parse_known_intermixed_args(as_given(arguments))
    if unknown:
        own = re.findall(r"(?<![\w-])--[a-z][\w-]*", parser.format_usage())
        nobodys = getattr(command_module(name), "nobodys", lambda *_: unknown)(args, unknown, own)
        if nobodys:
            parser.error(_unrecognized(nobodys, own))
    args.beam_options = unknown
    return args


def _unrecognized(arguments: list[str], own: list[str]) -> str:
    from pipeline.beam_options import nearest

    meant = dict.fromkeys(filter(None, (nearest(argument, own) for argument in arguments)))
    hint = f"; did you mean {' '.join(meant)}?" if meant else ""
    return f"unrecognized arguments: {' '.join(arguments)}{hint}"


def _run(name: str, args: argparse.Namespace) -> int:
    try:
        return command_module(name).run(args)
    except TransientError as error:
        print(f"dateline {name}: {error}", file=sys.stderr)
        return FAILED
    except DatelineError as error:
        print(f"dateline {name}: {_placed(error, args)}", file=sys.stderr)
        return WRONG_USAGE


def _placed(error: DatelineError, args: argparse.Namespace) -> str:
    """Gives an error's text, with file and line where it is about a key of the configuration."""
    if not isinstance(error, ConfigError) or not error.key:
        return str(error)
    from pipeline.configuration import find_config_file, placed

    return placed(error, find_config_file(args.config), args.overrides)


def _log_to_standard_error(verbose: bool) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s", "%H:%M:%S"))
    handler.addFilter(_is_for_a_person)
    if not verbose:
        handler.addFilter(_is_not_beams_small_talk)
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    for room in ("pipeline", "transforms"):
        logging.getLogger(room).setLevel(logging.DEBUG if verbose else logging.INFO)


def _is_for_a_person(record: logging.LogRecord) -> bool:
    """Keeps out what is told in our own words, and what Beam says of libraries nobody needs."""
    aside = record.name.startswith("elastic_transport") or (
        record.name == "root" and "apache_beam" in record.pathname
    )
    return record.levelno >= logging.ERROR or not aside


def _is_not_beams_small_talk(record: logging.LogRecord) -> bool:
    """Keeps out Beam's warnings, which are of Google Cloud libraries that nobody asked for."""
    return record.levelno >= logging.ERROR or "apache_beam" not in record.pathname


if __name__ == "__main__":
    sys.exit(main())
