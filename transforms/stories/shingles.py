"""Word shingles of texts, as hashes: the same in every process and version.

No seed, no hash of Python's own.
"""

from collections.abc import Sequence
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

MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
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
    hashes = np.sort(hashes_of([text])[0])
    # As np.unique, which hashes each of them again.
    first = np.ones(len(hashes), bool)
    np.not_equal(hashes[1:], hashes[:-1], out=first[1:])
    distinct: Shingles = hashes[first]
    return distinct


def hashes_of(texts: Sequence[str]) -> list[Shingles]:
    """Gives the hashes of each text's shingles, in their order; none where it is short."""
    words, firsts, single = _words([_folded(text) for text in texts])
    joined: dict[int, Shingles] = {}
    found = []
    for first, end, single_ones in zip(firsts, firsts[1:], single, strict=False):
        size = SHINGLE_CHARACTERS if 2 * single_ones > end - first else SHINGLE_WORDS
        count = end - first - size + 1
        if count < MIN_SHINGLES:
            found.append(np.empty(0, np.uint64))
            continue
        if size not in joined:
            joined[size] = _joined(words, size)
        found.append(joined[size][first : first + count])
    return found


def _folded(text: str) -> str:
    return text[:MAX_CHARACTERS].casefold()[:MAX_CHARACTERS]


def _joined(words: Shingles, size: int) -> Shingles:
    """Gives a hash for each so many words in a row."""
    count = len(words) - size + 1
    joined = words[:count]
    for offset in range(1, size):
        joined = joined * MULTIPLIER + words[offset : offset + count]
    return mixed(joined)


def _words(texts: Sequence[str]) -> tuple[Shingles, list[int], list[int]]:
    """Gives hashes of words, where each text's begin (the last one's end, too), and short ones.

    All at once, not word by word: a word's hash is the difference of two prefixes' polynomials,
    taken back to the beginning of its text. Of words of one character, how many each text has.
    """
    codes = code_points("\0".join(texts))  # NUL is of no word
    begins = np.cumsum([0, *(len(text) + 1 for text in texts[:-1])])
    kinds = _kinds().take(codes)
    inside = np.zeros(len(codes) + 2, bool)
    inside[1:-1] = kinds == _PART_OF_WORD
    alone = kinds == _WORD_BY_ITSELF
    here, before, after = inside[1:-1], inside[:-2], inside[2:]
    starts = np.flatnonzero(alone | (here & ~before))
    ends = np.flatnonzero(alone | (here & ~after)) + 1
    firsts = np.append(np.searchsorted(starts, begins), len(starts))
    powers, inverses = _powers()
    powers_here = np.concatenate([powers[: len(text) + 1] for text in texts])[: len(codes)]
    prefixes = np.zeros(len(codes) + 1, np.uint64)
    np.cumsum(codes * powers_here, out=prefixes[1:])
    places = starts - np.repeat(begins, np.diff(firsts))
    hashes = mixed((prefixes[ends] - prefixes[starts]) * inverses[places])
    short = np.zeros(len(starts) + 1, np.int64)
    np.cumsum(ends - starts == 1, out=short[1:])
    return hashes, firsts.tolist(), np.diff(short[firsts]).tolist()


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
    number = int(MULTIPLIER)
    found = []
    for base in (number, pow(number, -1, 1 << 64)):
        powers = np.full(MAX_CHARACTERS + 1, base, np.uint64)
        powers[0] = 1
        found.append(np.multiply.accumulate(powers))
    return found[0], found[1]


def mixed(values: Shingles) -> Shingles:
    """Mixes bits as splitmix64 does (G. Steele and others, 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
