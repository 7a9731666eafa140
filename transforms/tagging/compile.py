"""Compiles libraries and curated data into the one file that a tagger loads.

`python -m transforms.tagging.compile` makes it ahead of time.
"""

import gc
import marshal
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from transforms.tagging.cache import artefact_path, remove_unused
from transforms.tagging.compiler import compiled_content
from transforms.tagging.version import tagger_version


def compile_artefact(extra_data: Sequence[Path] = ()) -> Path:
    """Compiles the gazetteer and gives its file.

    Several processes may do so at once: each writes a file of its own and renames it into place.

    Args:
        extra_data: A user's curated files; the later override the earlier and ours.

    Raises:
        ConfigError: A curated file is wrong.
    """
    path = artefact_path(tagger_version(extra_data))
    print(f"compiling the gazetteer into {path}", file=sys.stderr)
    with _no_collections():
        content = marshal.dumps(compiled_content(extra_data))
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(name, 0o644)  # a temporary file is its owner's alone; a cache may be shared
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    print(f"compiled {len(content) / 1e6:.0f} MB", file=sys.stderr)
    remove_unused(path.parent, "gazetteer-*.bin*", time.time())
    return path


@contextmanager
def _no_collections() -> Iterator[None]:
    """Spares the garbage collector millions of containers none of which is garbage: a third."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


if __name__ == "__main__":
    compile_artefact([Path(argument) for argument in sys.argv[1:]])
