"""The folder of what is compiled once and used by many processes."""

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from platformdirs import user_cache_dir

from schemas.errors import ConfigError

UNUSED_SECONDS = 30 * 86_400


def cache_folder() -> Path:
    """Gives the folder of compiled gazetteers and rules, made where it is missing.

    It is DATELINE_CACHE, else the user's cache folder, else, where that cannot be written (a
    container's read-only home), one of this user's in the system's temporary folder.
    """
    chosen = os.environ.get("DATELINE_CACHE")
    folder = Path(chosen) if chosen else Path(user_cache_dir("dateline"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK | os.X_OK) or any(folder.glob("gazetteer-*.bin")):
            return folder
    except OSError as error:
        if chosen:
            raise ConfigError(
                f"DATELINE_CACHE={chosen}: cannot be made: {error.strerror}; it must be a folder "
                "that can be written"
            ) from error
    fallback = Path(tempfile.gettempdir()) / f"dateline-{os.getuid()}"
    fallback.mkdir(mode=0o700, exist_ok=True)
    return fallback


def artefact_path(version: str) -> Path:
    """Gives the file that holds one version's gazetteer."""
    return cache_folder() / f"gazetteer-{version}.bin"


def remove_unused(folder: Path, pattern: str, now: float) -> None:
    """Removes the files and folders of versions that nobody has used for a month.

    Args:
        folder: The cache.
        pattern: What they are called; each use must touch them.
        now: In seconds since 1970.
    """
    for path in folder.glob(pattern):
        with suppress(OSError):
            if now - path.stat().st_mtime > UNUSED_SECONDS:
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink()
