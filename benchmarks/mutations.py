"""Small random changes to documents, addresses and dates, the same ones for the same seed."""

import random
from collections.abc import Sequence

# What parsers trip over: markup, entities, charsets, invisible and combining characters, numbers.
_PIECES: tuple[bytes, ...] = (
    b"&amp;", b"&amp;amp;", b"&lt;", b"&lt;b&gt;", b"&nbsp;", b"&#0;", b"&#x110000;", b"&#xD800;",
    b"&undefined;", b"&", b"<", b">", b"</", b"/>", b"<![CDATA[", b"]]>", b"<!--", b"-->",
    b"<?x ?>", b"<!DOCTYPE rss [<!ENTITY a 'b'>]>", b"<item>", b"</item>", b"<entry>", b"</entry>",
    b"<title>", b"</title>", b"<br/>", b"<script>x</script>", b"<p>", b"</p>", b"<a href='x'>",
    b'"', b"'", b"=", b"xml:base='http://[x'", b"xml:lang='zz'",
    b"xmlns='http://www.w3.org/2005/Atom'", b"media:", b"encoding='utf-16'", b"encoding='x'",
    b"charset=cp1252", b"\x00", b"\x08", b"\x1f", b"\x80", b"\x93", b"\xff\xfe", b"\xfe\xff",
    b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc0", "\u0301".encode() * 40,
    "\u200b".encode(), "\u200d".encode(), "\u202e".encode(), "\u2028".encode(), "\u00ad".encode(),
    "\u00a0".encode() * 3, "\u3000".encode(), "\U0001f468\u200d".encode(), "\u0130".encode(),
    "\u1e9b\u0323".encode(), "\u212b".encode(), b"  ", b"\t\t", b"\r", b"\r\n\r\n",
    b"99999999999999999999", b"-1", b"0000", b"1e309", b"32 Jan 20260", b"24:60:61", b"+99:99",
    b"%", b"%zz", b"%00", b"?a=b&a=c", b"#", b"//", b"\\", b"@", b":99999", b"[::1]", b"xn--",
    b"javascript:", b"{", b"}", b"[", b"]", b"null", b"\\ud800", b"\\u0000", b"NaN",
)  # fmt: skip
_LONGEST_SPLICE = 400


def mutated(seeds: Sequence[bytes], rng: random.Random, most: int = 6) -> bytes:
    """Gives a seed with one change or a few.

    Args:
        seeds: Documents; pieces of others are put into the one that is drawn.
        rng: Where the chance comes from.
        most: Changes at most.
    """
    data = rng.choice(seeds)
    for _ in range(rng.randint(1, most)):
        data = _changed(data, seeds, rng)
    return data


def _changed(data: bytes, seeds: Sequence[bytes], rng: random.Random) -> bytes:
    start = rng.randint(0, len(data))
    end = min(len(data), start + rng.randint(0, _LONGEST_SPLICE))
    match rng.randrange(8):
        case 0:
            return data[:start] + bytes([rng.randrange(256)]) + data[start + 1 :]
        case 1:
            return data[:start] + data[end:]
        case 2:
            return data[:end] + data[start:end] + data[end:]
        case 3:
            other = rng.choice(seeds)
            place = rng.randint(0, len(other))
            piece = other[place : place + rng.randint(0, _LONGEST_SPLICE)]
            return data[:start] + piece + data[end:]
        case 4:
            return data[:start]
        case _:
            # Between two tags or within one: where structure is.
            marks = [b"<", b">", b'"', b"&"]
            found = data.find(rng.choice(marks), start)
            place = found if found >= 0 else start
            return data[:place] + rng.choice(_PIECES) + data[place:]
