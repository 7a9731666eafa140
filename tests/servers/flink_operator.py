"""Fetches what Flink's Kubernetes operator takes: its resource definitions, through Maven."""

import zipfile
from pathlib import Path
from typing import Any

import yaml

from tests.servers.cached_parts import (
    MAVEN_CENTRAL,
    cache_folder,
    find_maven,
    kept_in_cache,
    run_tool,
)

VERSION = "1.10.0"
DOWNLOAD_SECONDS = 300
_DEFINITION = "META-INF/fabric8/flinkdeployments.flink.apache.org-v1.yml"


def flink_deployment_schema() -> dict[str, Any]:
    """Gives the schema of a FlinkDeployment's spec, in which an unknown key is a mistake.

    Raises:
        HarnessError: There is no Maven, or it could not fetch it.
    """
    jar = kept_in_cache(cache_folder() / f"flink-operator-{VERSION}.jar", _download)
    with zipfile.ZipFile(jar) as archive:
        definition = yaml.safe_load(archive.read(_DEFINITION))
    (version,) = definition["spec"]["versions"]
    schema: dict[str, Any] = strict(version["schema"]["openAPIV3Schema"]["properties"]["spec"])
    return schema


def strict(schema: Any) -> Any:
    """Gives a definition's schema as JSON Schema, its objects closed as Kubernetes closes them."""
    if isinstance(schema, list):
        return [strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: strict(value) for key, value in schema.items() if not key.startswith("x-")}
    if schema.get("x-kubernetes-int-or-string"):
        return {"type": ["integer", "string"]}
    is_schema_of_object = isinstance(schema.get("properties"), dict) and "type" in schema
    if is_schema_of_object and not schema.get("x-kubernetes-preserve-unknown-fields"):
        made.setdefault("additionalProperties", False)
    return made


def _download(temporary: Path) -> Path:
    maven = find_maven("the Flink operator's definitions are fetched")
    artifact = f"org.apache.flink:flink-kubernetes-operator-api:{VERSION}"
    command = [
        maven,
        "-q",
        "-B",
        "dependency:copy",
        f"-Dartifact={artifact}",
        f"-DoutputDirectory={temporary}",
    ]
    made = temporary / f"flink-kubernetes-operator-api-{VERSION}.jar"
    return run_tool(command, temporary, made, seconds=DOWNLOAD_SECONDS, source=MAVEN_CENTRAL)
