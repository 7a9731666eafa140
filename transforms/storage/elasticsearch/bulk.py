"""Bulk writes in which one refusal costs no other document."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from schemas.errors import TransientError
from transforms.elasticsearch_protocol.ids import unfit_id
from transforms.elasticsearch_protocol.outcomes import error_text, error_type, is_block
from transforms.storage.article_index import Version, WriteResult
from transforms.storage.elasticsearch.client import Client, RequestRefusedError

# Elasticsearch refuses bodies over 100 MB, and advises 5 to 15 MB.
MAX_REQUEST_BYTES = 10_000_000
MAX_REQUEST_OPERATIONS = 1_000

_ITEM_FILTER = ("errors", "items.*.status", "items.*.error.type", "items.*.error.reason")
_ITEM_CAUSE = "items.*.error.caused_by.reason"


@dataclass(frozen=True, slots=True)
class Operation:
    """One document's write.

    Attributes:
        action: `create` conflicts with any document of this id; `index` replaces; `update` puts
            the fields of `body` into the stored document; `delete` has none, and what is not
            there is deleted already.
        body: The document, or its JSON on one line (not for `update`).
        expected: The version that the stored document must have, else a conflict. The write goes
            to the index that it is of, whatever the alias has come to mean since.
    """

    action: Literal["create", "index", "update", "delete"]
    id: str
    body: Mapping[str, Any] | bytes
    expected: Version | None = None


def write_bulk(
    client: Client,
    index: str,
    operations: Sequence[Operation],
    *,
    require_alias: bool = False,
) -> list[WriteResult]:
    """Tries each operation once.

    Args:
        client: Where to write.
        index: An index or an alias with one write index.
        operations: Any number of any size; they are sent in several requests.
        require_alias: Refuse to create an index of this name by mistake.

    Returns:
        A result for each operation, in their order; a server out of reach makes them transient.

    Raises:
        ConfigError: The server does not let us in.
    """
    results: dict[int, WriteResult] = {}
    ready: list[tuple[int, bytes]] = []
    for position, operation in enumerate(operations):
        if reason := unfit_id(operation.id):
            results[position] = WriteResult("rejected", reason)
        else:
            ready.append((position, _lines(operation)))
    for chunk in _chunks(ready):
        _send(client, index, chunk, require_alias, results)
    return [results[position] for position in range(len(operations))]


def _lines(operation: Operation) -> bytes:
    header: dict[str, Any] = {"_id": operation.id}
    if operation.expected is not None:
        header["if_seq_no"], header["if_primary_term"], index = operation.expected
        header |= {"_index": index, "require_alias": False}
    head = _json({operation.action: header})
    if operation.action == "delete":
        return head
    if isinstance(operation.body, bytes):
        return head + b"\n" + operation.body
    body = {"doc": operation.body} if operation.action == "update" else operation.body
    return head + b"\n" + _json(body)


def _json(value: Any) -> bytes:
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        # Half a surrogate pair has no UTF-8 form, but JSON's escape can carry it.
        return json.dumps(value, separators=(",", ":")).encode("ascii")


def _chunks(ready: Sequence[tuple[int, bytes]]) -> Iterator[list[tuple[int, bytes]]]:
    chunk: list[tuple[int, bytes]] = []
    size = 0
    for item in ready:
        too_big = size + len(item[1]) > MAX_REQUEST_BYTES or len(chunk) >= MAX_REQUEST_OPERATIONS
        if chunk and too_big:
            yield chunk
            chunk, size = [], 0
        chunk.append(item)
        size += len(item[1])
    if chunk:
        yield chunk


def _send(
    client: Client,
    index: str,
    chunk: list[tuple[int, bytes]],
    require_alias: bool,
    results: dict[int, WriteResult],
) -> None:
    """Sends one request, halving it for as long as the server refuses it as a whole."""
    try:
        with client.translated(f"writing to {index}"):
            answer = client.api.bulk(
                index=index,
                operations=[lines for _, lines in chunk],  # type: ignore[misc]
                require_alias=require_alias,
                filter_path=[*_ITEM_FILTER, _ITEM_CAUSE],
            )
    except RequestRefusedError as error:
        if error.status not in (400, 413):
            fill(results, chunk, WriteResult("transient", str(error)))
        elif len(chunk) == 1:
            fill(results, chunk, WriteResult("rejected", str(error)))
        else:
            middle = len(chunk) // 2
            _send(client, index, chunk[:middle], require_alias, results)
            _send(client, index, chunk[middle:], require_alias, results)
        return
    except TransientError as error:
        fill(results, chunk, WriteResult("transient", str(error)))
        return
    items = answer.get("items", [])
    if len(items) != len(chunk):
        reason = f"the bulk answer has {len(items)} items for {len(chunk)} operations"
        fill(results, chunk, WriteResult("transient", reason))
        return
    for (position, _), item in zip(chunk, items, strict=True):
        results[position] = item_result(next(iter(item.values())))


def fill(
    results: dict[int, WriteResult], chunk: Sequence[tuple[int, bytes]], result: WriteResult
) -> None:
    """Gives every operation of a request the same result."""
    for position, _ in chunk:
        results[position] = result


def item_result(item: Mapping[str, Any]) -> WriteResult:
    """Says what became of one operation, from its item in the bulk answer."""
    status = int(item["status"])
    if status < 300 or (status == 404 and "error" not in item):
        return WriteResult("written")
    error = item.get("error", {})
    text = error_text(error)
    if is_block(status, error_type(error)):
        return WriteResult("transient", f"writing is blocked: {text}")
    if status == 409:
        return WriteResult("conflict", text)
    if status == 429 or status >= 500:
        return WriteResult("transient", text)
    if status in (401, 403):
        return WriteResult("transient", f"not allowed; the user lacks a privilege ({text})")
    if status == 404:
        # The index is away (or, for an update, the document); no fault of what was sent.
        return WriteResult("transient", f"{text}; `dateline setup` makes missing indices")
    return WriteResult("rejected", text)


def lone_surrogate(value: Any, path: str = "") -> str:
    """Finds text that has no UTF-8 form; "" where there is none."""
    if isinstance(value, str):
        if value.isascii():
            return ""
        try:
            value.encode()
        except UnicodeEncodeError as error:
            return f"{path} holds half a surrogate pair at character {error.start}: no valid text"
    elif isinstance(value, dict):
        for name, part in value.items():
            problem = lone_surrogate(name, path) or lone_surrogate(part, f"{path}.{name}"[:200])
            if problem:
                return problem.lstrip(".")
    elif isinstance(value, list):
        for part in value:
            problem = lone_surrogate(part, path)
            if problem:
                return problem.lstrip(".")
    return ""
