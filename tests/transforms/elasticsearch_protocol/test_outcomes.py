"""What answers mean, for a document and for a whole request."""

from typing import Any

import pytest

from transforms.elasticsearch_protocol.outcomes import error_text, item_answer, request_answer


@pytest.mark.parametrize(
    ("item", "verdict"),
    [
        ({"status": 201}, "written"),
        ({"status": 409, "error": {"type": "version_conflict_engine_exception"}}, "conflict"),
        ({"status": 429, "error": {"type": "es_rejected_execution_exception"}}, "retry"),
        ({"status": 429, "error": {"type": "cluster_block_exception"}}, "retry"),
        ({"status": 403, "error": {"type": "cluster_block_exception"}}, "retry"),
        ({"status": 403, "error": {"type": "security_exception"}}, "rejected"),
        ({"status": 404, "error": {"type": "index_not_found_exception"}}, "rejected"),
        ({"status": 404}, "rejected"),
        ({"status": 503, "error": {"type": "unavailable_shards_exception"}}, "retry"),
        ({"status": 400, "error": {"type": "document_parsing_exception"}}, "rejected"),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else value,
)
def test_answers_for_a_document(item: dict[str, Any], verdict: str) -> None:
    assert item_answer(item).verdict == verdict


def test_a_block_is_no_overload() -> None:
    block = item_answer({"status": 429, "error": {"type": "cluster_block_exception"}})
    full = item_answer({"status": 429, "error": {"type": "es_rejected_execution_exception"}})
    assert (block.blocked, block.overloaded) == (True, False)
    assert (full.blocked, full.overloaded) == (False, True)
    assert block.reason.startswith("writing is blocked")


@pytest.mark.parametrize(
    ("status", "error", "verdict"),
    [
        (400, {"type": "illegal_argument_exception"}, "split"),
        (413, "", "split"),
        (403, "a firewall's page", "split"),
        (403, {"type": "security_exception"}, "rejected"),
        (404, None, "transient"),
        (302, "Found", "transient"),
        (200, "an unknown product", "transient"),
        (400, {"type": "media_type_header_exception"}, "transient"),
        (401, {"type": "security_exception"}, "transient"),
        (429, None, "retry"),
        (502, "bad gateway", "retry"),
        (503, None, "retry"),
        (504, None, "retry"),
        (520, "a gateway's own", "retry"),
        (501, None, "rejected"),
    ],
)
def test_answers_for_a_whole_request(status: int, error: Any, verdict: str) -> None:
    assert request_answer(status, error).verdict == verdict


def test_a_search_that_failed_on_every_shard_says_why() -> None:
    error = {
        "type": "search_phase_execution_exception",
        "reason": "all shards failed",
        "root_cause": [{"type": "query_shard_exception", "reason": "too many nested clauses"}],
    }
    assert error_text(error).endswith("all shards failed (too many nested clauses)")


@pytest.mark.parametrize("error", [{"type": "t", "reason": "x" * 2_000}, "x" * 2_000], ids=type)
def test_a_long_reason_is_cut(error: Any) -> None:
    assert len(error_text(error)) == 1_000
