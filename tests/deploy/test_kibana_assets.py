"""The saved objects: form, references, fields. No Kibana can be run, so its rules stand here."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from pipeline.kibana.assets import FOLDER, build
from pipeline.kibana.layout import chapter, renewed
from schemas.mapping import article_mapping
from tests.deploy.kibana_objects import (
    ASSETS,
    controls,
    dashboard_panels,
    indices,
    lens_panels,
    of_type,
    reference,
)
from transforms.storage.elasticsearch import feed_documents

PAGE = Path(__file__).parents[2] / "docs" / "kibana.md"
DECODED = ("fields", "fieldAttrs", "fieldFormatMap", "runtimeFieldMap", "sourceFilters", "typeMeta")
NUMBERS = {"long", "integer", "double"}
# What an operation can be asked of.
FITTING = {
    "terms": {"keyword", *NUMBERS},
    "date_histogram": {"date"},
    "unique_count": {"keyword", "date", *NUMBERS},
    "min": {"date", *NUMBERS},
    "max": {"date", *NUMBERS},
    "sum": NUMBERS,
    "average": NUMBERS,
}


def parts() -> Iterator[tuple[str, str, Any]]:
    """Gives a name, the schema's name and the value of everything that has a schema."""
    for line in ASSETS.objects:
        kind, key, attributes = line["type"], line["id"], line["attributes"]
        yield f"{key}:line", "saved-object", line
        yield f"{key}:attributes", kind, attributes
        if kind == "index-pattern":
            yield (
                f"{key}:decoded",
                "index-pattern-decoded",
                {name: json.loads(attributes[name]) for name in DECODED},
            )
        if kind in ("search", "dashboard"):
            source = json.loads(attributes["kibanaSavedObjectMeta"]["searchSourceJSON"])
            yield f"{key}:source", "search-source", source
        if kind == "map":
            yield f"{key}:layers", "map-layers", json.loads(attributes["layerListJSON"])
        if kind == "dashboard":
            yield f"{key}:panels", "dashboard-panels", dashboard_panels(line)
            yield f"{key}:controls", "dashboard-controls", controls(line)
    for panel in lens_panels():
        yield panel.name, "lens", panel.attributes
    for rule_id, body in ASSETS.rules.items():
        yield f"rule {rule_id}", "rule", body


PARTS = list(parts())


