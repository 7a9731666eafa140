"""Reads an answer: what became of a document, what a refused request means for its parts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Verdict = Literal["written", "rejected", "conflict", "retry", "split", "transient"]

_MAX_REASON_CHARS = 1_000
# A version older than the client's answers so to the headers that the client sends.
OTHER_VERSION = "media_type_header_exception"
# The server's own errors that stay: it does not know the method, or the version of HTTP.
_LASTING = frozenset({501, 505})
# These statuses are not sent by `_bulk`, whatever is in the request.
_NO_BULK = frozenset({404, 405, 407})


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
    if may_pass(status):
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
    if may_pass(status):
        # A gateway's 502 or 504 says nothing of what happened behind it.
        ambiguous = status not in (429, 503)
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
    if kind == "security_exception":
        return Answer("rejected", status, kind, text)
    if status < 400 or status in _NO_BULK:
        reason = f"no Elasticsearch answers there: check the address ({text})"
        return Answer("transient", status, kind, reason)
    if kind == OTHER_VERSION:
        reason = f"the server is no Elasticsearch 9, which is needed ({text})"
        return Answer("transient", status, kind, reason)
    if 400 <= status < 500:
        # Too large (413), spoilt by one document (400), or refused by a firewall for a text in
        # one of them (403): the smallest parts will tell.
        return Answer("split", status, kind, text)
    return Answer("rejected", status, kind, text)


def may_pass(status: int) -> bool:
    """Says whether an error status tells of a trouble that passes by itself.

    Gateways have statuses of their own from 520 on, for a server that they do not reach.
    """
    return status in (408, 429) or (500 <= status < 600 and status not in _LASTING)


def error_type(error: Any) -> str:
    """Gives Elasticsearch's name for an `error` object, "" where it is none."""
    return str(error.get("type", "")) if isinstance(error, Mapping) else ""


def error_text(error: Any) -> str:
    """Gives Elasticsearch's own words for an `error` object, its first cause included.

    A search that failed on each shard has its cause, such as a query of too many words, in
    `root_cause` alone.
    """
    if not isinstance(error, Mapping):
        return str(error)[:_MAX_REASON_CHARS]
    text = f"{error.get('type', 'error')}: {error.get('reason', '')}"
    for cause in (error.get("caused_by"), *(error.get("root_cause") or ())):
        if isinstance(cause, Mapping) and cause.get("reason") not in (None, error.get("reason")):
            text += f" ({cause['reason']})"
            break
    return text[:_MAX_REASON_CHARS]


def is_block(status: int, kind: str) -> bool:
    """Says whether an error is a block: a full disk (429) or a read-only index (403)."""
    return kind == "cluster_block_exception" and status in (403, 429)
