"""Data views, searches, maps and rules: a decoded file as the attributes that Kibana stores."""

import json
from typing import Any

from schemas.fields import article_fields


def compact(value: Any) -> str:
    """Gives JSON as it is stored inside of saved objects, in one form only."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def titled(title: str, prefix: str) -> str:
    """Gives a title as people see it, with the installation where there are several."""
    return f"{title} [{prefix.rstrip('-_')}]" if prefix else title


def field_types(spec: dict[str, Any]) -> dict[str, str]:
    """Gives the Elasticsearch type of the fields of a data view's file."""
    if spec.get("fields") == "article":
        return {field.path: field.index.kind for field in article_fields()}
    types: dict[str, str] = spec["types"]
    return types


def data_view(spec: dict[str, Any], prefix: str, ids: dict[str, str]) -> dict[str, Any]:
    """Gives a data view's attributes; labels and formats follow from the document's model."""
    labels: dict[str, str] = dict(spec["labels"])
    links: list[str] = spec.get("links", [])
    if spec.get("fields") == "article":
        searchable = [field for field in article_fields() if field.index.kind != "stored"]
        links = [
            f.path
            for f in searchable
            if f.index.kind == "keyword" and f.path.endswith(("url", "url.full", "url.original"))
        ]
        labels = {f.path: labels.get(f.path, _label(f.path)) for f in searchable}
    link = {"id": "url", "params": {"type": "a", "openLinkInCurrentTab": False}}
    formats = {name: link for name in links}
    for name, target in spec.get("dashboards", {}).items():
        formats[name] = _dashboard_link(name, ids[f"dashboard/{target}"])
    return {
        "title": prefix + spec["title"],
        "name": titled(spec["name"], prefix),
        **({"timeFieldName": spec["time"]} if spec["time"] else {}),
        "fields": "[]",
        "fieldAttrs": compact({name: {"customLabel": text} for name, text in labels.items()}),
        "fieldFormatMap": compact(formats),
        "runtimeFieldMap": "{}",
        "sourceFilters": "[]",
        "typeMeta": "{}",
        # Before the first poll there is no index of rounds yet.
        "allowNoIndex": True,
    }


def _dashboard_link(field: str, dashboard_id: str) -> dict[str, Any]:
    """Gives the format of a value that leads to a dashboard of the documents that have it."""
    query = f"(language:lucene,query:'{field}:{{{{value}}}}')"
    # Kibana puts its own address before `../app`, a space's too.
    template = f"../app/dashboards#/view/{dashboard_id}?_a=(query:{query})"
    params = {
        "type": "a",
        "urlTemplate": template,
        "labelTemplate": "{{value}}",
        "openLinkInCurrentTab": True,
    }
    return {"id": "url", "params": params}


def _label(path: str) -> str:
    words = path.removeprefix("news.").replace("_", " ").replace(".", " ")
    return words[:1].upper() + words[1:]


def saved_search(
    spec: dict[str, Any], ids: dict[str, str]
) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """Gives a saved search's attributes and references."""
    reference = "kibanaSavedObjectMeta.searchSourceJSON.index"
    source = {
        "query": {"language": "lucene", "query": spec["query"]},
        "filter": [],
        "indexRefName": reference,
    }
    attributes = {
        "title": spec["title"],
        "description": spec["description"],
        "columns": spec["columns"],
        "sort": spec["sort"],
        "grid": {},
        "hideChart": False,
        "isTextBasedQuery": False,
        "kibanaSavedObjectMeta": {"searchSourceJSON": compact(source)},
    }
    view = ids[f"index-pattern/{spec['data']}"]
    return attributes, [{"type": "index-pattern", "id": view, "name": reference}]


def world_map(
    spec: dict[str, Any], ids: dict[str, str]
) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """Gives a map's attributes and references: layers over a geo_point, no tiles from outside."""
    layers, references = [], []
    for n, layer in enumerate(spec["layers"]):
        name = f"layer_{n}_source_index_pattern"
        view = ids[f"index-pattern/{spec['data']}"]
        references.append({"type": "index-pattern", "id": view, "name": name})
        source = {
            "type": "ES_GEO_GRID",
            "id": f"source-{n}",
            "geoField": spec["field"],
            "requestType": layer["request"],
            "resolution": layer["resolution"],
            "metrics": [{"type": "count"}],
            "applyGlobalQuery": True,
            "applyGlobalTime": True,
            "applyForceRefresh": True,
            "indexPatternRefName": name,
        }
        fill = {"name": "doc_count", "origin": "source"}
        style = {
            "fillColor": {
                "type": "DYNAMIC",
                "options": {
                    "color": "Yellow to Red",
                    "type": "ORDINAL",
                    "field": fill,
                    "fieldMetaOptions": {"isEnabled": True},
                },
            }
        }
        layers.append(
            {
                "id": f"layer-{n}",
                "label": layer["label"],
                "type": "GEOJSON_VECTOR",
                "visible": True,
                "alpha": 0.75,
                "minZoom": 0,
                "maxZoom": 24,
                "joins": [],
                "includeInFitToBounds": True,
                "sourceDescriptor": source,
                "style": {"type": "VECTOR", "isTimeAware": True, "properties": style},
            }
        )
    state = {
        "zoom": 1.6,
        "center": {"lat": 20, "lon": 0},
        "timeFilters": {"from": "now-7d", "to": "now"},
        "refreshConfig": {"isPaused": True, "interval": 0},
        "query": {"language": "kuery", "query": ""},
        "filters": [],
        "settings": {"autoFitToDataBounds": False},
    }
    attributes = {
        "title": spec["title"],
        "description": spec["description"],
        "layerListJSON": compact(layers),
        "mapStateJSON": compact(state),
        "uiStateJSON": compact({"isLayerTOCOpen": True, "openTOCDetails": []}),
    }
    return attributes, references


def rule(spec: dict[str, Any], views: dict[str, dict[str, Any]], prefix: str) -> dict[str, Any]:
    """Gives the body that creates an alert rule of the type Elasticsearch query."""
    size, unit = spec["window"]
    grouped = {"groupBy": "top", "termField": spec["group"], "termSize": 100}
    return {
        "name": titled(spec["name"], prefix),
        "rule_type_id": ".es-query",
        "consumer": "stackAlerts",
        "enabled": True,
        "tags": ["dateline"],
        "schedule": {"interval": spec["every"]},
        "actions": [],
        "params": {
            "searchType": "esQuery",
            "index": [views[spec["data"]]["title"]],
            "timeField": spec["time"],
            "esQuery": compact({"query": spec["query"]}),
            "size": 20,
            "timeWindowSize": size,
            "timeWindowUnit": unit,
            "thresholdComparator": ">",
            "threshold": [spec["threshold"]],
            "aggType": "count",
            "excludeHitsFromPreviousRun": not spec["group"],
            **(grouped if spec["group"] else {"groupBy": "all"}),
        },
    }
