"""Counts feeds by health in one aggregation, by the rules of `transforms.feeds.health`."""

from typing import Any

from transforms.feeds.health import HEALTHS, Health
from transforms.storage.elasticsearch.client import Client
from transforms.storage.elasticsearch.names import Names

# In the order of the rules: each holds where none before it does.
_RULES: tuple[tuple[Health, dict[str, Any]], ...] = (
    ("removed", {"term": {"removed": True}}),
    ("retired", {"term": {"retired": True}}),
    ("dormant", {"term": {"dormant": True}}),
    ("failing", {"range": {"consecutive_failures": {"gt": 0}}}),
    ("new", {"bool": {"must_not": {"exists": {"field": "last_success"}}}}),
    ("ok", {"match_all": {}}),
)


def count_health(client: Client, names: Names) -> dict[Health, int]:
    """Gives how many feeds there are of each health, zeros included."""
    filters = {
        name: {"bool": {"filter": rule, "must_not": [earlier for _, earlier in _RULES[:position]]}}
        for position, (name, rule) in enumerate(_RULES)
    }
    with client.translated(f"counting the feeds in {names.feeds}"):
        client.api.indices.refresh(index=names.feeds)
        answer = client.api.search(
            index=names.feeds, size=0, aggs={"health": {"filters": {"filters": filters}}}
        )
    buckets = answer["aggregations"]["health"]["buckets"]
    return {name: int(buckets[name]["doc_count"]) for name in HEALTHS}
