"""Takes content codings off a body while it arrives, in steps of bounded output.

The sum of the output is known before the next step is made, so a body that would unpack to
gigabytes is stopped at the limit and never held in memory.
"""

import zlib
from collections.abc import Iterator
from typing import Protocol

import brotli

from schemas.errors import TerminalError

_STEP = 65_536
_MAX_CODINGS = 3
_GZIP_MAGIC = b"\x1f\x8b"


class BodyDecoder:
    """Collects one body.

    Args:
        content_encoding: The header's value; codings in the order they were applied.
        max_bytes: Limit on the body as sent, and after each coding is taken off.

    Raises:
        TerminalError: A coding that was not offered.
    """

    def __init__(self, content_encoding: str, max_bytes: int) -> None:
        codings = [coding.strip().lower() for coding in content_encoding.split(",")]
        codings = [coding for coding in codings if coding not in ("", "identity")]
        if len(codings) > _MAX_CODINGS:
            raise TerminalError(
                f"Content-Encoding names {len(codings)} codings; at most {_MAX_CODINGS} are taken"
            )
        self._stages: list[_Decoder] = [_decoder(coding) for coding in reversed(codings)]
        # Packed files (feed.xml.gz) come without a Content-Encoding, and no feed starts so.
        self._stages.append(_Inflate("gzip"))
        self._sizes = [0] * (len(self._stages) + 1)
        self._max_bytes = max_bytes
        self._body = bytearray()

    @property
    def received(self) -> int:
        """Bytes of the body as sent that have arrived."""
        return self._sizes[0]

    def feed(self, data: bytes) -> None:
        """Takes the next piece of the body as sent.

        Raises:
            TerminalError: The body is too large, or not what its coding says.
        """
        self._push(0, data)

    def finish(self) -> bytes:
        """Gives the whole body.

        Raises:
            TerminalError: A compressed body has no end.
        """
        for level, stage in enumerate(self._stages):
            for piece in stage.finish():
                self._push(level + 1, piece)
        return bytes(self._body)

    def _push(self, level: int, data: bytes) -> None:
        self._sizes[level] += len(data)
        if self._sizes[level] > self._max_bytes:
            form = "as sent" if level == 0 else "after decompression"
            raise TerminalError(
                f"the body is larger than {self._max_bytes:,} bytes {form} (http.max_bytes); "
                "reading stopped there"
            )
        if level == len(self._stages):
            self._body += data
            return
        for piece in self._stages[level].decode(data):
            self._push(level + 1, piece)


class _Decoder(Protocol):
    def decode(self, data: bytes) -> Iterator[bytes]: ...

    def finish(self) -> Iterator[bytes]: ...


def _decoder(coding: str) -> _Decoder:
    if coding in ("gzip", "x-gzip"):
        return _Inflate("gzip")
    if coding == "deflate":
        return _Inflate("deflate")
    if coding == "br":
        return _Brotli()
    raise TerminalError(
        f"the body's Content-Encoding is {coding!r}; only gzip, br and deflate were offered"
    )


class _Inflate:
    """gzip (RFC 1952, several members too) or deflate, wrapped (RFC 1950) or raw (RFC 1951).

    A body that is called gzip but is not passes as it is: servers that unpack a stored answer
    and forget the header are common, and the parser decides what it gets.
    """

    def __init__(self, coding: str) -> None:
        self._coding = coding
        self._head = b""
        self._inflate: zlib._Decompress | None = None
        self._members = 0
        self._plain = False
        self._ended = False

    def decode(self, data: bytes) -> Iterator[bytes]:
        while data and not self._ended:
            if self._plain:
                yield data
                return
            if self._inflate is None:
                self._head += data
                if len(self._head) < 2:
                    return
                data, self._head = self._head, b""
                self._start(data[:2])
                continue
            yield from self._step(self._inflate, data)
            if not self._inflate.eof:
                return
            data = self._inflate.unused_data
            self._inflate = None
            self._members += 1
            self._ended = self._coding == "deflate"

    def _start(self, head: bytes) -> None:
        if self._coding == "deflate":
            wrapped = head[0] & 0x0F == 8 and int.from_bytes(head, "big") % 31 == 0
            self._inflate = zlib.decompressobj(zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)
        elif head == _GZIP_MAGIC:
            self._inflate = zlib.decompressobj(16 + zlib.MAX_WBITS)
        elif self._members:
            # Padding after the last member, which every gzip program ignores.
            self._ended = True
        else:
            self._plain = True

    def _step(self, inflate: "zlib._Decompress", data: bytes) -> Iterator[bytes]:
        while True:
            try:
                piece = inflate.decompress(data, _STEP)
            except zlib.error as error:
                raise TerminalError(f"the body is no valid {self._coding}: {error}") from None
            data = inflate.unconsumed_tail
            if piece:
                yield piece
            if inflate.eof or (not data and len(piece) < _STEP):
                return

    def finish(self) -> Iterator[bytes]:
        if self._inflate is not None:
            raise TerminalError(f"the body's {self._coding} data ends in the middle")
        if self._head and not self._members:
            yield self._head


class _Brotli:
    """Brotli (RFC 7932)."""

    def __init__(self) -> None:
        self._inflate = brotli.Decompressor()
        self._started = False

    def decode(self, data: bytes) -> Iterator[bytes]:
        if self._inflate.is_finished():
            return
        self._started = True
        try:
            piece = self._inflate.process(data, output_buffer_limit=_STEP)
            while True:
                if piece:
                    yield piece
                if self._inflate.is_finished() or (
                    not piece and self._inflate.can_accept_more_data()
                ):
                    return
                piece = self._inflate.process(b"", output_buffer_limit=_STEP)
        except brotli.error as error:
            raise TerminalError(f"the body is no valid br (Brotli): {error}") from None

    def finish(self) -> Iterator[bytes]:
        if self._started and not self._inflate.is_finished():
            raise TerminalError("the body's br (Brotli) data ends in the middle")
        return iter(())
