"""An HTTP server that demands what Kibana's saved object and rule APIs demand, and answers so.

After src/core/packages/saved-objects/server-internal/src/routes/{import,export}.ts and
x-pack/platform/plugins/shared/alerting/common/routes/rule/apis/create of elastic/kibana.
"""

import json
import re
import threading
from dataclasses import dataclass, field
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit

TYPES = {"tag", "index-pattern", "search", "map", "dashboard"}
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass
class KibanaServer:
    """Serves on a free port of loopback while it is entered.

    Attributes:
        authorization: The header that is demanded; "" lets everybody in.
        requests: Method and path of all requests.
        refused: Ids of objects that an import does not take.
    """

    version: str = "9.0.4"
    authorization: str = ""
    objects: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    rules: dict[str, dict[str, Any]] = field(default_factory=dict)
    requests: list[tuple[str, str]] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)

    def __enter__(self) -> "KibanaServer":
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def writes(self) -> list[tuple[str, str]]:
        """Gives the requests that change something."""
        writing = ("/api/saved_objects/_import", "/api/alerting/rule/")
        return [one for one in self.requests if one[0] == "POST" and one[1].startswith(writing)]

    def export(self, body: dict[str, Any]) -> tuple[int, Any]:
        if set(body) - {"objects", "type", "excludeExportDetails", "includeReferencesDeep"}:
            return _bad("[request body]: definition for this key is missing")
        keys = [(one["type"], one["id"]) for one in body["objects"]]
        missing = [key for key in keys if key not in self.objects]
        if missing:
            found = [
                {"type": kind, "id": key, "error": {"statusCode": 404, "error": "Not Found"}}
                for kind, key in missing
            ]
            return _bad("Error fetching objects to export", attributes={"objects": found})
        lines = [json.dumps(self.objects[key]) for key in keys]
        if not body.get("excludeExportDetails"):
            lines.append(json.dumps({"exportedCount": len(keys)}))
        return 200, "\n".join(lines)

    def import_file(self, query: str, content_type: str, body: bytes) -> tuple[int, Any]:
        if not content_type.startswith("multipart/form-data"):
            return 415, {"statusCode": 415, "message": "Unsupported Media Type"}
        message = message_from_bytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
        parts = message.get_payload()
        assert isinstance(parts, list)
        (part,) = parts
        if part.get_param("name", header="content-disposition") != "file":  # type: ignore[union-attr]
            return _bad("[request body.file]: expected value of type [Stream]")
        name = part.get_filename() or ""  # type: ignore[union-attr]
        if not name.lower().endswith(".ndjson"):
            return _bad(f"Invalid file extension {name[name.rfind('.') :]}")
        content = part.get_payload(decode=True)  # type: ignore[union-attr]
        assert isinstance(content, bytes)
        try:
            lines = [json.loads(line) for line in content.split(b"\n") if line.strip()]
        except ValueError as error:
            return _bad(str(error))
        keys = {(line["type"], line["id"]) for line in lines}
        if len(keys) < len(lines):
            return _bad("Non-unique import objects detected")
        overwrite = parse_qs(query).get("overwrite") == ["true"]
        errors, results = [], []
        for line in lines:
            key = (line["type"], line["id"])
            lost = [ref for ref in line["references"] if (ref["type"], ref["id"]) not in keys]
            if line["id"] in self.refused:
                problem = {"type": "unknown", "statusCode": 503}
            elif line["type"] not in TYPES:
                problem = {"type": "unsupported_type"}
            elif [ref for ref in lost if (ref["type"], ref["id"]) not in self.objects]:
                problem = {"type": "missing_references"}
            elif key in self.objects and not overwrite:
                problem = {"type": "conflict"}
            else:
                results.append({"type": key[0], "id": key[1], "overwrite": key in self.objects})
                self.objects[key] = line | {"managed": False}
                continue
            errors.append({"type": key[0], "id": key[1], "error": problem})
        answer = {"success": not errors, "successCount": len(results), "successResults": results}
        return 200, answer | ({"errors": errors} if errors else {})

    def create_rule(self, rule_id: str, body: dict[str, Any]) -> tuple[int, Any]:
        if not UUID.fullmatch(rule_id):
            return _bad("Predefined IDs are not allowed unless the ID is a UUID")
        if rule_id in self.rules:
            return 409, {"statusCode": 409, "message": "version conflict"}
        if not {"name", "rule_type_id", "consumer", "schedule", "params"} <= set(body):
            return _bad("[request body]: expected value of type [string] but got [undefined]")
        self.rules[rule_id] = body
        return 200, {"id": rule_id, **body}


def _bad(message: str, **more: Any) -> tuple[int, Any]:
    return 400, {"statusCode": 400, "error": "Bad Request", "message": message, **more}


def _handler(kibana: KibanaServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers["Content-Length"])))

        def _answer(self, sent: bytes) -> None:
            kibana.requests.append((self.command, self.path))
            status, answer = self._route(sent)
            body = answer if isinstance(answer, str) else json.dumps(answer)
            self.send_response(status)
            self.send_header("kbn-name", "test")
            data = body.encode()
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def _route(self, sent: bytes) -> tuple[int, Any]:
            if kibana.authorization and self.headers["Authorization"] != kibana.authorization:
                return 401, {"statusCode": 401, "message": "Unauthorized"}
            if self.command == "POST" and not self.headers["kbn-xsrf"]:
                return _bad("Request must contain a kbn-xsrf header.")
            url = urlsplit(self.path)
            rule_id = url.path.removeprefix("/api/alerting/rule/")
            match self.command, url.path:
                case "GET", "/api/status":
                    return 200, {"name": "test", "version": {"number": kibana.version}}
                case "POST", "/api/saved_objects/_export":
                    return kibana.export(json.loads(sent))
                case "POST", "/api/saved_objects/_import":
                    return kibana.import_file(url.query, self.headers["Content-Type"], sent)
                case "GET", path if path.startswith("/api/alerting/rule/"):
                    found = kibana.rules.get(rule_id)
                    return (200, found) if found else (404, {"statusCode": 404, "message": "no"})
                case "POST", path if path.startswith("/api/alerting/rule/"):
                    return kibana.create_rule(rule_id, json.loads(sent))
            return 404, {"statusCode": 404, "error": "Not Found", "message": "Not Found"}

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler
