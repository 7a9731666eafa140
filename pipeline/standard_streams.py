"""Standard output and error, as the shell gave them: their encoding, and whether they take more."""

import io
import os
import sys


def take_any_text() -> None:
    """Has characters that a stream's encoding lacks written as escapes, so that no text fails."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def refusal_of_output() -> str:
    """Gives why standard output takes nothing more, "" where it does.

    It is tried with a line, since output that is not buffered holds nothing that fails again.
    """
    try:
        sys.stdout.write("\n")
        sys.stdout.flush()
    except OSError as error:
        return error.strerror or str(error)
    return ""


def drop_output() -> None:
    """Has what standard output still holds go nowhere, instead of failing again at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
