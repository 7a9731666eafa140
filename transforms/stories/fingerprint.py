"""A text's fingerprint: MinHash bands that copies of it share.

MinHash: A. Broder, "On the resemblance and containment of documents" (1997). Bands: chapter 3 of
J. Leskovec, A. Rajaraman, J. Ullman, "Mining of Massive Datasets". Everything is the same in every
process and version.
"""

import hashlib
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from transforms.stories.shingles import MULTIPLIER, Shingles, hashes_of, mixed
from transforms.text.words import word_count

# With 3 rows, two texts that share 45 % of their shingles meet in one of 40 bands at 98 %.
BANDS = 40
ROWS = 3
# A headline without a text: "Weather forecast" and "Letters to the editor" are in every paper.
MIN_WORDS_ALONE = 5

# Shingles permuted at once: what comes of them stays near the processor.
_AT_ONCE = 256
# Characters of texts looked at together.
_CHARACTERS_AT_ONCE = 30_000


def bands_of(title: str, text: str) -> list[str]:
    """Gives a document's bands: two documents that share one may be copies.

    A text too short for shingles has one band, which only an equal title and text share; a
    title of a few words without a text has none.
    """
    return bands_of_all([(title, text)])[0]


def bands_of_all(documents: Sequence[tuple[str, str]]) -> list[list[str]]:
    """Gives the bands of documents, each a title and a text; short ones cost less together."""
    found: list[list[str]] = []
    at_once: list[tuple[str, str]] = []
    characters = 0
    for title, text in documents:
        at_once.append((title, text))
        characters += len(text)
        if characters > _CHARACTERS_AT_ONCE:
            found += _bands(at_once)
            at_once, characters = [], 0
    return found + _bands(at_once) if at_once else found


def _bands(documents: Sequence[tuple[str, str]]) -> list[list[str]]:
    hashes = hashes_of([text for _, text in documents])
    least = [_least(found) for found in hashes if len(found)]
    named = iter(_named(np.stack(least)) if least else [])
    return [
        next(named) if len(found) else _band_of_equals(title, text)
        for found, (title, text) in zip(hashes, documents, strict=True)
    ]


def _band_of_equals(title: str, text: str) -> list[str]:
    equal = " ".join(f"{title}\n{text}".casefold().split())
    if not text and word_count(equal) < MIN_WORDS_ALONE:
        return []
    return [f"={hashlib.blake2b(equal.encode(), digest_size=12).hexdigest()}"]


def _least(hashes: Shingles) -> npt.NDArray[np.uint32]:
    """Gives the least of each permutation of a text's shingles."""
    multipliers, offsets = _permutations()
    least = np.full(BANDS * ROWS, 0xFFFFFFFF, np.uint32)
    # Half of each hash is enough, and processors multiply several halves at once.
    halves = (hashes >> np.uint64(32)).astype(np.uint32)
    for start in range(0, len(halves), _AT_ONCE):
        # A permutation a column: the least of each is found for all of them side by side.
        values = halves[start : start + _AT_ONCE, None] * multipliers
        values += offsets
        np.minimum(least, values.min(axis=0), out=least)
    return least


def _named(least: npt.NDArray[np.uint32]) -> list[list[str]]:
    """Gives each text's bands: a band's number, then the hash of its rows, in hexadecimal."""
    rows = least.astype(np.uint64).reshape(-1, BANDS, ROWS)
    joined = rows[:, :, 0]
    for row in range(1, ROWS):
        joined = joined * MULTIPLIER + rows[:, :, row]
    named = np.empty((len(rows), BANDS, 9), np.uint8)
    named[:, :, 0] = np.arange(BANDS)
    named[:, :, 1:] = mixed(joined).astype(">u8").view(np.uint8).reshape(-1, BANDS, 8)
    digits = named.tobytes().hex()
    whole = 18 * BANDS
    return [
        [digits[start : start + 18] for start in range(text, text + whole, 18)]
        for text in range(0, len(digits), whole)
    ]


@lru_cache(maxsize=1)
def _permutations() -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    numbers = mixed(np.arange(1, 2 * BANDS * ROWS + 1, dtype=np.uint64) * MULTIPLIER)
    halves = (numbers >> np.uint64(32)).astype(np.uint32)
    return halves[: BANDS * ROWS] | np.uint32(1), halves[BANDS * ROWS :]
