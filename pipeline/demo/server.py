"""Serves the demo's feeds on loopback, dated as if their news had just happened."""

import hashlib
import re
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType

FEEDS = Path(__file__).parent / "feeds"
CONTENT_TYPES = {
    ".rss": "application/rss+xml",
    ".atom": "application/atom+xml",
    ".rdf": "application/rdf+xml",
    ".json": "application/feed+json",
}
_MINUTES_AGO = re.compile(r"\{\{minutes_ago (\d+)\}\}")


def render(template: str, suffix: str, now: datetime) -> bytes:
    """Fills a feed document's dates.

    Args:
        template: The document, with `{{minutes_ago N}}` where a date belongs.
        suffix: The format: `.rss` has dates of RFC 822, the others of ISO 8601.
        now: What the dates are counted back from, with a time zone.

    Returns:
        The document in UTF-8.
    """

    def date(match: re.Match[str]) -> str:
        moment = now.astimezone(UTC).replace(microsecond=0) - timedelta(minutes=int(match[1]))
        return format_datetime(moment, usegmt=True) if suffix == ".rss" else moment.isoformat()

    return _MINUTES_AGO.sub(date, template).encode()


def documents(now: datetime) -> dict[str, bytes]:
    """Gives the demo's feed documents by file name, dated back from `now`."""
    return {
        path.name: render(path.read_text(encoding="utf-8"), path.suffix, now)
        for path in sorted(FEEDS.iterdir())
        if path.suffix in CONTENT_TYPES
    }


class DemoServer:
    """A server on a free port of 127.0.0.1, running inside a `with` block."""

    def __init__(self, now: datetime | None = None) -> None:
        """Renders the documents, once: an unchanged feed answers 304.

        Args:
            now: What the dates are counted back from; the current time if not given.
        """
        self._documents = documents(now or datetime.now(UTC))
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self._documents))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        """The server's address, without a slash at its end."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> "DemoServer":
        """Starts serving."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Ends the server and frees its port."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(served: dict[str, bytes]) -> type[BaseHTTPRequestHandler]:
    tags = {name: f'"{hashlib.sha256(body).hexdigest()[:16]}"' for name, body in served.items()}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            name = self.path.lstrip("/")
            if name not in served:
                self._answer(404, b"no such feed\n", {"Content-Type": "text/plain"})
                return
            headers = {"Content-Type": CONTENT_TYPES[Path(name).suffix], "ETag": tags[name]}
            if self.headers.get("If-None-Match") == tags[name]:
                self._answer(304, b"", headers)
            else:
                self._answer(200, served[name], headers)

        def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status != 304:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing: the demo shows its own progress."""

    return Handler
