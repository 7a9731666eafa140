"""The image's steps in a clean folder; what compose and Kubernetes name exists and fits."""

import json
import re
import shlex
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate
import pytest
import yaml

from pipeline.configuration import load_config
from schemas.config import Config
from tests.deploy.commands import parsed
from tests.deploy.image_recipe import ROOT, Recipe

DOCKERFILE = ROOT / "deploy" / "Dockerfile"
COMPOSE = ROOT / "deploy" / "compose"
KUBERNETES = sorted((ROOT / "deploy" / "kubernetes").glob("*.yaml"))
OLDEST_KUBERNETES, NEWEST_KUBERNETES = "1.30", "1.34"
METRICS_PORT = 9464


RECIPE = Recipe(DOCKERFILE)


def test_the_image_can_be_built_and_works(tmp_path: Path) -> None:
    source, target = tmp_path / "src", tmp_path / "opt"
    source.mkdir()
    RECIPE.copy_sources(1, source)
    python = f"{shlex.quote(sys.executable)} "
    replaced = {"/opt/dateline": str(target), r"^python ": python}
    if shutil.which("cc") is None:  # the image has one
        replaced[r".*compile_rules$"] = "true"
    RECIPE.run(1, source, tmp_path, replaced)
    shutil.rmtree(source)
    (gazetteer,) = (target / "gazetteer").glob("*.bin")
    before = gazetteer.stat().st_ino
    done = subprocess.run(
        [target / "bin" / "dateline", "tag"],
        input='{"id": "1", "text": "Rain fell in Nairobi."}\n',
        env={"PATH": "/usr/bin:/bin", "DATELINE_CACHE": str(target / "gazetteer"), "HOME": "/none"},
        capture_output=True,
        text=True,
    )
    assert '"code": "KE"' in done.stdout
    assert "compiling" not in done.stderr, "the image's own gazetteer is the one that is used"
    assert gazetteer.stat().st_ino == before


def test_the_image_is_small_and_unprivileged() -> None:
    assert [rest.split()[-1] for rest in RECIPE.of_stage(1, "FROM")] == ["build"]
    assert RECIPE.of_stage(2, "USER") == ["10001"]
    assert RECIPE.of_stage(2, "COPY") == ["--from=build /opt/dateline /opt/dateline"]
    assert not [rest for _, name, rest in RECIPE.instructions if name == "ADD"]
    assert "--no-cache-dir" in RECIPE.of_stage(1, "RUN")[1]
    (check,) = RECIPE.of_stage(2, "HEALTHCHECK")
    assert f":{METRICS_PORT}/metrics" in check
    assert RECIPE.of_stage(2, "EXPOSE") == [str(METRICS_PORT)]


def test_what_the_image_sets_and_starts_exists() -> None:
    documented = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    for name in re.findall(r"\bDATELINE_[A-Z_]+(?==)", DOCKERFILE.read_text(encoding="utf-8")):
        assert f"`{name}`" in documented
    (entry,), (command,) = RECIPE.of_stage(2, "ENTRYPOINT"), RECIPE.of_stage(2, "CMD")
    assert (entry, command) == ('["dateline"]', '["run"]')
    assert re.search(r'^dateline = "pipeline', (ROOT / "pyproject.toml").read_text(), re.M)


def services() -> dict[str, dict[str, Any]]:
    """Gives compose's services, with what they take over from one another."""
    loaded = yaml.safe_load((COMPOSE / "compose.yaml").read_text(encoding="utf-8"))
    assert set(loaded) == {"name", "services", "volumes"}
    found: dict[str, dict[str, Any]] = loaded["services"]
    return found


def test_services_wait_for_ones_that_exist_and_can_be_waited_for() -> None:
    for name, service in services().items():
        for other, wait in service.get("depends_on", {}).items():
            waited = services()[other]
            if wait["condition"] == "service_healthy":
                assert "test" in waited["healthcheck"], f"{name} waits for {other}"
            else:
                assert wait["condition"] == "service_completed_successfully"
                assert "restart" not in waited, f"{name} waits for {other}, which never ends"


def test_every_service_is_bounded_and_of_one_version() -> None:
    for service in services().values():
        assert re.fullmatch(r"\d+[mg]", service["mem_limit"])
        image = service["image"]
        assert image == "dateline" or "${STACK_VERSION:?" in image
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:"), "nothing is open to other machines"
    kibana = services()["kibana"]["environment"]
    assert kibana["MAP_INCLUDEELASTICMAPSSERVICE"] == "false"


def test_volumes_and_mounted_files_exist() -> None:
    loaded = yaml.safe_load((COMPOSE / "compose.yaml").read_text(encoding="utf-8"))
    for service in services().values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("."):
                # Editors replace a file, which a mount of that file alone does not follow.
                assert (COMPOSE / source).is_dir(), source
            else:
                assert source in loaded["volumes"]
        if "build" in service:
            build = service["build"]
            assert (COMPOSE / build["context"] / build["dockerfile"]).resolve() == DOCKERFILE


