"""A dashboard's file as the attributes and references of Kibana 9.0's saved object."""

from typing import Any

from pipeline.kibana.lens import LAYER, lens_attributes
from pipeline.kibana.objects import compact

Reference = dict[str, str]


def dashboard(
    spec: dict[str, Any], ids: dict[str, str], types: dict[str, dict[str, str]]
) -> tuple[dict[str, Any], list[Reference]]:
    """Builds a dashboard.

    Args:
        spec: The decoded file: title, description, time, controls, panels.
        ids: Saved object id by `KIND/NAME`.
        types: Elasticsearch type by field, by data view.
    """
    panels, references = [], []
    for panel in spec["panels"]:
        built, needed = _panel(panel, ids, types)
        panels.append(built)
        references += needed
    controls: dict[str, Any] = {}
    for order, control in enumerate(spec["controls"]):
        controls[control["id"]] = _control(control, order)
        view = ids[f"index-pattern/{control['data']}"]
        name = f"controlGroup_{control['id']}:optionsListDataView"
        references.append({"type": "index-pattern", "id": view, "name": name})
    ignored = dict.fromkeys(
        ("ignoreFilters", "ignoreQuery", "ignoreTimerange", "ignoreValidations"), False
    )
    source = {"query": {"language": "kuery", "query": ""}, "filter": []}
    options = {
        "useMargins": True,
        "syncColors": True,
        "syncCursor": True,
        "syncTooltips": False,
        "hidePanelTitles": False,
    }
    attributes = {
        "title": spec["title"],
        "description": spec["description"],
        "timeRestore": True,
        "timeFrom": spec["time"]["from"],
        "timeTo": spec["time"]["to"],
        "refreshInterval": {"pause": True, "value": 60000},
        "version": 1,
        "optionsJSON": compact(options),
        "panelsJSON": compact(panels),
        "controlGroupInput": {
            "controlStyle": "oneLine",
            "chainingSystem": "HIERARCHICAL",
            "showApplySelections": False,
            "ignoreParentSettingsJSON": compact(ignored),
            "panelsJSON": compact(controls),
        },
        "kibanaSavedObjectMeta": {"searchSourceJSON": compact(source)},
    }
    return attributes, references


def _panel(
    panel: dict[str, Any], ids: dict[str, str], types: dict[str, dict[str, str]]
) -> tuple[dict[str, Any], list[Reference]]:
    x, y, w, h = panel["grid"]
    index = panel["id"]
    built: dict[str, Any] = {
        "type": "lens",
        "panelIndex": index,
        "gridData": {"x": x, "y": y, "w": w, "h": h, "i": index},
        "title": panel["title"],
        "embeddableConfig": {"description": panel["question"], "enhancements": {}},
    }
    if panel["view"] in ("search", "map"):
        built["type"] = panel["view"]
        built["panelRefName"] = f"panel_{index}"
        target = ids[f"{panel['view']}/{panel['object']}"]
        name = f"{index}:panel_{index}"
        return built, [{"type": panel["view"], "id": target, "name": name}]
    view = ids[f"index-pattern/{panel['data']}"]
    attributes = lens_attributes(panel, view, types[panel["data"]])
    built["embeddableConfig"]["attributes"] = attributes
    name = f"{index}:indexpattern-datasource-layer-{LAYER}"
    return built, [{"type": "index-pattern", "id": view, "name": name}]


def _control(control: dict[str, Any], order: int) -> dict[str, Any]:
    return {
        "type": "optionsListControl",
        "order": order,
        "grow": True,
        "width": "medium",
        "explicitInput": {
            "id": control["id"],
            "fieldName": control["field"],
            "title": control["title"],
            "selectedOptions": [],
            "searchTechnique": "prefix",
            "singleSelect": control.get("single", False),
            "enhancements": {},
        },
    }
