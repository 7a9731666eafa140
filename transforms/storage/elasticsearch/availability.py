"""Asks beforehand whether documents can be written: alias, shards, blocks."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from schemas.errors import TransientError
from transforms.storage.elasticsearch.client import Client, RequestRefusedError

CHECK_TIMEOUT = "2s"


def check_writable(client: Client, alias: str) -> None:
    """Raises TransientError, saying why, unless documents can be written to `alias` now."""
    api = client.api
    where = f"Elasticsearch at {client.url}"
    try:
        with client.translated(f"looking for alias {alias}"):
            api.indices.get_alias(name=alias)
    except RequestRefusedError as error:
        if error.status != 404:
            raise
        raise TransientError(f"{where} has no alias {alias}: run `dateline setup`") from None
    with client.translated(f"asking for the health of {alias}"):
        health = api.cluster.health(index=alias, timeout=CHECK_TIMEOUT)
        # Any index has a UUID: this gives the indices behind the alias, a data stream's too.
        behind = set(api.indices.get_settings(index=alias, name="index.uuid"))
        # Elasticsearch filters by index what it tells of routing and metadata, but not the blocks.
        blocks = api.cluster.state(metric="blocks").get("blocks", {})
    if health["status"] == "red":
        raise TransientError(f"{where}: a primary shard of {alias} is not there (health: red)")
    for block in _write_blocks(blocks, behind):
        raise TransientError(f"{where}: writing to {alias} is blocked: {block}")


def _write_blocks(blocks: Mapping[str, Any], indices: Collection[str]) -> Iterator[str]:
    """Gives the reasons of the blocks against writing, the cluster's and those of some indices."""
    of_indices = blocks.get("indices", {})
    levels = [blocks.get("global", {}), *(of_indices.get(index, {}) for index in indices)]
    for level in levels:
        for block in level.values():
            if "write" in block.get("levels", ()):
                yield str(block.get("description", "no reason given"))
