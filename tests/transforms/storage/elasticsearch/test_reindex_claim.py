"""Who may fill an index, by the mark on it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from transforms.owner_name import owner_name
from transforms.storage.elasticsearch.reindex_claim import busy_until

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SOON = NOW + timedelta(seconds=90)
ME = owner_name()
DEAD = "/".join((*ME.split("/")[:2], "00000000-1"))


def mark(owner: str, until: datetime = SOON) -> dict[str, Any]:
    return {"fingerprint": "x", "reindex": {"owner": owner, "until": until.isoformat()}}


@pytest.mark.parametrize(
    ("meta", "until"),
    [
        ({}, None),
        ({"fingerprint": "x"}, None),
        (mark("elsewhere/1/abc-1"), SOON),
        (mark("elsewhere/1/abc-1", NOW), None),
        (mark(ME), None),
        (mark(DEAD), None),
    ],
    ids=["no meta", "no mark", "another's", "another's of old", "our own", "a dead process's"],
)
def test_an_index_is_busy_while_another_that_may_live_has_marked_it(
    meta: dict[str, Any], until: datetime | None
) -> None:
    assert busy_until(meta, ME, NOW) == until
