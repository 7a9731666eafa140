"""A real HTTP server on loopback whose answers a test scripts, and which remembers its requests."""

import gzip
import hashlib
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import brotli

RELEASE_SECONDS = 60
_COMPRESS: Mapping[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "br": brotli.compress,
}


@dataclass
class Request:
    """A request as it came in, and the status it was answered with.

    Attributes:
        at: When it came in, in seconds of `time.monotonic`.
    """

    path: str
    headers: Mapping[str, str]
    status: int = 0
    at: float = field(default_factory=time.monotonic)


@dataclass
class Response:
    """An answer.

    Attributes:
        body: Sent with its length unless `chunks` are given.
        chunks: Sent one by one, and the connection closed after the last.
        wait_for: The answer begins when this is set.
        close_after: Bytes of the body after which the connection is cut.
    """

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    chunks: Callable[[], Iterator[bytes]] | None = None
    wait_for: threading.Event | None = None
    close_after: int | None = None


Script = Callable[[Request], Response]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Says nothing of a client that was killed."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class FeedServer:
    """Serves scripted answers on 127.0.0.1 (or another loopback address); 404 for the rest.

    Attributes:
        requests: Every request, when it is answered; one with `chunks` when the last is sent.
    """

    def __init__(self, address: str = "127.0.0.1") -> None:
        self.requests: list[Request] = []
        self._scripts: dict[str, Script] = {}
        self._events: list[threading.Event] = []
        self._server = _Server((address, 0), self._handler())
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )
        self._thread.start()

    @property
    def port(self) -> int:
        """The port, chosen by the system."""
        return int(self._server.server_address[1])

    @property
    def base_url(self) -> str:
        """The server's address, without a slash at its end."""
        return f"http://{self._server.server_address[0]!s}:{self.port}"

    def url(self, path: str) -> str:
        """Gives the address of a path."""
        return self.base_url + path

    def script(self, path: str, script: Script) -> None:
        """Answers a path by a function of the request."""
        self._scripts[path] = script

    def respond(self, path: str, *responses: Response) -> None:
        """Answers a path by these in turn, the last one again and again."""
        left = list(responses)

        def next_response(_request: Request) -> Response:
            return left.pop(0) if len(left) > 1 else left[0]

        self.script(path, next_response)

    def put(
        self,
        path: str,
        body: bytes,
        *,
        content_type: str = "application/xml",
        etag: bool = True,
        last_modified: str = "",
        encoding: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Serves a document, with 304 for whoever has it already.

        Args:
            path: Where.
            body: What, not compressed.
            content_type: Sent as Content-Type.
            etag: Whether an ETag, made of the body, is sent.
            last_modified: Sent as Last-Modified if given.
            encoding: `gzip` or `br`: sent so compressed, whatever the client accepts.
            headers: More headers.
        """
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"' if etag else ""
        validators = {"ETag": tag, "Last-Modified": last_modified}
        sent = {name: value for name, value in validators.items() if value}
        described = {"Content-Type": content_type}
        packed = body
        if encoding:
            described["Content-Encoding"] = encoding
            packed = _COMPRESS[encoding](body)

        def answer(request: Request) -> Response:
            known = (tag and request.headers.get("If-None-Match") == tag) or (
                last_modified and request.headers.get("If-Modified-Since") == last_modified
            )
            if known:
                return Response(304, dict(sent))
            return Response(200, {**described, **sent, **(headers or {})}, packed)

        self.script(path, answer)

    def put_made(self, path: str, make: Callable[[], bytes]) -> None:
        """Serves what `make` gives at the time of the request."""
        self.script(path, lambda _: Response(headers={"Content-Type": "text/xml"}, body=make()))

    def put_blocked(self, path: str, body: bytes) -> threading.Event:
        """Serves a document only once the returned event is set."""
        event = self._event()
        self.respond(path, Response(body=body, wait_for=event))
        return event

    def put_endless(self, path: str, chunk: bytes = b" ") -> threading.Event:
        """Sends chunk after chunk, ten a second, until the returned event is set."""
        event = self._event()

        def chunks() -> Iterator[bytes]:
            yield chunk
            while not event.wait(0.1):
                yield chunk

        self.respond(path, Response(headers={"Content-Type": "text/xml"}, chunks=chunks))
        return event

    def redirect(self, path: str, target: str, status: int = 302) -> None:
        """Redirects a path."""
        self.respond(path, Response(status, {"Location": target}))

    def remove(self, path: str) -> None:
        """Serves a path no more."""
        self._scripts.pop(path, None)

    def requests_to(self, path: str) -> list[Request]:
        """Gives the requests of one path."""
        return [request for request in self.requests if request.path == path]

    def close(self) -> None:
        """Ends the server, and lets go of everybody who waits."""
        for event in self._events:
            event.set()
        self._server.shutdown()
        self._server.server_close()

    def _event(self) -> threading.Event:
        event = threading.Event()
        self._events.append(event)
        return event

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                request = Request(self.path, dict(self.headers.items()))
                script = server._scripts.get(self.path)
                response = script(request) if script is not None else Response(404, body=b"none")
                request.status = response.status
                if response.wait_for is not None:
                    response.wait_for.wait(RELEASE_SECONDS)
                # Who has an answer finds its request, and those before it in order.
                at_once = response.chunks is None
                if at_once:
                    server.requests.append(request)
                try:
                    self._send(response)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True
                finally:
                    if not at_once:
                        server.requests.append(request)

            def _send(self, response: Response) -> None:
                self.send_response(response.status)
                for name, value in response.headers.items():
                    self.send_header(name, value)
                if response.chunks is not None:
                    self.close_connection = True
                    self.end_headers()
                    for chunk in response.chunks():
                        self.wfile.write(chunk)
                        self.wfile.flush()
                    return
                if response.status != 304 and "Content-Length" not in response.headers:
                    self.send_header("Content-Length", str(len(response.body)))
                self.end_headers()
                self.wfile.write(response.body[: response.close_after])
                self.close_connection = self.close_connection or response.close_after is not None

            def log_message(self, format: str, *args: object) -> None:
                """Says nothing: the tests read `requests`."""

        return Handler


@contextmanager
def feed_server_on(address: str = "127.0.0.1") -> Iterator[FeedServer]:
    """Runs a server on a loopback address for the length of a block."""
    server = FeedServer(address)
    try:
        yield server
    finally:
        server.close()
