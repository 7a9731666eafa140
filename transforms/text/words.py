"""Which characters words are of, and how many words there are; for whole texts at once."""

import re
import sys
from functools import lru_cache

import numpy as np
import numpy.typing as npt

# One Han or Kana character counts as a word, as word processors count; Thai and its like do not.
_WORD = re.compile(
    "[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
    r"|[^\W\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+(?:['’.-][^\W\u3040-\u9fff]+)*"
)
_HAN_OR_KANA = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_FIRST_KANA = 0x3040
# Between two letters or digits they make one word of two.
_JOINERS = "'’.-"


def code_points(text: str) -> npt.NDArray[np.uint32]:
    """Gives the code point of each of a text's characters."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


@lru_cache(maxsize=1)
def word_characters() -> npt.NDArray[np.bool_]:
    r"""Says of each code point whether it is a letter, a digit or `_`: what `\w` matches."""
    characters = map(chr, range(sys.maxunicode + 1))
    table = np.fromiter(map(str.isalnum, characters), bool, sys.maxunicode + 1)
    table[ord("_")] = True
    return table


def word_count(text: str) -> int:
    """Counts words; each Han and Kana character is one."""
    codes = code_points(text)
    if codes.max(initial=0) >= _FIRST_KANA and _HAN_OR_KANA.search(text):
        return len(_WORD.findall(text))
    # With room for the two characters before the first one.
    inside = np.zeros(len(codes) + 2, bool)
    inside[2:] = word_characters().take(codes)
    beginnings = inside[2:] & ~inside[1:-1]
    joined = np.zeros(len(codes) + 1, bool)
    joined[1:] = _joiners().take(codes)
    return int(np.count_nonzero(beginnings & ~(joined[:-1] & inside[:-2])))


@lru_cache(maxsize=1)
def _joiners() -> npt.NDArray[np.bool_]:
    table = np.zeros(sys.maxunicode + 1, bool)
    table[[ord(joiner) for joiner in _JOINERS]] = True
    return table
