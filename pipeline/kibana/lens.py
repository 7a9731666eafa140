"""A chart of a dashboard file as the state that Kibana's Lens stores.

The form is that of Kibana 9.0 (elastic/kibana, x-pack/platform/plugins/shared/lens): one
form-based layer, its columns by id, and a visualisation that names them.
"""

from typing import Any

LAYER = "layer"
RECORDS = "___records___"
_NAMES = {
    "unique_count": "Unique values of {field}",
    "min": "Minimum of {field}",
    "max": "Maximum of {field}",
    "sum": "Sum of {field}",
    "average": "Mean of {field}",
    "terms": "Top values of {field}",
    "date_histogram": "{field}",
}


def lens_attributes(panel: dict[str, Any], view_id: str, types: dict[str, str]) -> dict[str, Any]:
    """Gives the attributes of a Lens panel kept by value.

    Args:
        panel: Of a dashboard file: `view`, `metrics`, and `x` and `split`, or `rows`.
        view_id: Id of its data view.
        types: Elasticsearch type of each field of the data view.
    """
    buckets = [panel[key] for key in ("x", "split") if key in panel] or panel.get("rows", [])
    metrics = {f"metric-{n}": spec for n, spec in enumerate(panel["metrics"])}
    # Lens nests the first bucket outermost: the breakdown of a chart stands before its axis.
    order = [f"bucket-{n}" for n in range(len(buckets))]
    if "split" in panel:
        order.reverse()
    columns = {name: _metric(spec, types) for name, spec in metrics.items()}
    for n, spec in enumerate(buckets):
        columns[f"bucket-{n}"] = _bucket(spec, types, list(metrics))
    return {
        "title": panel["title"],
        "description": panel["question"],
        "type": "lens",
        "visualizationType": _visualization_type(panel["view"]),
        "references": [
            {
                "type": "index-pattern",
                "id": view_id,
                "name": f"indexpattern-datasource-layer-{LAYER}",
            }
        ],
        "state": {
            "adHocDataViews": {},
            "internalReferences": [],
            "datasourceStates": {
                "formBased": {
                    "layers": {
                        LAYER: {
                            "columnOrder": [*order, *metrics],
                            "columns": columns,
                            "incompleteColumns": {},
                            "sampling": 1,
                        }
                    }
                }
            },
            "visualization": _visualization(panel, list(metrics), len(buckets)),
            "query": {"language": "lucene", "query": panel.get("query", "")},
            "filters": [],
        },
    }


def _metric(spec: dict[str, Any], types: dict[str, str]) -> dict[str, Any]:
    field = spec.get("field", RECORDS)
    is_date = types.get(field) == "date"
    column: dict[str, Any] = {
        "operationType": spec["op"],
        "sourceField": field,
        "dataType": "date" if is_date else "number",
        "isBucketed": False,
        "scale": "ratio",
        "params": {"emptyAsNull": spec["op"] == "average"},
    }
    if spec.get("shift"):
        column["timeShift"] = spec["shift"]
    return column | _label(spec, "Articles" if field == RECORDS else field)


def _bucket(spec: dict[str, Any], types: dict[str, str], metrics: list[str]) -> dict[str, Any]:
    field = spec["field"]
    if spec["op"] == "date_histogram":
        return {
            "operationType": "date_histogram",
            "sourceField": field,
            "dataType": "date",
            "isBucketed": True,
            "scale": "interval",
            "params": {"interval": "auto", "includeEmptyRows": True, "dropPartials": False},
        } | _label(spec, field)
    return {
        "operationType": "terms",
        "sourceField": field,
        "dataType": "number" if types.get(field) in ("long", "integer") else "string",
        "isBucketed": True,
        "scale": "ordinal",
        "params": {
            "size": spec["size"],
            "orderBy": {"type": "column", "columnId": metrics[spec.get("order", 0)]},
            "orderDirection": spec.get("direction", "desc"),
            "otherBucket": False,
            "missingBucket": False,
            "parentFormat": {"id": "terms"},
        },
    } | _label(spec, field)


def _label(spec: dict[str, Any], field: str) -> dict[str, Any]:
    if spec.get("label"):
        return {"label": spec["label"], "customLabel": True}
    return {"label": _NAMES.get(spec["op"], "{field}").format(field=field)}


def _visualization_type(view: str) -> str:
    return {"metric": "lnsMetric", "table": "lnsDatatable"}.get(view, "lnsXY")


def _visualization(panel: dict[str, Any], metrics: list[str], buckets: int) -> dict[str, Any]:
    view = panel["view"]
    if view == "metric":
        return {"layerId": LAYER, "layerType": "data", "metricAccessor": metrics[0]}
    if view == "table":
        columns = [{"columnId": f"bucket-{n}"} for n in range(buckets)]
        columns += [{"columnId": name} for name in metrics]
        return {"layerId": LAYER, "layerType": "data", "columns": columns}
    layer: dict[str, Any] = {
        "layerId": LAYER,
        "layerType": "data",
        "seriesType": view,
        "xAccessor": "bucket-0",
        "accessors": metrics,
    }
    if "split" in panel:
        layer["splitAccessor"] = "bucket-1"
    return {
        "legend": {"isVisible": True, "position": "right"},
        "preferredSeriesType": view,
        "layers": [layer],
    }