@pytest.mark.parametrize("name", ["setup", "demo", "dateline"])
def test_datelines_services_run_commands_that_exist(name: str) -> None:
    service = services()[name]
    parsed(service["command"])
    documented = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    documented += (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    for variable in service["environment"]:
        assert f"`{variable}`" in documented
    assert service["read_only"] is True


def test_the_passwords_are_made_once_and_hold_every_variable(tmp_path: Path) -> None:
    script = shutil.copy(COMPOSE / "make-env", tmp_path)
    subprocess.run([script], check=True, capture_output=True)
    made = (tmp_path / ".env").read_text()
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600
    values = dict(line.split("=", 1) for line in made.splitlines() if not line.startswith("#"))
    wanted = set(re.findall(r"\$\{([A-Z_]+)", (COMPOSE / "compose.yaml").read_text()))
    assert wanted == set(values)
    assert len(values["KIBANA_KEY"]) >= 32, "Kibana takes no shorter one"
    assert len({values["ELASTIC_PASSWORD"], values["KIBANA_PASSWORD"]}) == 2
    documented = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
    assert [name for name in values if f"`{name}`" not in documented] == []
    subprocess.run([script], check=True, capture_output=True)
    assert (tmp_path / ".env").read_text() == made


def test_composes_configuration_is_one(tmp_path: Path) -> None:
    mounts = dict(volume.split(":")[:2] for volume in services()["setup"]["volumes"])
    assert mounts["./config"] == "/etc/dateline"
    feeds = mounts["../../configs/feeds"]
    text = (COMPOSE / "config" / "dateline.yaml").read_text(encoding="utf-8")
    assert f"{feeds}/" in text
    (tmp_path / "dateline.yaml").write_text(text.replace(feeds, str(ROOT / "configs" / "feeds")))
    config = load_config(tmp_path / "dateline.yaml")
    assert config.index.url == "http://elasticsearch:9200"
    assert config.metrics.port == METRICS_PORT
    assert config.feeds
    assert f":{METRICS_PORT}" in services()["dateline"]["ports"][0]


def test_compose_is_what_the_compose_specification_takes() -> None:
    # The specification's own schema, as in compose-go 2.16.2.
    schema = json.loads(Path(__file__).with_name("compose-spec.json").read_text(encoding="utf-8"))
    loaded = yaml.safe_load((COMPOSE / "compose.yaml").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(loaded)


def objects() -> Iterator[tuple[str, dict[str, Any]]]:
    """Gives Kubernetes' own objects; those of Flink's operator have their tests in tests/flink."""
    for path in KUBERNETES:
        for one in yaml.safe_load_all(path.read_text(encoding="utf-8")):
            if one["apiVersion"].split("/")[0] != "flink.apache.org":
                yield f"{path.name}:{one['kind']}", one


@pytest.mark.parametrize("version", [OLDEST_KUBERNETES, NEWEST_KUBERNETES])
@pytest.mark.parametrize(("name", "one"), list(objects()), ids=lambda value: str(value)[:40])
def test_objects_are_what_kubernetes_takes(name: str, one: dict[str, Any], version: str) -> None:
    kubernetes_validate.validate(one, version, strict=True)


def pods() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, one in objects():
        if one["kind"] == "Deployment":
            yield name, one["spec"]["template"]["spec"]
        elif one["kind"] == "CronJob":
            yield name, one["spec"]["jobTemplate"]["spec"]["template"]["spec"]


@pytest.mark.parametrize(("name", "pod"), list(pods()), ids=lambda value: str(value)[:40])
def test_pods_are_unprivileged_and_take_what_is_there(name: str, pod: dict[str, Any]) -> None:
    known = {(one["kind"], one["metadata"]["name"]) for _, one in objects()}
    volumes = {volume["name"]: volume for volume in pod["volumes"]}
    for volume in volumes.values():
        if "configMap" in volume:
            assert ("ConfigMap", volume["configMap"]["name"]) in known
        if "persistentVolumeClaim" in volume:
            claim = volume["persistentVolumeClaim"]["claimName"]
            assert ("PersistentVolumeClaim", claim) in known
    (container,) = pod["containers"]
    parsed(container["args"])
    sidecars = pod.get("initContainers", [])
    mounts = [mount for one in (container, *sidecars) for mount in one["volumeMounts"]]
    assert {mount["name"] for mount in mounts} == set(volumes)
    for one in sidecars:
        assert one["securityContext"]["allowPrivilegeEscalation"] is False
        assert "memory" in one["resources"]["limits"]
    for source in container["envFrom"]:
        assert ("Secret", source["secretRef"]["name"]) in known
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert True in (one["securityContext"].get("runAsNonRoot") for one in (pod, container))
    assert "memory" in container["resources"]["limits"]
    from pipeline.run import FINISH_SECONDS

    assert pod["terminationGracePeriodSeconds"] > 2 * FINISH_SECONDS


def of_kind(kind: str) -> list[Any]:
    found = [pytest.param(one, id=name) for name, one in objects() if one["kind"] == kind]
    assert found
    return found


@pytest.mark.parametrize("config_map", of_kind("ConfigMap"))
def test_the_configuration_in_a_config_map_is_one(config_map: dict[str, Any]) -> None:
    config = Config.model_validate(yaml.safe_load(config_map["data"]["dateline.yaml"]))
    assert config.metrics.port == METRICS_PORT


@pytest.mark.parametrize("secret", of_kind("Secret"))
def test_a_secret_holds_variables_that_exist(secret: dict[str, Any]) -> None:
    documented = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in documented for name in secret["stringData"])
