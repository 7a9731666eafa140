"""What goes into the sink and what comes out of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Action = Literal["index", "create", "update", "delete"]
VersionType = Literal["external", "external_gte"]
Outcome = Literal["rejected", "conflict", "transient"]

ACTIONS: tuple[Action, ...] = ("index", "create", "update", "delete")
VERSION_TYPES: tuple[VersionType, ...] = ("external", "external_gte")


@dataclass(frozen=True, slots=True)
class Operation:
    """One document's write.

    Attributes:
        action: `index` replaces what stands there, `create` conflicts with it, `update` merges
            `document` into it, `delete` removes it.
        id: The document's id, of 1 to 512 bytes; with None, `index` and `create` get a random
            one before the first try, so that a repeated try writes no second document.
        document: The source, or for `update` the fields to change; None for `delete`.
        index: Index, alias or data stream; None takes the transform's.
        routing: Routing value, None for the id's own.
        version: External version: a document at this version or above (`external_gte`: above)
            makes a conflict. Not for `create` or `update`.
        version_type: How `version` is compared.
        if_seq_no: With `if_primary_term`, compare-and-set: what stands there must have these
            numbers, else a conflict. Not together with `version`.
        if_primary_term: See `if_seq_no`.
        upsert: For `update`: the source to create if nothing stands there.
        doc_as_upsert: For `update`: create from `document` if nothing stands there.
    """

    action: Action
    id: str | None = None
    document: Mapping[str, Any] | None = None
    index: str | None = None
    routing: str | None = None
    version: int | None = None
    version_type: VersionType = "external"
    if_seq_no: int | None = None
    if_primary_term: int | None = None
    upsert: Mapping[str, Any] | None = None
    doc_as_upsert: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """An acknowledged write.

    Attributes:
        element: What came in: the plain document or the `Operation`.
        index: The concrete index that holds it, where an alias was written to.
        id: The document's id.
        action: What was done.
        result: Elasticsearch's word: created, updated, deleted or noop.
        version: The document's version.
        seq_no: For a later compare-and-set.
        primary_term: For a later compare-and-set.
        attempts: Requests it took, from 1.
    """

    element: Any
    index: str
    id: str
    action: Action
    result: str
    version: int
    seq_no: int
    primary_term: int
    attempts: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands in the index where a write met a conflict.

    Attributes:
        found: False where the document is away (again).
        version: Its version, 0 where it is away.
        seq_no: For the next compare-and-set, -1 where it is away.
        primary_term: For the next compare-and-set, 0 where it is away.
        source: The document, None where it is away.
    """

    found: bool
    version: int = 0
    seq_no: int = -1
    primary_term: int = 0
    source: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class FailedWrite:
    """A write that was not acknowledged.

    Attributes:
        element: What came in, unchanged: the plain document or the `Operation`.
        index: Where it was to go, "" if that could not be found out.
        id: The document's id, "" if that could not be found out.
        action: What was to be done.
        outcome: `rejected`: the same write would be refused again. `conflict`: another version
            stands there (409). `transient`: the server was away, overloaded or blocked to the
            last try, or is not the one that was meant; nothing is wrong with the document.
        status: HTTP status of the document or its request; None where there was no answer.
        error_type: Elasticsearch's name of the error, "" where it gave none.
        reason: What was wrong, in words.
        attempts: Requests that carried it, 0 if it was never sent.
        standing: For a conflict, on request: what stands there.
    """

    element: Any
    index: str
    id: str
    action: str
    outcome: Outcome
    status: int | None
    error_type: str
    reason: str
    attempts: int
    standing: Standing | None = None


class UnfitOperationError(ValueError):
    """An operation that no server would take; found before it could cost its neighbours."""