@pytest.mark.parametrize(("schema", "value"), [p[1:] for p in PARTS], ids=[p[0] for p in PARTS])
def test_each_part_is_valid_by_the_schema_of_kibanas_source(schema: str, value: Any) -> None:
    rules = json.loads((FOLDER / "schema" / f"{schema}.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(rules)
    assert "elastic/kibana 9.0" in rules["$comment"]
    assert [error.message for error in Draft202012Validator(rules).iter_errors(value)] == []


def test_all_references_resolve_and_ids_are_unique() -> None:
    there = Counter((line["type"], line["id"]) for line in ASSETS.objects)
    assert set(there.values()) == {1}
    for line in ASSETS.objects:
        names = [ref["name"] for ref in line["references"]]
        assert len(names) == len(set(names)), line["id"]
        for ref in line["references"]:
            assert (ref["type"], ref["id"]) in there, f"{line['id']} refers to {ref}"


@pytest.mark.parametrize("line", of_type("dashboard"), ids=lambda line: str(line["id"]))
def test_every_panel_and_control_finds_its_reference(line: dict[str, Any]) -> None:
    used = set()
    for panel in dashboard_panels(line):
        key = panel["panelIndex"]
        if panel["type"] == "lens":
            layers = panel["embeddableConfig"]["attributes"]["state"]["datasourceStates"]
            names = [
                f"{key}:indexpattern-datasource-layer-{layer}"
                for layer in layers["formBased"]["layers"]
            ]
        else:
            names = [f"{key}:{panel['panelRefName']}"]
        for name in names:
            assert reference(line, name)
            used.add(name)
    for key in controls(line):
        name = f"controlGroup_{key}:optionsListDataView"
        assert reference(line, name)
        used.add(name)
    left = {ref["name"] for ref in line["references"]} - used
    assert all(name.startswith("tag-ref-") for name in left)


@pytest.mark.parametrize("line", of_type("dashboard"), ids=lambda line: str(line["id"]))
def test_panels_lie_within_the_grid_and_do_not_overlap(line: dict[str, Any]) -> None:
    grids = [panel["gridData"] for panel in dashboard_panels(line)]
    assert all(grid["x"] + grid["w"] <= 48 for grid in grids)
    for a, b in combinations(grids, 2):
        beside = a["x"] + a["w"] <= b["x"] or b["x"] + b["w"] <= a["x"]
        above = a["y"] + a["h"] <= b["y"] or b["y"] + b["h"] <= a["y"]
        assert beside or above, f"{a['i']} lies over {b['i']}"


def flat(properties: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, body in properties.items():
        if "properties" in body:
            yield from flat(body["properties"], f"{prefix}{name}.")
        elif body.get("enabled", True):
            yield f"{prefix}{name}", body["type"]


TYPES = {
    "news-articles": dict(flat(article_mapping()["properties"])),
    "news-feeds": dict(flat(feed_documents.FEEDS["properties"])),
    "news-failures": dict(flat(feed_documents.FAILURES["properties"])),
    "news-polls-*": dict(flat(feed_documents.ROUNDS["properties"])),
}


@pytest.mark.parametrize("panel", list(lens_panels()), ids=lambda panel: panel.name)
def test_a_panels_fields_are_mapped_with_a_fitting_type(panel: Any) -> None:
    for column in panel.columns.values():
        if column["sourceField"] != "___records___":
            assert TYPES[panel.index][column["sourceField"]] in FITTING[column["operationType"]]
        if column["operationType"] in ("min", "max"):
            is_date = TYPES[panel.index][column["sourceField"]] == "date"
            assert column["dataType"] == ("date" if is_date else "number")
    assert named_in(panel.query) <= set(TYPES[panel.index])


def named_in(query: str) -> set[str]:
    """Gives the fields of a Lucene query."""
    fields = re.findall(r"([A-Za-z_@.]+):", query)
    return {f for f in fields if f != "_exists_"} | set(re.findall(r"_exists_:([\w.@]+)", query))


@pytest.mark.parametrize("line", of_type("search"), ids=lambda line: str(line["id"]))
def test_a_saved_searchs_fields_are_mapped(line: dict[str, Any]) -> None:
    types = TYPES[indices()[line["references"][0]["id"]]]
    assert set(line["attributes"]["columns"]) <= set(types)
    for field, _direction in line["attributes"]["sort"]:
        assert types[field] in {"date", "keyword", *NUMBERS}
    source = json.loads(line["attributes"]["kibanaSavedObjectMeta"]["searchSourceJSON"])
    assert named_in(source["query"]["query"]) <= set(types)


@pytest.mark.parametrize("line", of_type("dashboard"), ids=lambda line: str(line["id"]))
def test_a_controls_field_is_a_mapped_keyword(line: dict[str, Any]) -> None:
    for key, control in controls(line).items():
        view = reference(line, f"controlGroup_{key}:optionsListDataView")
        assert TYPES[indices()[view]][control["explicitInput"]["fieldName"]] == "keyword"


@pytest.mark.parametrize("line", of_type("index-pattern"), ids=lambda line: str(line["id"]))
def test_a_data_views_fields_are_mapped(line: dict[str, Any]) -> None:
    attributes = line["attributes"]
    types = TYPES[attributes["title"]]
    assert set(json.loads(attributes["fieldAttrs"])) <= set(types)
    assert {types[name] for name in json.loads(attributes["fieldFormatMap"])} <= {"keyword"}
    if "timeFieldName" in attributes:
        assert types[attributes["timeFieldName"]] == "date"


def test_the_articles_view_has_a_label_for_every_field_and_links() -> None:
    (line,) = [one for one in of_type("index-pattern") if one["id"] == "dateline-news-articles"]
    labels = json.loads(line["attributes"]["fieldAttrs"])
    assert set(labels) == set(TYPES["news-articles"])
    assert labels["news.geo.focus_country"] == {"customLabel": "Focus country"}
    formats = json.loads(line["attributes"]["fieldFormatMap"])
    urls = {"url.full", "url.original", "news.image.url", "news.feed.url"}
    assert set(formats) == urls | {"news.story.id"}
    assert formats["url.full"]["id"] == "url"


@pytest.mark.parametrize("prefix", ["", "test-"])
def test_a_story_leads_to_its_dashboard(prefix: str) -> None:
    objects = {one["id"]: one for one in build(prefix).objects}
    view = objects[f"{prefix}dateline-news-articles"]["attributes"]
    link = json.loads(view["fieldFormatMap"])["news.story.id"]["params"]
    way, query = link["urlTemplate"].split("?_a=")
    dashboard = objects[way.removeprefix("../app/dashboards#/view/")]
    assert dashboard["attributes"]["title"].startswith("Story")
    assert query == "(query:(language:lucene,query:'news.story.id:{{value}}'))"
    assert link["labelTemplate"] == "{{value}}"


def test_a_maps_field_is_a_geo_point() -> None:
    (line,) = of_type("map")
    for layer in json.loads(line["attributes"]["layerListJSON"]):
        source = layer["sourceDescriptor"]
        view = reference(line, source["indexPatternRefName"])
        assert TYPES[indices()[view]][source["geoField"]] == "geo_point"


def query_fields(query: Any) -> Iterator[str]:
    """Gives the fields of a query in Elasticsearch's own language."""
    if isinstance(query, list):
        for part in query:
            yield from query_fields(part)
    elif isinstance(query, dict):
        for name, body in query.items():
            if name in ("range", "term", "terms"):
                yield from body
            elif name == "exists":
                yield body["field"]
            else:
                yield from query_fields(body)


@pytest.mark.parametrize("body", ASSETS.rules.values(), ids=lambda body: str(body["name"]))
def test_a_rules_fields_are_mapped(body: dict[str, Any]) -> None:
    params = body["params"]
    types = TYPES[params["index"][0]]
    assert types[params["timeField"]] == "date"
    assert set(query_fields(json.loads(params["esQuery"]))) <= set(types)
    if params["groupBy"] == "top":
        assert types[params["termField"]] == "keyword"


def test_the_build_is_the_same_every_time() -> None:
    assert build().ndjson() == ASSETS.ndjson()
    assert build().rules == ASSETS.rules


def test_a_prefix_is_in_every_id_title_and_index() -> None:
    built = build("staging-")
    plain = {line["id"] for line in ASSETS.objects} | set(ASSETS.rules)
    assert plain.isdisjoint({line["id"] for line in built.objects} | set(built.rules))
    assert all(title.startswith("staging-news-") for title in indices(built).values())
    for line in built.objects:
        name = line["attributes"].get("name") or line["attributes"]["title"]
        assert name.endswith(" [staging]")
        assert all(ref["id"].startswith("staging-") for ref in line["references"])
    assert all(body["params"]["index"][0].startswith("staging-") for body in built.rules.values())


def test_the_page_shows_the_dashboards_as_they_are() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert chapter() in page
    assert page == renewed(page), "run python -m pipeline.kibana.layout docs/kibana.md"
