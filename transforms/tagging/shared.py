"""The process's tagger: the gazetteer is loaded once for all threads."""

import threading
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from transforms.tagging.tagger import Tagger

_LOADING = threading.Lock()


def shared_tagger(extra_data: Sequence[Path], prior: Path | None = None) -> Tagger:
    """Gives the process's tagger; the gazetteer is loaded once for all threads."""
    with _LOADING:
        return _load_tagger(tuple(extra_data), prior)


@cache
def _load_tagger(extra_data: tuple[Path, ...], prior: Path | None) -> Tagger:
    return Tagger.load(extra_data, prior)
