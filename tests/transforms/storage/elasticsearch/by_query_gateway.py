"""Stands before the test server and has what that one lacks: the delete-by-query call.

It answers as Elasticsearch's reference says (Delete by query API, 9.0), and deletes on the server.
"""

import json
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.servers.elasticsearch_indices import request
from tests.transforms.elasticsearchio.proxy import Gateway


class ByQueryGateway(Gateway):
    """A gateway whose first calls may meet writers: as many documents as `conflicts` says.

    `calls` has the parameters of each delete-by-query.
    """

    def __init__(self, upstream: str, conflicts: tuple[int, ...] = ()) -> None:
        self.calls: list[dict[str, Any]] = []
        self._url = upstream
        self._conflicts = list(conflicts)
        super().__init__(upstream)

    def _forward(self, handler: BaseHTTPRequestHandler, body: bytes) -> tuple[int, bytes, str]:
        parts = urlsplit(handler.path)
        index, _, call = parts.path.strip("/").partition("/")
        if call != "_delete_by_query":
            return super()._forward(handler, body)
        parameters = {**dict(parse_qsl(parts.query)), **json.loads(body)}
        self.calls.append(parameters)
        answer = self._delete(index, parameters["query"], int(parameters["max_docs"]))
        return 200, json.dumps(answer).encode(), "application/vnd.elasticsearch+json"

    def _delete(self, index: str, query: dict[str, Any], at_most: int) -> dict[str, Any]:
        found = request(
            self._url,
            "POST",
            f"{index}/_search",
            {"query": query, "size": at_most, "_source": False},
        )["hits"]["hits"]
        conflicts = min(self._conflicts.pop(0) if self._conflicts else 0, len(found))
        for hit in found[conflicts:]:
            request(self._url, "DELETE", f"{hit['_index']}/_doc/{hit['_id']}")
        request(self._url, "POST", f"{index}/_refresh")
        return {
            "timed_out": False,
            "total": len(found),
            "deleted": len(found) - conflicts,
            "version_conflicts": conflicts,
            "failures": [],
        }
