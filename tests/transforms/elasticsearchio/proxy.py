"""A gateway before the real server: with TLS, with a password, and with faults on order."""

import base64
import ssl
import threading
from collections.abc import Callable
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Self
from urllib.parse import urlsplit

# What happens to a bulk request: a status instead of an answer, its connection cut before or
# after the server got it, or nothing amiss (None).
Fault = int | Literal["cut before", "cut after"] | None


class Gateway:
    """Forwards to a server; `fault` decides on each bulk request by its number and body.

    With `faulty`, on each request whose path has that in it instead.
    """

    def __init__(
        self,
        upstream: str,
        fault: Callable[[int, bytes], Fault] = lambda number, body: None,
        *,
        faulty: str = "_bulk",
        tls: tuple[str, str] | None = None,
        authorization: str | None = None,
    ) -> None:
        self.authorizations: set[str | None] = set()
        self.bulk_sizes: list[tuple[int, int]] = []
        self.most_at_once = 0
        self._at_once = 0
        self._lock = threading.Lock()
        self._upstream = urlsplit(upstream)
        self._fault = fault
        self._faulty = faulty
        self._authorization = authorization
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: Any) -> None:
                """Says nothing."""

            def handle_any(self) -> None:
                gateway._handle(self)

            do_GET = do_PUT = do_POST = do_DELETE = handle_any  # noqa: N815

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        if tls is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*tls)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handle(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        given = handler.headers.get("Authorization")
        self.authorizations.add(given)
        if self._authorization is not None and given != self._authorization:
            _answer(handler, 401, b"{}", "application/json")
            return
        fault = None
        is_bulk = self._faulty in handler.path
        if is_bulk:
            with self._lock:
                self.bulk_sizes.append((body.count(b"\n"), len(body)))
                fault = self._fault(len(self.bulk_sizes), body)
                self._at_once += 1
                self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            if isinstance(fault, int):
                _answer(handler, fault, b"refused by the gateway", "text/plain", ours=True)
            elif fault == "cut before":
                handler.close_connection = True
            else:
                status, answer, kind = self._forward(handler, body)
                if fault == "cut after":
                    handler.close_connection = True
                else:
                    _answer(handler, status, answer, kind)
        finally:
            if is_bulk:
                with self._lock:
                    self._at_once -= 1

    def _forward(self, handler: BaseHTTPRequestHandler, body: bytes) -> tuple[int, bytes, str]:
        connection = HTTPConnection(self._upstream.hostname or "", self._upstream.port)
        names = ("Content-Type", "Accept", "Content-Encoding")
        headers = {name: handler.headers[name] for name in names if name in handler.headers}
        connection.request(handler.command, handler.path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, content, answer.headers.get("Content-Type", "")


def _answer(
    handler: BaseHTTPRequestHandler, status: int, body: bytes, kind: str, ours: bool = False
) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    if not ours:
        handler.send_header("X-Elastic-Product", "Elasticsearch")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
