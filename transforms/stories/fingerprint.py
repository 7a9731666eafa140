"""A text's fingerprint: word shingles, and MinHash bands that copies of it share.

MinHash: A. Broder, "On the resemblance and containment of documents" (1997). Bands: chapter 3 of
J. Leskovec, A. Rajaraman, J. Ullman, "Mining of Massive Datasets". Everything is the same in every
process and version: no seed, no hash of Python's own.
"""

import hashlib
import re
import zlib
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Shingles = npt.NDArray[np.uint64]

SHINGLE_WORDS = 4
# Scripts written without spaces give a token for each character, which says less than a word.
SHINGLE_CHARACTERS = 8
# A text of fewer shingles has too little to be compared by.
MIN_SHINGLES = 12
# Copies begin alike or go on alike; what comes after this many words decides nothing.
MAX_WORDS = 3_000
# With 3 rows, two texts that share 45 % of their shingles meet in one of 40 bands at 98 %.
BANDS = 40
ROWS = 3

_SPACELESS = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
)
# What the pattern below comes to where there is none of those, at half the time.
_PLAIN_TOKEN = re.compile(r"\w+")
_TOKEN = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
    "|[^\\W\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+"
)
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


def shingles(text: str) -> Shingles:
    """Gives the hashes of a text's shingles, sorted, each once; empty where the text is short."""
    folded = text.casefold()
    plain = folded.isascii() or _SPACELESS.search(folded) is None
    tokens = (_PLAIN_TOKEN if plain else _TOKEN).findall(folded)[:MAX_WORDS]
    if not tokens:
        return np.empty(0, np.uint64)
    single = list(map(len, tokens)).count(1)
    size = SHINGLE_CHARACTERS if 2 * single > len(tokens) else SHINGLE_WORDS
    count = len(tokens) - size + 1
    if count < MIN_SHINGLES:
        return np.empty(0, np.uint64)
    words = np.array([zlib.crc32(token.encode()) for token in tokens], np.uint64)
    words = _mixed(words)
    joined = np.zeros(count, np.uint64)
    for offset in range(size):
        joined = joined * _MULTIPLIER + words[offset : offset + count]
    hashes = np.sort(_mixed(joined))
    # As np.unique, which hashes each of them again.
    distinct: Shingles = hashes[np.append(True, hashes[1:] != hashes[:-1])]
    return distinct


def bands_of(title: str, text: str) -> list[str]:
    """Gives a document's bands: two documents that share one may be copies.

    A text too short for shingles has one band, which only an equal title and text share; nothing
    at all has none.
    """
    found = shingles(text)
    if not len(found):
        equal = " ".join(f"{title}\n{text}".casefold().split())
        return [f"={hashlib.blake2b(equal.encode(), digest_size=12).hexdigest()}"] if equal else []
    multipliers, offsets = _permutations()
    least = np.full(BANDS * ROWS, np.iinfo(np.uint64).max, np.uint64)
    for start in range(0, len(found), 512):
        values = multipliers[:, None] * found[None, start : start + 512]
        values += offsets[:, None]
        least = np.minimum(least, values.min(axis=1))
    # The upper halves are what is compared; the least whole has the least upper half.
    rows = (least >> np.uint64(32)).reshape(BANDS, ROWS)
    joined = np.zeros(BANDS, np.uint64)
    for row in range(ROWS):
        joined = joined * _MULTIPLIER + rows[:, row]
    return [f"{number:02x}{value:016x}" for number, value in enumerate(_mixed(joined).tolist())]


@lru_cache(maxsize=1)
def _permutations() -> tuple[Shingles, Shingles]:
    numbers = _mixed(np.arange(1, 2 * BANDS * ROWS + 1, dtype=np.uint64) * _MULTIPLIER)
    return numbers[: BANDS * ROWS] | np.uint64(1), numbers[BANDS * ROWS :]


def _mixed(values: Shingles) -> Shingles:
    """Mixes bits as splitmix64 does (G. Steele and others, 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
