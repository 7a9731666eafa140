"""Thousands of hosts on loopback in one process: python -m benchmarks.polling_server FEEDS PORT.

Of the answers HANG_SHARE never come, SLOW_SHARE take SLOW_SECONDS, FAILING_SHARE are errors; of
the others to a client that has the newest version NOT_MODIFIED_SHARE are 304, the rest a new one.
"""

import asyncio
import json
import random
import signal
import socket
import sys
from collections import Counter

from benchmarks.polling_feeds import FEEDS_PER_HOST, document, etag, host_address

HANG_SHARE, SLOW_SHARE, FAILING_SHARE = 0.01, 0.05, 0.02
NOT_MODIFIED_SHARE = 0.70 / (1 - HANG_SHARE - FAILING_SHARE)
SLOW_SECONDS = 10.0
_ERRORS = (b"500 Internal Server Error", b"404 Not Found", b"502 Bad Gateway")

_draw = random.Random(1)
_versions: Counter[int] = Counter()
_answers: Counter[str] = Counter()
_sent_bytes = 0


class _Connection(asyncio.Protocol):
    """One connection: HTTP/1.1, no pipelining."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._received = b""

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not self._received.endswith(b"\r\n\r\n"):
            return
        head, self._received = self._received, b""
        chance = _draw.random()
        if chance < HANG_SHARE:
            _answers["hang"] += 1
        elif chance < HANG_SHARE + SLOW_SHARE:
            _answers["slow"] += 1
            asyncio.get_running_loop().call_later(SLOW_SECONDS, self._answer, head)
        elif chance < HANG_SHARE + SLOW_SHARE + FAILING_SHARE:
            _answers["failing"] += 1
            status = _draw.choice(_ERRORS)
            self._write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\n\r\n")
        else:
            self._answer(head)

    def _answer(self, head: bytes) -> None:
        feed = int(head.split(b" ", 2)[1].strip(b"/").removesuffix(b".xml"))
        if etag(feed, _versions[feed]).encode() in head:
            if _draw.random() < NOT_MODIFIED_SHARE:
                _answers["304"] += 1
                self._write(b"HTTP/1.1 304 Not Modified\r\n\r\n")
                return
            _versions[feed] += 1
        _answers["200"] += 1
        tag = etag(feed, _versions[feed])
        body = document(feed, _versions[feed])
        lines = (
            f"HTTP/1.1 200 OK\r\nETag: {tag}\r\nContent-Type: application/rss+xml\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        self._write(lines.encode() + body)

    def _write(self, answer: bytes) -> None:
        global _sent_bytes
        _sent_bytes += len(answer)
        if not self._transport.is_closing():
            self._transport.write(answer)


async def _serve(feeds: int, port: int) -> None:
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    for feed in range(0, feeds, FEEDS_PER_HOST):
        listening = socket.create_server((host_address(feed), port), backlog=16)
        await loop.create_server(_Connection, sock=listening)
    print("ready", flush=True)
    await ended.wait()
    print(json.dumps({**_answers, "bytes": _sent_bytes}), flush=True)


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), int(sys.argv[2])))
