"""Makes the results of operations: receipts, failures, and a lost answer's own success."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from transforms.elasticsearch_protocol.outcomes import Answer
from transforms.elasticsearchio.encoding import Encoded
from transforms.elasticsearchio.operations import FailedWrite, Outcome, Receipt, Standing


@dataclass(frozen=True, slots=True)
class Done:
    """An operation's end; `context` is what the caller gave with it."""

    context: Any
    result: Receipt | FailedWrite


def is_own_work(item: Encoded, standing: Standing) -> bool:
    """Says whether a refused repetition is the first try's own success.

    When a connection broke before the answer came, the server may have written the documents:
    the next try of a `create` or of a compare-and-set then conflicts with itself.
    """
    operation = item.operation
    if operation.action == "delete":
        return not standing.found
    if operation.id is None:
        # Nobody else gives that random id, whatever a pipeline has made of the document.
        return standing.found
    if not standing.found or standing.source is None:
        return False
    if operation.version is not None and standing.version != operation.version:
        return False
    # As the server was sent it: the user's own mapping may hold tuples and the like.
    sent = json.loads(item.lines.partition(b"\n")[2])
    if operation.action == "update":
        return _holds(standing.source, sent["doc"])
    return bool(standing.source == sent)


def _holds(source: Mapping[str, Any], part: Mapping[str, Any]) -> bool:
    for name, value in part.items():
        there = source.get(name)
        if isinstance(value, Mapping) and isinstance(there, Mapping):
            if not _holds(there, value):
                return False
        elif name not in source or there != value:
            return False
    return True


def receipt(item: Encoded, answer: Mapping[str, Any]) -> Receipt:
    """Makes the receipt of an operation that the server acknowledged in its answer's item."""
    return Receipt(
        item.element,
        answer.get("_index", item.index),
        item.id,
        item.operation.action,
        answer.get("result", ""),
        answer.get("_version", 0),
        answer.get("_seq_no", -1),
        answer.get("_primary_term", 0),
        item.attempts,
    )


def confirmed(item: Encoded, standing: Standing) -> Receipt:
    """Makes the receipt of an operation whose success shows in what stands there."""
    action = item.operation.action
    result = {"create": "created", "delete": "deleted"}.get(action, "updated")
    return Receipt(
        item.element,
        item.concrete_index or item.index,
        item.id,
        action,
        result,
        standing.version,
        standing.seq_no,
        standing.primary_term,
        item.attempts,
    )


def failed(
    item: Encoded, answer: Answer, outcome: Outcome, standing: Standing | None = None
) -> Done:
    """Makes the end of an operation that was not carried out."""
    return Done(
        item.context,
        FailedWrite(
            item.element,
            item.index,
            item.id,
            item.operation.action,
            outcome,
            answer.status,
            answer.error_type,
            answer.reason,
            item.attempts,
            standing,
        ),
    )


def behind(item: Encoded, earlier: FailedWrite) -> Done:
    """Makes the end of an operation that was held behind one that stayed unwritten."""
    reason = f"not sent, since an earlier operation on this document failed: {earlier.reason}"
    answer = Answer("transient", earlier.status, earlier.error_type, reason)
    return failed(item, answer, "transient")
