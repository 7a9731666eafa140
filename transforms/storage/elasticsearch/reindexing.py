"""Copies an index into a new one behind its alias while writers go on: split, or another mapping.

The new index is filled in passes, each taking what was written since the last; when little is left,
the old index is closed to writes for the last pass, and the alias goes over in one step. Writers
meet the block as an index that is away for a moment: they try again, and find the new one. A write
that was prepared against the old index goes to it by name and is refused there, so that no version
number of the one index can be taken for one of the other.
"""

import random
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from schemas.errors import ConfigError, DatelineError, TransientError
from transforms.batches import batches
from transforms.elasticsearch_protocol.retries import RetryPolicy
from transforms.storage.elasticsearch.bulk import Operation, write_bulk
from transforms.storage.elasticsearch.client import Client, if_found
from transforms.storage.elasticsearch.compare_and_set import raise_unless_taken
from transforms.storage.elasticsearch.reading import read_documents, scan_documents
from transforms.storage.elasticsearch.reindex_claim import ReindexClaim

# A pass that finds fewer than this leaves little enough for the block.
FEW = 1_000
MAX_PASSES = 20
# How often, and how long, it is tried to open the old index to writes again.
OPENING = RetryPolicy(max_attempts=8)
_AT_ONCE = 500
_NUMBER = re.compile(r"(?P<stem>.+-)(?P<number>\d{6})")

MakeDocument = Callable[[str, dict[str, Any]], Mapping[str, Any]]


@dataclass(slots=True)
class Reindexed:
    """How far it is: documents copied (changed ones again), deleted, of so many; from where to."""

    old: str
    new: str
    total: int = 0
    copied: int = 0
    deleted: int = 0
    passes: int = 0
    finished: bool = False


def reindex(
    client: Client,
    alias: str,
    *,
    body: Mapping[str, Any],
    document: MakeDocument,
    report: Callable[[Reindexed], None] = lambda _: None,
) -> Reindexed:
    """Copies the alias's index into the next one and gives that the alias.

    A new index that a killed call has left is filled from the beginning, and the old one is opened
    to writes again.

    Args:
        client: Where it is.
        alias: Of one index, whose name ends in six digits.
        body: Mapping and settings of the new index.
        document: Makes the new document of an id and a stored one.
        report: Is called after each part.

    Raises:
        ConfigError: The alias has no index, or more than one, or one of another name.
        TransientError: Another process does it just now (`ReindexClaim`); or it could not be
            finished: the alias is where it was, and writes go on, unless the text says that the
            old index may still be closed.
    """
    old = current_index(client, alias)
    done = Reindexed(old, next_name(old))
    with client.translated(f"counting {old}"):
        done.total = int(client.api.count(index=old)["count"])
    claim = ReindexClaim(client, done.new, body)
    claim.take()
    _open(client, old)
    seen: dict[int, int] = {}

    def tell(done: Reindexed) -> None:
        report(done)
        claim.renew()

    while True:
        if _copy_pass(client, done, seen, document, tell) < FEW or done.passes >= MAX_PASSES:
            break
    try:
        claim.renew()
        with client.translated(f"closing {old} to writes"):
            client.api.indices.add_block(index=old, block="write")
        _copy_pass(client, done, seen, document, tell)
        _delete_what_is_gone(client, done, tell)
        with client.translated(f"refreshing {done.new}"):
            client.api.indices.refresh(index=done.new)
        claim.end()
        with client.translated(f"moving alias {alias} from {old} to {done.new}"):
            client.api.indices.update_aliases(
                actions=[
                    {"remove": {"index": old, "alias": alias}},
                    {"add": {"index": done.new, "alias": alias, "is_write_index": True}},
                ]
            )
    except BaseException as error:
        if claim.is_lost:
            raise  # whether the old index is closed is the other's affair now
        try:
            _open_unless_gone_over(client, alias, old)
        except DatelineError as another:
            raise TransientError(
                f"{str(error) or repr(error)}; then {another}; the old index {old} may still be "
                "closed to writes: run `dateline reindex` again"
            ) from error
        raise
    done.finished = True
    report(done)
    return done


