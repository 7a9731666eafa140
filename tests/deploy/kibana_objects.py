"""Takes the built assets apart, as Kibana does: JSON strings decoded, queries made of panels."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pipeline.kibana.assets import Assets, build

ASSETS = build()


@dataclass(frozen=True)
class Panel:
    """A Lens panel.

    Attributes:
        index: The index or pattern of its data view.
    """

    name: str
    index: str
    attributes: dict[str, Any]

    @property
    def columns(self) -> dict[str, dict[str, Any]]:
        columns: dict[str, dict[str, Any]] = self._layer["columns"]
        return columns

    @property
    def buckets(self) -> list[dict[str, Any]]:
        found = [self.columns[name] for name in self._layer["columnOrder"]]
        return [column for column in found if column["isBucketed"]]

    @property
    def metrics(self) -> dict[str, dict[str, Any]]:
        return {name: column for name, column in self.columns.items() if not column["isBucketed"]}

    @property
    def query(self) -> str:
        query: str = self.attributes["state"]["query"]["query"]
        return query

    @property
    def _layer(self) -> dict[str, Any]:
        (layer,) = self.attributes["state"]["datasourceStates"]["formBased"]["layers"].values()
        assert isinstance(layer, dict)
        return layer


def of_type(kind: str, assets: Assets = ASSETS) -> list[dict[str, Any]]:
    return [line for line in assets.objects if line["type"] == kind]


def indices(assets: Assets = ASSETS) -> dict[str, str]:
    """Gives each data view's index by the view's id."""
    return {line["id"]: line["attributes"]["title"] for line in of_type("index-pattern", assets)}


def dashboard_panels(line: dict[str, Any]) -> list[dict[str, Any]]:
    panels: list[dict[str, Any]] = json.loads(line["attributes"]["panelsJSON"])
    return panels


def controls(line: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(line["attributes"]["controlGroupInput"]["panelsJSON"])
    return found


def reference(line: dict[str, Any], name: str) -> str:
    (found,) = [ref["id"] for ref in line["references"] if ref["name"] == name]
    assert isinstance(found, str)
    return found


def lens_panels(assets: Assets = ASSETS) -> Iterator[Panel]:
    for line in of_type("dashboard", assets):
        for panel in dashboard_panels(line):
            if panel["type"] != "lens":
                continue
            key = panel["panelIndex"]
            view = reference(line, f"{key}:indexpattern-datasource-layer-layer")
            name = f"{line['id'].rpartition('-')[2]}/{key}"
            yield Panel(name, indices(assets)[view], panel["embeddableConfig"]["attributes"])


def aggregations(panel: Panel) -> dict[str, Any]:
    """Gives the request that Lens sends for a panel's columns, without its time shifts."""
    metrics = {name: metric(column) for name, column in panel.metrics.items()}
    aggs = {name: body for name, body in metrics.items() if body is not None}
    for column in reversed(panel.buckets):
        params = column["params"]
        if column["operationType"] == "date_histogram":
            body = {"date_histogram": {"field": column["sourceField"], "fixed_interval": "1h"}}
            body["date_histogram"]["min_doc_count"] = 1
        else:
            by = params["orderBy"]["columnId"]
            key = "_count" if metrics[by] is None else by
            order = {key: params["orderDirection"]}
            terms = {"field": column["sourceField"], "size": params["size"], "order": order}
            body = {"terms": terms}
            needed = {k: v for k, v in metrics.items() if v is not None}
            aggs = {**needed, **aggs}
        aggs = {"bucket": {**body, **({"aggs": aggs} if aggs else {})}}
    return aggs


def metric(column: dict[str, Any]) -> dict[str, Any] | None:
    """Gives a metric's aggregation; None for a count, which every bucket has."""
    names = {"unique_count": "cardinality", "average": "avg"}
    operation = column["operationType"]
    if operation == "count":
        return None
    return {names.get(operation, operation): {"field": column["sourceField"]}}
