"""Turns operations into the lines of a bulk request; refuses what would spoil the request."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from transforms.elasticsearch_protocol.ids import unfit_id
from transforms.elasticsearchio.json_lines import to_json
from transforms.elasticsearchio.operations import ACTIONS, Operation, UnfitOperationError

# The server reads, merges and writes an update; others who write the document meanwhile are no
# conflict to whoever compares with nothing. As many tries as Beam's Java sink asks for.
RETRIES_ON_CONFLICT = 5


@dataclass(slots=True, eq=False)
class Encoded:
    """An operation on its way: its element, its address and its lines, without the last newline."""

    element: Any
    context: Any
    operation: Operation
    index: str
    id: str
    lines: bytes
    attempts: int = 0
    # An earlier try may have been carried out although its answer never came.
    ambiguous: bool = False
    # What the server last called the index: an alias or a data stream has others, and a document of
    # theirs can be read only where it stands.
    concrete_index: str = ""


def encode(
    element: Any, context: Any, operation: Operation, index: str | None, require_alias: bool = False
) -> Encoded:
    """Checks an operation and writes its lines.

    Args:
        element: What the operation was made of.
        context: The caller's own; handed back with the result.
        operation: What to write.
        index: Where to, if the operation does not say.
        require_alias: Refuse to write to (or create) an index of this name.

    Raises:
        UnfitOperationError: It would be refused, or would fail the request that it stands in.
    """
    target = operation.index or index
    if not target:
        raise UnfitOperationError(
            "no index: name one in the operation or in WriteToElasticsearch(index=…)"
        )
    _check(operation)
    identity = _identity(operation)
    header: dict[str, Any] = {"_index": target, "_id": identity}
    if operation.routing is not None:
        header["routing"] = operation.routing
    if operation.version is not None:
        header["version"] = operation.version
        header["version_type"] = operation.version_type
    if operation.if_seq_no is not None:
        header["if_seq_no"] = operation.if_seq_no
        header["if_primary_term"] = operation.if_primary_term
    elif operation.action == "update":
        header["retry_on_conflict"] = RETRIES_ON_CONFLICT
    if require_alias and operation.action != "delete":
        header["require_alias"] = True
    lines = to_json({operation.action: header})
    if operation.action != "delete":
        lines += b"\n" + to_json(_body(operation))
    return Encoded(element, context, operation, target, identity, lines)


def _body(operation: Operation) -> Mapping[str, Any] | None:
    if operation.action != "update":
        return operation.document
    body: dict[str, Any] = {"doc": operation.document}
    if operation.upsert is not None:
        body["upsert"] = operation.upsert
    if operation.doc_as_upsert:
        body["doc_as_upsert"] = True
    return body


def _identity(operation: Operation) -> str:
    if operation.id is None:
        if operation.action in ("update", "delete"):
            raise UnfitOperationError(f"{operation.action} needs the id of a document")
        return uuid.uuid4().hex
    if not isinstance(operation.id, str):
        raise UnfitOperationError(f"the id must be a str, not {type(operation.id).__name__}")
    if reason := unfit_id(operation.id):
        raise UnfitOperationError(reason)
    return operation.id


def _check(operation: Operation) -> None:
    action = operation.action
    if action not in ACTIONS:
        raise UnfitOperationError(f"no action {action!r}; there are {', '.join(ACTIONS)}")
    if action == "delete":
        if operation.document is not None:
            raise UnfitOperationError("delete takes no document")
    elif not isinstance(operation.document, Mapping):
        kind = type(operation.document).__name__
        raise UnfitOperationError(
            f"{action} needs a mapping as its document, not {kind}; "
            "WriteToElasticsearch(document=…) makes one, json.loads for JSON text"
        )
    if (operation.if_seq_no is None) != (operation.if_primary_term is None):
        raise UnfitOperationError("if_seq_no and if_primary_term go together")
    if operation.version is not None:
        if operation.if_seq_no is not None:
            raise UnfitOperationError("version and if_seq_no exclude each other")
        if action in ("create", "update"):
            raise UnfitOperationError(f"{action} takes no version; compare with if_seq_no")
    if operation.if_seq_no is not None and action == "create":
        raise UnfitOperationError("create takes no if_seq_no: nothing may stand there")
    upserts = operation.upsert is not None or operation.doc_as_upsert
    if upserts and (action != "update" or operation.if_seq_no is not None):
        raise UnfitOperationError("upsert and doc_as_upsert are for updates without if_seq_no")
