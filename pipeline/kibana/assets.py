"""Reads the files of `deploy/kibana` and builds what Kibana imports: one line per saved object.

The lines are the same for the same files and prefix, byte for byte. With a prefix, ids, titles and
index names bear it, so that several installations may share a Kibana.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import yaml

from pipeline.kibana.dashboards import dashboard
from pipeline.kibana.objects import (
    compact,
    data_view,
    field_types,
    rule,
    saved_search,
    titled,
    world_map,
)

FOLDER = Path(__file__).parents[2] / "deploy" / "kibana"
KINDS = ("index-pattern", "search", "map", "dashboard")
# Of Kibana 9.0 or older: an importing Kibana migrates upwards, never downwards.
CORE_VERSION = "8.8.0"
TYPE_VERSIONS = {
    "tag": "8.0.0",
    "index-pattern": "8.0.0",
    "search": "10.2.0",
    "map": "8.4.0",
    "dashboard": "10.2.0",
}


@dataclass(frozen=True, slots=True)
class Assets:
    """What is built.

    Attributes:
        objects: Saved objects, each after those it refers to; the first is the marker, a tag.
        rules: Alert rules: the id and the body of `POST /api/alerting/rule/ID`.
    """

    objects: list[dict[str, Any]]
    rules: dict[str, dict[str, Any]]

    def ndjson(self) -> bytes:
        """Gives the objects as Kibana's import wants them."""
        return ndjson(self.objects)


def build(prefix: str = "") -> Assets:
    """Builds all assets for an installation with this `index.prefix`."""
    files = {kind: _files(kind) for kind in (*KINDS, "rule")}
    ids = {
        f"{kind}/{name}": object_id(prefix, kind, name) for kind in KINDS for name in files[kind]
    }
    views = {name: data_view(spec, prefix, ids) for name, spec in files["index-pattern"].items()}
    types = {name: field_types(spec) for name, spec in files["index-pattern"].items()}
    tag = object_id(prefix, "tag", "dateline")
    objects: list[dict[str, Any]] = []
    references: list[dict[str, str]]
    for kind in KINDS:
        for name, spec in files[kind].items():
            match kind:
                case "index-pattern":
                    attributes, references = views[name], []
                case "search":
                    attributes, references = saved_search(spec, ids)
                case "map":
                    attributes, references = world_map(spec, ids)
                case _:
                    attributes, references = dashboard(spec, ids, types)
            if kind != "index-pattern":
                attributes["title"] = titled(spec["title"], prefix)
                references = [*references, {"type": "tag", "id": tag, "name": f"tag-ref-{tag}"}]
            objects.append(_line(kind, ids[f"{kind}/{name}"], attributes, references))
    digest = blake2b(compact(objects).encode(), digest_size=8).hexdigest()
    marker = {
        "name": titled("Dateline", prefix),
        "description": f"Made by `dateline setup`; assets {digest}",
        "color": "#0b6e4f",
    }
    rules = {
        str(uuid5(NAMESPACE_URL, f"dateline:{prefix}rule:{name}")): rule(spec, views, prefix)
        for name, spec in files["rule"].items()
    }
    return Assets([_line("tag", tag, marker, []), *objects], rules)


def dashboards() -> dict[str, dict[str, Any]]:
    """Gives the dashboards' files as they are written, by name."""
    return _files("dashboard")


def _files(kind: str) -> dict[str, dict[str, Any]]:
    paths = sorted((FOLDER / kind).glob("*.yaml"))
    return {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in paths}


def _line(
    kind: str, object_id: str, attributes: dict[str, Any], references: list[dict[str, str]]
) -> dict[str, Any]:
    return {
        "type": kind,
        "id": object_id,
        "attributes": attributes,
        "references": references,
        "coreMigrationVersion": CORE_VERSION,
        "typeMigrationVersion": TYPE_VERSIONS[kind],
    }


def object_id(prefix: str, kind: str, name: str) -> str:
    """Gives the fixed id of a saved object."""
    return (
        f"{prefix}dateline-{name}"
        if kind in ("index-pattern", "tag")
        else (f"{prefix}dateline-{kind}-{name}")
    )


def ndjson(lines: Iterable[dict[str, Any]]) -> bytes:
    """Gives saved objects as Kibana's import wants them: UTF-8, one a line."""
    return "".join(compact(line) + "\n" for line in lines).encode()