def current_index(client: Client, alias: str) -> str:
    """Gives the index behind an alias.

    Raises:
        ConfigError: There is none, or more than one.
    """
    with client.translated(f"looking for alias {alias}"):
        known = if_found(lambda: dict(client.api.indices.get_alias(name=alias))) or {}
    if len(known) != 1:
        raise ConfigError(
            f"alias {alias} has {len(known)} indices; it must have one: `dateline setup` makes it"
        )
    return str(next(iter(known)))


def next_name(index: str) -> str:
    """Gives the name of the index after this one: `…-000001` becomes `…-000002`.

    Raises:
        ConfigError: The name does not end in six digits.
    """
    match = _NUMBER.fullmatch(index)
    if match is None:
        raise ConfigError(
            f"index {index}: its name must end in six digits, as news-articles-000001"
        )
    return f"{match['stem']}{int(match['number']) + 1:06d}"


def _open_unless_gone_over(client: Client, alias: str, old: str) -> None:
    """Opens the old index to writes, trying again: what has failed before was often the network.

    Raises:
        TransientError: To the last try it could not be opened, or told whether it must be.
    """
    began, tries, rng = time.monotonic(), 0, random.Random()
    while True:
        tries += 1
        try:
            # It has gone over where only the answer was lost: then the old index stays closed.
            if current_index(client, alias) == old:
                _open(client, old)
            return
        except TransientError as error:
            elapsed = time.monotonic() - began
            delay = OPENING.delay(tries, elapsed, rng, retry_after=error.retry_after)
            if delay is None:
                raise
        time.sleep(delay)


def _open(client: Client, index: str) -> None:
    with client.translated(f"opening {index} to writes"):
        client.api.indices.put_settings(index=index, settings={"index.blocks.write": None})


def _copy_pass(
    client: Client,
    done: Reindexed,
    seen: dict[int, int],
    document: MakeDocument,
    report: Callable[[Reindexed], None],
) -> int:
    """Copies what has changed since the last pass, shard by shard; gives how much it was.

    Args:
        client: Where it is.
        done: Counts.
        seen: The last sequence number that was read, by shard.
        document: Makes the new document of an id and a stored one.
        report: Is called after each part.
    """
    copied = 0
    with client.translated(f"asking for the shards of {done.old}"):
        settings = client.api.indices.get_settings(index=done.old, flat_settings=True)
    shards = int(settings[done.old]["settings"]["index.number_of_shards"])
    for shard in range(shards):
        changed = scan_documents(
            client,
            done.old,
            query={"range": {"_seq_no": {"gt": seen.get(shard, -1)}}},
            sort=[{"_seq_no": "asc"}],
            at_once=_AT_ONCE,
            preference=f"_shards:{shard}",
            versions=True,
        )
        for part in batches(changed, _AT_ONCE):
            operations = [Operation("index", one.id, document(one.id, one.source)) for one in part]
            raise_unless_taken(write_bulk(client, done.new, operations), client, done.new)
            seen[shard] = part[-1].version[0]
            copied += len(part)
            done.copied += len(part)
            report(done)
    done.passes += 1
    return copied


def _delete_what_is_gone(
    client: Client, done: Reindexed, report: Callable[[Reindexed], None]
) -> None:
    """Deletes from the new index what was deleted from the old one after it had been copied."""
    copies = scan_documents(client, done.new, source=False, at_once=_AT_ONCE)
    for part in batches((one.id for one in copies), _AT_ONCE):
        there = read_documents(client, done.old, part, at_once=_AT_ONCE, includes=["@timestamp"])
        operations = [Operation("delete", key, {}) for key in part if key not in there]
        raise_unless_taken(write_bulk(client, done.new, operations), client, done.new)
        done.deleted += len(operations)
        report(done)
