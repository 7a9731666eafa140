"""A real WebSub hub on loopback (W3C WebSub): takes subscriptions, verifies them, distributes."""

import hashlib
import hmac
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_CALL_SECONDS = 20


@dataclass(frozen=True)
class Subscriber:
    """A verified subscription."""

    callback: str
    secret: str


class Hub:
    """Takes every subscription that its subscriber confirms.

    Attributes:
        refuses: Answers requests with 403.
        retry_after: Seconds; where it is given, requests are answered with 429 and it.
        most_at_once: The most requests that were being answered at any moment.
        requests: The forms that came in, in order.
    """

    def __init__(self, lease_seconds: int = 864_000) -> None:
        self.refuses = False
        self.retry_after = 0
        self.most_at_once = 0
        self._answering = 0
        self.requests: list[dict[str, str]] = []
        self._lease_seconds = lease_seconds
        self._subscribers: dict[str, Subscriber] = {}
        self._changed = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        """Where subscriptions are asked for."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/hub"

    def subscriber(self, topic: str, timeout: float = 60) -> Subscriber:
        """Waits until somebody has subscribed to a topic, and gives whom."""
        with self._changed:
            assert self._changed.wait_for(lambda: topic in self._subscribers, timeout), topic
            return self._subscribers[topic]

    def publish(self, topic: str, body: bytes, *, secret: str | None = None) -> int:
        """Pushes a document; gives the subscriber's status. `secret` signs in another's name."""
        subscriber = self.subscriber(topic)
        key = subscriber.secret if secret is None else secret
        signature = hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
        request = urllib.request.Request(
            subscriber.callback,
            data=body,
            headers={"X-Hub-Signature": f"sha256={signature}", "Content-Type": "application/xml"},
        )
        return status_of(request)

    def verify(self, form: dict[str, str], **changes: str) -> tuple[int, str]:
        """Asks a subscriber whether it wants what a form says; gives its status and answer."""
        query = {
            "hub.mode": form["hub.mode"],
            "hub.topic": form["hub.topic"],
            "hub.challenge": "challenge 1 & 2",
            "hub.lease_seconds": str(self._lease_seconds),
            **{f"hub.{name}": value for name, value in changes.items()},
        }
        address = f"{form['hub.callback']}?{urllib.parse.urlencode(query)}"
        try:
            with urllib.request.urlopen(address, timeout=_CALL_SECONDS) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, ""

    def close(self) -> None:
        """Ends it."""
        self._server.shutdown()
        self._server.server_close()

    def _take(self, form: dict[str, str]) -> None:
        if self.verify(form) == (200, "challenge 1 & 2"):
            with self._changed:
                self._subscribers[form["hub.topic"]] = Subscriber(
                    form["hub.callback"], form["hub.secret"]
                )
                self._changed.notify_all()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = dict(urllib.parse.parse_qsl(body))
                with hub._changed:
                    hub.requests.append(form)
                    hub._answering += 1
                    hub.most_at_once = max(hub.most_at_once, hub._answering)
                self.send_response(429 if hub.retry_after else 403 if hub.refuses else 202)
                if hub.retry_after:
                    self.send_header("Retry-After", str(hub.retry_after))
                self.send_header("Content-Length", "0")
                with hub._changed:
                    hub._answering -= 1
                self.end_headers()
                if not hub.refuses and not hub.retry_after:
                    threading.Thread(target=hub._take, args=(form,), daemon=True).start()

            def log_message(self, format: str, *args: Any) -> None:
                """Says nothing."""

        return Handler


def status_of(request: urllib.request.Request) -> int:
    """Sends a request; gives the answer's status, whatever it is."""
    try:
        with urllib.request.urlopen(request, timeout=_CALL_SECONDS) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


@contextmanager
def running_hub(lease_seconds: int = 864_000) -> Iterator[Hub]:
    """A hub for as long as the block lasts."""
    hub = Hub(lease_seconds)
    try:
        yield hub
    finally:
        hub.close()
