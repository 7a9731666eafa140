"""A text's fingerprint: word shingles, and MinHash bands that copies of it share.

MinHash: A. Broder, "On the resemblance and containment of documents" (1997). Bands: chapter 3 of
J. Leskovec, A. Rajaraman, J. Ullman, "Mining of Massive Datasets". Everything is the same in every
process and version: no seed, no hash of Python's own.
"""

import hashlib
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from transforms.text.words import code_points, word_characters

Shingles = npt.NDArray[np.uint64]

SHINGLE_WORDS = 4
# Scripts written without spaces give a token for each character, which says less than a word.
SHINGLE_CHARACTERS = 8
# A text of fewer shingles has too little to be compared by.
MIN_SHINGLES = 12
# Copies begin alike or go on alike; what comes after some thousand words decides nothing.
MAX_CHARACTERS = 8_000
# With 3 rows, two texts that share 45 % of their shingles meet in one of 40 bands at 98 %.
BANDS = 40
ROWS = 3

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
# Shingles permuted at once: what comes of them stays near the processor.
_AT_ONCE = 256
_NUMBERS = np.arange(BANDS, dtype=np.uint8)
# What a character is to the words of a text.
_NO_WORD, _PART_OF_WORD, _WORD_BY_ITSELF = 0, 1, 2
# Thai, Lao, Burmese, Khmer, Kana and Han.
_SPACELESS = (
    (0x0E00, 0x0F00),
    (0x1000, 0x10A0),
    (0x1780, 0x1800),
    (0x3040, 0x3100),
    (0x3400, 0x4DC0),
    (0x4E00, 0xA000),
    (0xF900, 0xFB00),
)


def shingles(text: str) -> Shingles:
    """Gives the hashes of a text's shingles, sorted, each once; empty where the text is short."""
    words, single = _words(text[:MAX_CHARACTERS].casefold()[:MAX_CHARACTERS])
    size = SHINGLE_CHARACTERS if 2 * single > len(words) else SHINGLE_WORDS
    count = len(words) - size + 1
    if count < MIN_SHINGLES:
        return np.empty(0, np.uint64)
    joined = words[:count]
    for offset in range(1, size):
        joined = joined * _MULTIPLIER + words[offset : offset + count]
    hashes = np.sort(_mixed(joined))
    # As np.unique, which hashes each of them again.
    first = np.ones(count, bool)
    np.not_equal(hashes[1:], hashes[:-1], out=first[1:])
    distinct: Shingles = hashes[first]
    return distinct


def _words(text: str) -> tuple[Shingles, int]:
    """Gives a hash for each word, in their order, and how many words are of one character.

    All at once, not word by word: a word's hash is the difference of two prefixes' polynomials,
    taken back to the beginning.
    """
    codes = code_points(text)
    kinds = _kinds().take(codes)
    inside = np.zeros(len(codes) + 2, bool)
    inside[1:-1] = kinds == _PART_OF_WORD
    alone = kinds == _WORD_BY_ITSELF
    here, before, after = inside[1:-1], inside[:-2], inside[2:]
    starts = np.flatnonzero(alone | (here & ~before))
    ends = np.flatnonzero(alone | (here & ~after)) + 1
    powers, inverses = _powers()
    prefixes = np.zeros(len(codes) + 1, np.uint64)
    np.cumsum(codes * powers[: len(codes)], out=prefixes[1:])
    hashes = _mixed((prefixes[ends] - prefixes[starts]) * inverses[starts])
    return hashes, int(np.count_nonzero(ends - starts == 1))


@lru_cache(maxsize=1)
def _kinds() -> npt.NDArray[np.uint8]:
    """Gives what each character of Unicode is to words."""
    kinds = np.where(word_characters(), _PART_OF_WORD, _NO_WORD).astype(np.uint8)
    for first, end in _SPACELESS:
        kinds[first:end] = _WORD_BY_ITSELF
    return kinds


@lru_cache(maxsize=1)
def _powers() -> tuple[Shingles, Shingles]:
    """Gives a number's powers and their inverses, modulo 2^64; an odd number has them."""
    number = int(_MULTIPLIER)
    found = []
    for base in (number, pow(number, -1, 1 << 64)):
        powers = np.full(MAX_CHARACTERS + 1, base, np.uint64)
        powers[0] = 1
        found.append(np.multiply.accumulate(powers))
    return found[0], found[1]


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
    least = np.full(BANDS * ROWS, np.iinfo(np.uint32).max, np.uint32)
    # Half of each hash is enough, and processors multiply several halves at once.
    halves = (found >> np.uint64(32)).astype(np.uint32)
    for start in range(0, len(halves), _AT_ONCE):
        # A permutation a column: the least of each is found for all of them side by side.
        values = halves[start : start + _AT_ONCE, None] * multipliers
        values += offsets
        np.minimum(least, values.min(axis=0), out=least)
    rows = least.astype(np.uint64).reshape(BANDS, ROWS)
    joined = rows[:, 0]
    for row in range(1, ROWS):
        joined = joined * _MULTIPLIER + rows[:, row]
    # Each band's number, then its hash, as hexadecimal digits.
    named = np.empty((BANDS, 9), np.uint8)
    named[:, 0] = _NUMBERS
    named[:, 1:] = _mixed(joined).astype(">u8").view(np.uint8).reshape(BANDS, 8)
    digits = named.tobytes().hex()
    return [digits[start : start + 18] for start in range(0, 18 * BANDS, 18)]


@lru_cache(maxsize=1)
def _permutations() -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    numbers = _mixed(np.arange(1, 2 * BANDS * ROWS + 1, dtype=np.uint64) * _MULTIPLIER)
    halves = (numbers >> np.uint64(32)).astype(np.uint32)
    return halves[: BANDS * ROWS] | np.uint32(1), halves[BANDS * ROWS :]


def _mixed(values: Shingles) -> Shingles:
    """Mixes bits as splitmix64 does (G. Steele and others, 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
