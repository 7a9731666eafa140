"""The process's tagger: the gazetteer is loaded once for all threads."""

import threading
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from transforms.tagging.tagger import Tagger

_LOADING = threading.Lock()


def shared_tagger(extra_data: Sequence[Path]) -> Tagger:
    """Gives the process's tagger; the gazetteer is loaded once for all threads."""
    with _LOADING:
        return _load_tagger(tuple(extra_data))


@cache
def _load_tagger(extra_data: tuple[Path, ...]) -> Tagger:
    return Tagger.load(extra_data)
