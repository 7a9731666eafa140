"""Each panel's query, run on a real Elasticsearch with the demo's documents.

What it must return is counted from the documents themselves, by `counted` below.
"""

import json
import os
import uuid
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.configuration import load_config
from pipeline.demo.server import DemoServer
from pipeline.kibana.assets import build
from pipeline.observing import RunObserver
from pipeline.run import LocalRun
from pipeline.stopping import stop_on_signals
from schemas.failure import Failure, failure_id
from tests.deploy.kibana_objects import Panel, aggregations, lens_panels, of_type
from tests.servers.elasticsearch_indices import delete_indices, request
from transforms.storage.open import open_store

PREFIX = f"test-{uuid.uuid4().hex[:12]}-"
PANELS = list(lens_panels(build(PREFIX)))
CONFIG = Path(__file__).parents[2] / "configs" / "demo.yaml"
NOW = datetime.now(UTC).replace(microsecond=0)
# What the queries of panels and searches must find among the demo's documents.
FOUND = {
    "coverage/top-stories": 38,
    "operations/feeds": 15,
    "operations/failing": 1,
    "operations/overdue": 2,
    "operations/open-letters": 2,
    "operations/status": 15,
    "headlines": 38,
    "dead-letters": 2,
    "failing-feeds": 1,
}
AGGREGATIONS = {"terms", "date_histogram", "cardinality", "min", "max", "sum", "avg"}


@pytest.fixture(scope="module")
def elasticsearch(elasticsearch_url: str) -> Iterator[str]:
    """Gives a server with the demo's documents, a silent feed, three dead letters (one closed)."""
    try:
        fill(elasticsearch_url)
        yield elasticsearch_url
    finally:
        delete_indices(elasticsearch_url, PREFIX)


def fill(elasticsearch_url: str) -> None:
    with DemoServer(NOW) as server, stop_on_signals() as stop:
        config = load_config(
            CONFIG,
            [f"index.url={elasticsearch_url}", f"index.prefix={PREFIX}"],
            environ={**os.environ, "DATELINE_DEMO_URL": server.url},
        )
        LocalRun(config, stop, RunObserver()).once()
    store = open_store(config)
    store.put_failures([failure("parse", 1), failure("tag", 2), failure("write", 3)])
    store.close_failure(failure("write", 3).id, NOW)
    store.close()
    silent = {
        "url": "https://silent.example/feed.xml",
        "host": "silent.example",
        "last_status": 500,
        "consecutive_failures": 4,
        "last_success": (NOW - timedelta(days=3)).isoformat(),
        "next_due": (NOW - timedelta(hours=1)).isoformat(),
        "removed": False,
        "retired": False,
    }
    others = {
        "last_status": 200,
        "consecutive_failures": 0,
        "last_success": (NOW - timedelta(hours=25)).isoformat(),
    }
    # Once in a day, and a little late, is often enough for some.
    rare = {"url": "https://rare.example/feed.xml", "next_due": NOW.isoformat()}
    forgotten = {
        "url": "https://forgotten.example/feed.xml",
        "next_due": (NOW - timedelta(hours=5)).isoformat(),
    }
    request(elasticsearch_url, "PUT", f"{PREFIX}news-feeds/_doc/silent", silent)
    for name, feed in {"rare": rare, "forgotten": forgotten}.items():
        document = {**silent, **others, **feed}
        request(elasticsearch_url, "PUT", f"{PREFIX}news-feeds/_doc/{name}", document)
    for name, document in NAMING.items():
        request(elasticsearch_url, "PUT", f"{PREFIX}news-articles/_doc/{name}", document)
    request(elasticsearch_url, "POST", f"{PREFIX}news-*/_refresh")


def naming(hours: int, people: list[str], organizations: list[str]) -> dict[str, Any]:
    published = NOW - timedelta(hours=hours)
    return {
        "@timestamp": published.isoformat(),
        "event": {"created": NOW.isoformat()},
        "message": "A report",
        "url": {"full": f"https://paper.example/{hours}", "registered_domain": "paper.example"},
        "news": {
            "language": "en",
            "revision": 1,
            "people": people,
            "organizations": organizations,
            "story": {"id": "report-1"},
        },
    }


# The demo's own news names nobody.
NAMING = {
    "report-1": naming(40, ["António Guterres"], ["United Nations"]),
    "report-2": naming(2, ["António Guterres", "Greta Thunberg"], ["United Nations", "NATO"]),
    "report-3": naming(1, ["Greta Thunberg"], []),
}


def failure(stage: Any, number: int) -> Failure:
    url, key = "https://broken.example/feed.xml", f"entry-{number}"
    return Failure(
        id=failure_id(url, key, stage),
        feed_url=url,
        entry_key=key,
        stage=stage,
        error="the title is empty",
        input={},
        first_seen=NOW,
        last_seen=NOW,
        sight_time=NOW,
    )


