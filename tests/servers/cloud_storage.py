"""Google Cloud Storage's JSON API on loopback, as much of it as its official client asks for here.

`STORAGE_EMULATOR_HOST` leads the client to it.
"""

import base64
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


def crc32c(content: bytes) -> int:
    """Gives the checksum that the client asks of what it has uploaded (RFC 3720, appendix B.4)."""
    value = 0xFFFFFFFF
    for byte in content:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
    return value ^ 0xFFFFFFFF


class CloudStorage:
    """The objects, by `bucket/name`, and where they are served."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.uploads: list[str] = []
        self.url = ""

    def metadata(self, key: str) -> dict[str, Any]:
        """Gives an object's resource."""
        bucket, _, name = key.partition("/")
        return {
            "kind": "storage#object",
            "bucket": bucket,
            "name": name,
            "size": str(len(self.objects[key])),
            "generation": "1",
            "crc32c": base64.b64encode(crc32c(self.objects[key]).to_bytes(4, "big")).decode(),
            "updated": "2026-03-01T00:00:00Z",
            "mediaLink": f"{self.url}/download/storage/v1/b/{bucket}/o/{name}?alt=media",
        }


@contextmanager
def cloud_storage() -> Iterator[CloudStorage]:
    """Serves an empty storage."""
    storage = CloudStorage()

    class Handler(_Handler):
        pass

    Handler.storage = storage
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    storage.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield storage
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    storage: CloudStorage

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if found := re.fullmatch(r"/storage/v1/b/([^/]+)", parts.path):
            self._answer(200, {"kind": "storage#bucket", "id": found[1], "name": found[1]})
        elif found := re.fullmatch(r"(/download)?/storage/v1/b/([^/]+)/o/(.+)", parts.path):
            key = f"{found[2]}/{unquote(found[3])}"
            if key not in self.storage.objects:
                self._answer(404, {"error": {"code": 404, "message": f"no object {key}"}})
            elif found[1] or parse_qs(parts.query).get("alt") == ["media"]:
                self._send_content(self.storage.objects[key])
            else:
                self._answer(200, self.storage.metadata(key))
        elif found := re.fullmatch(r"/storage/v1/b/([^/]+)/o", parts.path):
            prefix = found[1] + "/" + parse_qs(parts.query).get("prefix", [""])[0]
            keys = sorted(key for key in self.storage.objects if key.startswith(prefix))
            items = [self.storage.metadata(key) for key in keys]
            self._answer(200, {"kind": "storage#objects", "items": items})
        else:
            self._answer(404, {"error": {"code": 404, "message": self.path}})

    def do_POST(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        body = self._body()
        found = re.fullmatch(r"/upload/storage/v1/b/([^/]+)/o", parts.path)
        if found is None:
            self._answer(404, {"error": {"code": 404, "message": self.path}})
        elif query["uploadType"] == "multipart":
            boundary = self.headers["Content-Type"].partition("boundary=")[2].strip("\"'").encode()
            _, described, content, _ = body.split(b"--" + boundary)
            name = json.loads(described.partition(b"\r\n\r\n")[2])["name"]
            self._keep(
                f"{found[1]}/{name}", content.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n")
            )
        else:
            name = query.get("name") or json.loads(body)["name"]
            self.storage.uploads.append(f"{found[1]}/{name}")
            self._answer(200, {}, Location=f"{self.storage.url}/{len(self.storage.uploads) - 1}")

    def do_PUT(self) -> None:
        self._keep(self.storage.uploads[int(self.path[1:].partition("?")[0])], self._body())

    def _keep(self, key: str, content: bytes) -> None:
        self.storage.objects[key] = content
        self._answer(200, self.storage.metadata(key))

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        chunks = []
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)

    def _send_content(self, content: bytes) -> None:
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range") or "")
        if asked is None:
            self._send(200, content, "application/octet-stream", {})
            return
        start, end = int(asked[1]), min(int(asked[2] or len(content)), len(content) - 1)
        span = {"Content-Range": f"bytes {start}-{end}/{len(content)}"}
        self._send(206, content[start : end + 1], "application/octet-stream", span)

    def _answer(self, status: int, value: dict[str, Any], **headers: str) -> None:
        self._send(status, json.dumps(value).encode(), "application/json", headers)

    def _send(self, status: int, content: bytes, kind: str, headers: dict[str, str]) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""
