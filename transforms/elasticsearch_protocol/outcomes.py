"""Reads an answer: what became of a document, what a refused request means for its parts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Verdict = Literal["written", "rejected", "conflict", "retry", "split", "transient"]

_MAX_REASON_CHARS = 1_000
TRY_AGAIN = frozenset({408, 429, 500, 502, 503, 504})
# The address or the credentials are wrong: that is true of every document alike.
_WHOLE = frozenset({404, 405, 407})


@dataclass(frozen=True, slots=True)
class Answer:
    """The server's word on one document or one request.

    Attributes:
        verdict: What to do: `written`, `rejected`, `conflict`; `retry` later; `split` the
            request; `transient`: give up, though nothing is wrong with the documents.
        status: HTTP status, None where there was no answer.
        error_type: Elasticsearch's name of the error, "" where it gave none.
        reason: What was wrong, in words.
        overloaded: The server has too much to do (429): send less at once.
        blocked: Writing is blocked: a longer wait.
        ambiguous: The request may have been carried out nevertheless.
        retry_after: Seconds that the server asked to wait.
        item: The bulk answer's item, of a document that was written.
        index: The concrete index that the item names, "" where there is no item.
    """

    verdict: Verdict
    status: int | None
    error_type: str = ""
    reason: str = ""
    overloaded: bool = False
    blocked: bool = False
    ambiguous: bool = False
    retry_after: float | None = None
    item: Mapping[str, Any] | None = None
    index: str = ""


class RefusedError(Exception):
    """A whole request failed.

    Attributes:
        answer: What that means.
    """

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.reason)
        self.answer = answer


def item_answer(item: Mapping[str, Any]) -> Answer:
    """Reads one document's item of a bulk answer (the value below `index`, `create`, …)."""
    status = int(item["status"])
    index = str(item.get("_index") or "")
    if status < 300:
        return Answer("written", status, item=item, index=index)
    error = item.get("error")
    kind = error_type(error)
    if status == 404 and error is None:
        # A delete of what is not there is answered without an error.
        kind, text = "document_missing", "nothing stands there to delete"
    else:
        text = error_text(error)
    if is_block(status, kind):
        return Answer("retry", status, kind, f"writing is blocked: {text}", blocked=True)
    if status == 409:
        return Answer("conflict", status, kind, text, index=index)
    if status in TRY_AGAIN:
        return Answer("retry", status, kind, text, overloaded=status == 429)
    return Answer("rejected", status, kind, text, index=index)


def request_answer(status: int, error: Any, retry_after: float | None = None) -> Answer:
    """Reads a refusal of a whole request.

    Args:
        status: HTTP status.
        error: The body's `error`, or whatever the body was.
        retry_after: The header of that name, in seconds.
    """
    kind = error_type(error)
    text = error_text(error) if error else f"HTTP status {status}"
    if is_block(status, kind):
        return Answer("retry", status, kind, f"writing is blocked: {text}", blocked=True)
    if status in TRY_AGAIN:
        # A gateway's 502 or 504 says nothing of what happened behind it.
        ambiguous = status in (408, 500, 502, 504)
        return Answer(
            "retry",
            status,
            kind,
            text,
            overloaded=status == 429,
            ambiguous=ambiguous,
            retry_after=retry_after,
        )
    if status == 401:
        reason = f"not logged in: check the credentials that the connection names ({text})"
        return Answer("transient", status, kind, reason)
    if status in _WHOLE or kind == "security_exception":
        return Answer("rejected", status, kind, text)
    if 400 <= status < 500:
        # Too large (413), spoilt by one document (400), or refused by a firewall for a text in
        # one of them (403): the smallest parts will tell.
        return Answer("split", status, kind, text)
    return Answer("rejected", status, kind, text)


def error_type(error: Any) -> str:
    """Gives Elasticsearch's name for an `error` object, "" where it is none."""
    return str(error.get("type", "")) if isinstance(error, Mapping) else ""


def error_text(error: Any) -> str:
    """Gives Elasticsearch's own words for an `error` object, its first cause included."""
    if not isinstance(error, Mapping):
        return str(error)[:_MAX_REASON_CHARS]
    text = f"{error.get('type', 'error')}: {error.get('reason', '')}"
    cause = error.get("caused_by")
    if isinstance(cause, Mapping) and cause.get("reason"):
        text += f" ({cause['reason']})"
    return text[:_MAX_REASON_CHARS]


def is_block(status: int, kind: str) -> bool:
    """Says whether an error is a block: a full disk (429) or a read-only index (403)."""
    return kind == "cluster_block_exception" and status in (403, 429)
