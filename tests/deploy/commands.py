"""Parses commands as `dateline` would."""

from collections.abc import Sequence

from pipeline.cli import COMMANDS, command_parser
from tests.deploy.image_recipe import ROOT


def parsed(command: Sequence[str]) -> None:
    """Parses a command, its name first; a wrong one ends the test.

    Beam's options are those that docs/streaming.md names.
    """
    name, *arguments = command
    assert name in COMMANDS
    args, beam_options = command_parser(name).parse_known_args(arguments)
    streaming = getattr(args, "streaming", False)
    assert streaming or not beam_options, f"`dateline {name}` does not take {beam_options}"
    documented = (ROOT / "docs" / "streaming.md").read_text(encoding="utf-8")
    for option in beam_options:
        assert option.partition("=")[0] in documented
