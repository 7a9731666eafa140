"""Writes a file whole or not at all: who reads it meanwhile reads the old one or the new one."""

import os
import shutil
from pathlib import Path

from schemas.errors import TransientError


def write_whole(path: Path, text: str) -> None:
    """Writes a text file, UTF-8, in one step that also outlives a power cut.

    Args:
        path: The file; where it is a link, what it leads to is written. Its mode is kept, and a
            folder that is missing is made.
        text: All of it.

    Raises:
        TransientError: It cannot be written; the old one is as it was.
    """
    try:
        _write(path.resolve(), text)
    except OSError as error:
        raise TransientError(f"{path}: cannot be written: {error.strerror}") from error


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