def search(url: str, index: str, body: dict[str, Any]) -> Any:
    answer = request(url, "POST", f"{index}/_search?track_total_hits=true", body)
    assert answer is not None, f"{index} is not there"
    assert answer["_shards"]["failed"] == 0
    return answer


def asked(query: str) -> dict[str, Any]:
    return {"query_string": {"query": query}} if query else {"match_all": {}}


def values(document: dict[str, Any], column: dict[str, Any]) -> list[Any]:
    """Gives a document's values of a column's field, in the form that buckets have as keys."""
    value: Any = document.get("@timestamp") if column["sourceField"] == "@timestamp" else document
    if column["sourceField"] != "@timestamp":
        for name in column["sourceField"].split("."):
            value = value.get(name) if isinstance(value, dict) else None
    found = [v for v in (value if isinstance(value, list) else [value]) if v is not None]
    if column["dataType"] == "date":
        stamps = [datetime.fromisoformat(v).timestamp() for v in found]
        hour = 3600 if column["operationType"] == "date_histogram" else 0
        found = [int(s // hour * hour if hour else 0) * 1000 if hour else s * 1000 for s in stamps]
    return sorted(set(found)) if column["isBucketed"] else found


def measured(column: dict[str, Any], documents: list[dict[str, Any]]) -> float | None:
    """Gives a metric of documents."""
    operation = column["operationType"]
    if operation == "count":
        return len(documents)
    found = [v for document in documents for v in values(document, column)]
    if operation == "unique_count":
        return len(set(found))
    if operation == "sum":
        return float(sum(found))
    if not found:
        return None
    if operation == "average":
        return float(sum(found) / len(found))
    return float({"min": min, "max": max}[operation](found))


def counted(
    panel: Panel, documents: list[dict[str, Any]], depth: int = 0
) -> dict[tuple[Any, ...], dict[str, float | None]]:
    """Counts by hand: metrics by the keys of the innermost buckets, bucket sizes not applied."""
    if depth == len(panel.buckets):
        return {(): {name: measured(c, documents) for name, c in panel.metrics.items()}}
    groups: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for document in documents:
        for key in values(document, panel.buckets[depth]):
            groups[key].append(document)
    return {
        (key, *rest): metrics
        for key, group in groups.items()
        for rest, metrics in counted(panel, group, depth + 1).items()
    }


def returned(
    panel: Panel, aggs: dict[str, Any], count: int
) -> dict[tuple[Any, ...], dict[str, float | None]]:
    """Gives the same of Elasticsearch's answer."""
    if "bucket" not in aggs:
        return {
            (): {
                name: count if c["operationType"] == "count" else aggs[name]["value"]
                for name, c in panel.metrics.items()
            }
        }
    return {
        (bucket["key"], *rest): metrics
        for bucket in aggs["bucket"]["buckets"]
        for rest, metrics in returned(panel, bucket, bucket["doc_count"]).items()
    }


def all_documents(url: str, panel: Panel) -> list[dict[str, Any]]:
    hits = search(url, panel.index, {"size": 500, "query": asked(panel.query)})["hits"]
    assert hits["total"]["value"] == len(hits["hits"])
    return [hit["_source"] for hit in hits["hits"]]


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.name)
def test_a_panels_query_returns_what_its_documents_hold(elasticsearch: str, panel: Panel) -> None:
    documents = all_documents(elasticsearch, panel)
    if panel.query:
        assert len(documents) == FOUND[panel.name]
    aggs = aggregations(panel)
    body = {"size": 0, "query": asked(panel.query), "aggs": aggs}
    answer = search(elasticsearch, panel.index, body)
    got = returned(panel, answer.get("aggregations", {}), answer["hits"]["total"]["value"])
    expected = counted(panel, documents)
    assert got, "the demo holds nothing for this panel"
    for keys, metrics in got.items():
        assert metrics == {
            name: pytest.approx(value) if value is not None else None
            for name, value in expected[keys].items()
        }
    # Outermost buckets: as many as asked for, and none left out that belongs before them.
    if panel.buckets and panel.buckets[0]["operationType"] == "terms":
        size = panel.buckets[0]["params"]["size"]
        outer = {keys[0] for keys in expected}
        assert len({keys[0] for keys in got}) == min(size, len(outer))
    else:
        assert len({k[0] for k in got} if panel.buckets else got) == (
            len({k[0] for k in expected}) if panel.buckets else 1
        )


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.name)
def test_a_panel_uses_aggregations_that_any_server_has(panel: Panel) -> None:
    def kinds(aggs: dict[str, Any]) -> Iterator[str]:
        for body in aggs.values():
            yield from (name for name in body if name != "aggs")
            yield from kinds(body.get("aggs", {}))

    assert set(kinds(aggregations(panel))) <= AGGREGATIONS


