"""The folder of what is compiled once and used by many processes."""

import os
import tempfile
from pathlib import Path

from platformdirs import user_cache_dir

from schemas.errors import ConfigError


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
