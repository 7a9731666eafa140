"""Writes a file whole or not at all: who reads it meanwhile reads the old one or the new one."""

import os
import shutil
from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """Writes a text file, UTF-8, in one step that also outlives a power cut.

    Args:
        path: The file; where it is a link, what it leads to is written. Its mode is kept.
        text: All of it.
    """
    path = path.resolve()
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