def test_rising_is_counted_in_two_filters_as_lens_asks_for_a_time_shift(elasticsearch: str) -> None:
    shifted = [p for p in PANELS if any("timeShift" in c for c in p.metrics.values())]
    assert {panel.name for panel in shifted} == {
        "people/rising-people",
        "people/rising-organisations",
    }
    begin, middle = (NOW - timedelta(days=days) for days in (4, 1))
    for panel in shifted:
        inner = aggregations(panel)
        ranges = {
            "now": {"range": {"@timestamp": {"gte": middle.isoformat()}}},
            "before": {
                "range": {"@timestamp": {"gte": begin.isoformat(), "lt": middle.isoformat()}}
            },
        }
        body = {"size": 0, "aggs": {"shift": {"filters": {"filters": ranges}, "aggs": inner}}}
        answer = search(elasticsearch, panel.index, body)["aggregations"]["shift"]["buckets"]
        documents = all_documents(elasticsearch, panel)
        periods = {
            "now": [d for d in documents if datetime.fromisoformat(d["@timestamp"]) >= middle],
            "before": [d for d in documents if datetime.fromisoformat(d["@timestamp"]) < middle],
        }
        for period, chosen in periods.items():
            expected = counted(panel, chosen)
            got = returned(panel, answer[period], answer[period]["doc_count"])
            assert chosen
            assert all(expected[keys] == metrics for keys, metrics in got.items())


def test_the_maps_grid_holds_every_place(elasticsearch: str) -> None:
    (line,) = of_type("map")
    (field,) = {
        layer["sourceDescriptor"]["geoField"]
        for layer in json.loads(line["attributes"]["layerListJSON"])
    }
    aggs = {"grid": {"geotile_grid": {"field": field, "precision": 4, "size": 10000}}}
    aggs["grid"]["aggs"] = {"centre": {"geo_centroid": {"field": field}}}
    body = {"size": 500, "query": {"exists": {"field": field}}, "aggs": aggs}
    answer = search(elasticsearch, f"{PREFIX}news-articles", body)
    buckets = answer["aggregations"]["grid"]["buckets"]
    assert len(buckets) > 5
    points = sum(len(hit["_source"]["news"]["geo"]["location"]) for hit in answer["hits"]["hits"])
    assert answer["hits"]["total"]["value"] <= sum(b["doc_count"] for b in buckets) <= points
    assert sum(bucket["centre"]["count"] for bucket in buckets) >= points


@pytest.mark.parametrize("line", of_type("search"), ids=lambda line: str(line["id"]))
def test_a_saved_search_finds_its_documents_in_its_order(
    elasticsearch: str, line: dict[str, Any]
) -> None:
    source = json.loads(line["attributes"]["kibanaSavedObjectMeta"]["searchSourceJSON"])
    index = PREFIX + line["references"][0]["id"].removeprefix("dateline-")
    body = {
        "query": asked(source["query"]["query"]),
        "sort": [{field: direction} for field, direction in line["attributes"]["sort"]],
        "size": 500,
    }
    hits = search(elasticsearch, index, body)["hits"]
    assert hits["total"]["value"] == FOUND[line["id"].removeprefix("dateline-search-")]
    keys = [hit["sort"][0] for hit in hits["hits"]]
    assert keys == sorted(keys, reverse=True)


@pytest.mark.parametrize(
    ("name", "groups"),
    [
        (
            "A feed has gone silent",
            {"https://silent.example/feed.xml": 1, "https://forgotten.example/feed.xml": 1},
        ),
        ("Dead letters are rising", {"parse": 1, "tag": 1}),
        ("A watched name appears", None),
    ],
    ids=["silent", "rising", "watched"],
)
def test_a_rules_query_finds_what_it_alerts_for(
    elasticsearch: str, name: str, groups: dict[str, int] | None
) -> None:
    (body,) = [b for b in build(PREFIX).rules.values() if b["name"].startswith(name)]
    params = body["params"]
    # Kibana's "now" is that of the documents here, however long ago they were written.
    window = f"{NOW.isoformat()}||-{params['timeWindowSize']}{params['timeWindowUnit']}"
    filters = [
        json.loads(params["esQuery"])["query"],
        {"range": {params["timeField"]: {"gte": window}}},
    ]
    asking: dict[str, Any] = {"size": 500, "query": {"bool": {"filter": filters}}}
    if groups is not None:
        field = {"field": params["termField"], "size": params["termSize"]}
        asking["aggs"] = {"group": {"terms": field}}
    answer = search(elasticsearch, params["index"][0], asking)
    if groups is not None:
        buckets = answer["aggregations"]["group"]["buckets"]
        assert {bucket["key"]: bucket["doc_count"] for bucket in buckets} == groups
        return
    everything = search(elasticsearch, params["index"][0], {"size": 500})["hits"]["hits"]
    named = {
        hit["_id"]
        for hit in everything
        if "United Nations" in hit["_source"]["news"]["organizations"]
    }
    assert named == {"report-1", "report-2"}
    assert {hit["_id"] for hit in answer["hits"]["hits"]} == named
