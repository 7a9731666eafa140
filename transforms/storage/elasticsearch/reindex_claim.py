"""One reindexing at a time: a mark on the index that is filled says who does it, and until when.

Two at once would each drop what the other has filled, and the alias could go over to half of it.
"""

import time
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from schemas.errors import TransientError
from transforms.clock import utc_now
from transforms.owner_name import has_died, owner_name
from transforms.storage.elasticsearch.client import Client, if_found

_MARK = "reindex"
_LASTS = timedelta(minutes=2)
_RENEWED_AFTER = 10.0


def busy_until(meta: Mapping[str, Any], me: str, now: datetime) -> datetime | None:
    """Gives until when an index is another process's to fill; None where it is nobody's.

    Args:
        meta: The `_meta` of its mapping.
        me: The name of this process (`owner_name`).
        now: UTC.
    """
    mark = meta.get(_MARK)
    if not mark or mark["owner"] == me or has_died(mark["owner"]):
        return None
    until = datetime.fromisoformat(mark["until"])
    return until if until > now else None


class ReindexClaim:
    """The claim on an index that is to be filled.

    Args:
        client: Where it is.
        index: Its name.
        body: Mapping, with `_meta`, and settings that it is to have.
        clock: Gives the time, UTC.

    Attributes:
        is_lost: Another process has dropped the index that this one has filled.
    """

    def __init__(
        self,
        client: Client,
        index: str,
        body: Mapping[str, Any],
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.is_lost = False
        self._client, self._index, self._body, self._clock = client, index, body, clock
        self._meta: Mapping[str, Any] = body["mappings"].get("_meta", {})
        self._owner, self._token = owner_name(), uuid.uuid4().hex
        self._renewed = time.monotonic()

    def take(self) -> None:
        """Creates the index, dropping what an earlier call has left of it.

        Raises:
            TransientError: Another process fills it, or has just given it the alias.
        """
        indices = self._client.api.indices
        with self._client.translated(f"looking for {self._index}"):
            found = if_found(lambda: dict(indices.get(index=self._index)))
        if found is not None:
            self._require_abandoned(found[self._index])
            with self._client.translated(f"dropping {self._index}, which an earlier call has left"):
                if_found(lambda: indices.delete(index=self._index))
        mapping = {**self._body["mappings"], "_meta": self._marked()}
        with self._client.translated(f"creating {self._index}"):
            indices.create(index=self._index, body={**self._body, "mappings": mapping})

    def _require_abandoned(self, found: Mapping[str, Any]) -> None:
        if found.get("aliases"):
            raise TransientError(
                f"{self._index} has just been given the alias by another `dateline reindex`: "
                "nothing is left to do, unless its settings are not those that you want"
            )
        now = self._clock()
        until = busy_until(found["mappings"].get("_meta", {}), self._owner, now)
        if until is not None:
            raise TransientError(
                f"another `dateline reindex` is filling {self._index}: wait until it has ended, "
                f"or, if it was killed, {(until - now).total_seconds():.0f} s"
            )

    def renew(self) -> None:
        """Makes sure, now and then, that the index is still ours: to be called between writes.

        Raises:
            TransientError: It is not; then `is_lost`.
        """
        if time.monotonic() - self._renewed >= _RENEWED_AFTER:
            self._put(self._marked())

    def end(self) -> None:
        """Takes the mark away, when all has been copied; raises as `renew` does."""
        self._put(self._meta)

    def _put(self, meta: Mapping[str, Any]) -> None:
        indices = self._client.api.indices
        with self._client.translated(f"renewing the claim on {self._index}"):
            found = if_found(lambda: dict(indices.get_mapping(index=self._index)))
            stored = found[self._index]["mappings"].get("_meta", {}) if found else {}
            self.is_lost = stored.get(_MARK, {}).get("token") != self._token
            if not self.is_lost:
                indices.put_mapping(index=self._index, body={"_meta": meta})
        if self.is_lost:
            raise TransientError(
                f"another `dateline reindex` has begun to fill {self._index} anew: this one ends"
            )
        self._renewed = time.monotonic()

    def _marked(self) -> dict[str, Any]:
        until = (self._clock() + _LASTS).isoformat()
        return {
            **self._meta,
            _MARK: {"owner": self._owner, "token": self._token, "until": until},
        }
