"""Flink on Kubernetes: what its operator takes, and what the parts must know of one another."""

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tests.servers.flink_cluster import EXPORTED, OPENED
from tests.servers.flink_operator import flink_deployment_schema

pytestmark = pytest.mark.flink
MANIFEST = Path(__file__).parents[2] / "deploy" / "kubernetes" / "flink.yaml"


@pytest.fixture(scope="module")
def manifest() -> dict[tuple[str, str], dict[str, Any]]:
    """Gives the manifest's objects by kind and name."""
    loaded = yaml.safe_load_all(MANIFEST.read_text(encoding="utf-8"))
    return {(one["kind"], one["metadata"]["name"]): one for one in loaded}


@pytest.fixture(scope="module")
def cluster(manifest: dict[tuple[str, str], dict[str, Any]]) -> dict[str, Any]:
    spec: dict[str, Any] = manifest["FlinkDeployment", "dateline-flink"]["spec"]
    return spec


@pytest.fixture(scope="module")
def driver(manifest: dict[tuple[str, str], dict[str, Any]]) -> dict[str, Any]:
    deployment = manifest["Deployment", "dateline-flink-driver"]
    spec: dict[str, Any] = deployment["spec"]["template"]["spec"]
    return spec


def options(container: dict[str, Any]) -> dict[str, str]:
    """Gives a container's `--name=value` arguments."""
    given = [*container.get("command", ()), *container.get("args", ())]
    return dict(one[2:].split("=", 1) for one in given if one.startswith("--") and "=" in one)


def test_the_cluster_is_what_the_operator_takes(cluster: dict[str, Any]) -> None:
    validator = jsonschema.Draft202012Validator(flink_deployment_schema())
    assert [error.message for error in validator.iter_errors(cluster)] == []


@pytest.mark.parametrize(
    ("path", "value"),
    [(("taskManager", "replica"), 2), (("flinkVersion",), "v9_99"), (("podTemplate", "specs"), {})],
    ids=str,
)
def test_what_the_operator_does_not_take_is_noticed(
    cluster: dict[str, Any], path: tuple[str, ...], value: Any
) -> None:
    changed: dict[str, Any] = yaml.safe_load(yaml.safe_dump(cluster))
    inner = changed
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    assert not jsonschema.Draft202012Validator(flink_deployment_schema()).is_valid(changed)


def test_java_opens_what_the_tested_cluster_opens(cluster: dict[str, Any]) -> None:
    given = set(cluster["flinkConfiguration"]["env.java.opts.all"].split())
    opened = {f"--add-opens={package}=ALL-UNNAMED" for package in OPENED}
    assert given == opened | {f"--add-exports={package}=ALL-UNNAMED" for package in EXPORTED}


def test_the_driver_finds_the_cluster_its_job_server_and_its_workers(
    cluster: dict[str, Any], driver: dict[str, Any]
) -> None:
    (container,), (job_server,) = driver["containers"], driver["initContainers"]
    ours, servers = options(container), options(job_server)
    # The operator names the service of a FlinkDeployment's REST address so.
    assert ours["flink_master"] == servers["flink-master"] == "dateline-flink-rest:8081"
    assert ours["job_endpoint"] == f"localhost:{servers['job-port']}"
    assert job_server["startupProbe"]["tcpSocket"]["port"] == int(servers["job-port"])
    assert job_server["restartPolicy"] == "Always", "it goes on beside the driver"
    pods = cluster["taskManager"]["podTemplate"]["spec"]
    (workers,) = pods["containers"]
    assert ours["environment_config"] == f"localhost:{options(workers)['service_port']}"
    slots = int(cluster["flinkConfiguration"]["taskmanager.numberOfTaskSlots"])
    assert int(ours["parallelism"]) == cluster["taskManager"]["replicas"] * slots


def test_checkpoints_and_staged_files_lie_where_all_parts_see_them(
    cluster: dict[str, Any], driver: dict[str, Any]
) -> None:
    (main,) = cluster["podTemplate"]["spec"]["containers"]
    assert main["name"] == "flink-main-container", "the operator's name for Flink's own container"
    (mount,) = main["volumeMounts"]
    (job_server,) = driver["initContainers"]
    assert mount in job_server["volumeMounts"]
    assert options(job_server)["artifacts-dir"].startswith(f"{mount['mountPath']}/")
    folders = [
        value
        for name, value in cluster["flinkConfiguration"].items()
        if name.endswith(("s.dir", "storageDir"))
    ]
    assert len(folders) == 3
    assert all(folder.startswith(f"file://{mount['mountPath']}/") for folder in folders)
    volumes = [
        {volume["name"]: volume.get("persistentVolumeClaim") for volume in pod["volumes"]}
        for pod in (cluster["podTemplate"]["spec"], driver)
    ]
    assert volumes[0][mount["name"]] == volumes[1][mount["name"]]


def test_workers_have_the_credentials_that_the_driver_has(
    cluster: dict[str, Any], driver: dict[str, Any]
) -> None:
    (workers,) = cluster["taskManager"]["podTemplate"]["spec"]["containers"]
    (container,) = driver["containers"]
    assert workers["envFrom"] == container["envFrom"]
    assert workers["image"] == container["image"]
