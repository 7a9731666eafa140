"""`dateline setup --kibana` against a server that demands what Kibana demands."""

import base64
import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.kibana.assets import build
from pipeline.kibana.client import Kibana, authorization
from schemas.errors import ConfigError
from tests.deploy.kibana_server import KibanaServer
from tests.pipeline.dateline import Dateline


@pytest.fixture
def kibana() -> Iterator[KibanaServer]:
    with KibanaServer() as server:
        yield server


@pytest.fixture
def installation(tmp_path: Path) -> Dateline:
    found = Dateline(tmp_path, {"url": "embedded:./index", "prefix": "mine-"})
    found.configure("http://127.0.0.1:1/feed.xml")
    return found


def test_all_is_imported_once_and_a_second_time_changes_nothing(
    kibana: KibanaServer, installation: Dateline
) -> None:
    first = installation("setup", "--kibana", kibana.url).stdout.splitlines()
    assets = build("mine-")
    assert [kibana.objects[line["type"], line["id"]]["attributes"] for line in assets.objects] == [
        line["attributes"] for line in assets.objects
    ]
    assert kibana.rules == assets.rules
    said = [line for line in first if line.startswith("Kibana ")]
    assert len(said) == len(assets.objects) + len(assets.rules)
    assert "Kibana dashboard 'Coverage [mine]': created" in said
    assert ("POST", "/api/saved_objects/_import?overwrite=true") in kibana.writes
    before = (dict(kibana.objects), list(kibana.writes))
    second = installation("setup", "--kibana", kibana.url).stdout
    assert second == "everything is there already: nothing changed\n"
    assert (kibana.objects, kibana.writes) == before


def test_a_dry_run_says_the_same_and_changes_nothing(
    kibana: KibanaServer, installation: Dateline
) -> None:
    said = installation("setup", "--kibana", kibana.url, "--dry-run").stdout
    assert "Kibana dashboard 'Story [mine]': created" in said
    assert (kibana.writes, kibana.objects, kibana.rules) == ([], {}, {})


def test_what_was_deleted_comes_back_and_only_that_is_said(
    kibana: KibanaServer, installation: Dateline
) -> None:
    installation("setup", "--kibana", kibana.url)
    del kibana.objects["dashboard", "mine-dateline-dashboard-map"]
    said = installation("setup", "--kibana", kibana.url).stdout
    assert said == "Kibana dashboard 'Map [mine]': created\n"
    assert ("dashboard", "mine-dateline-dashboard-map") in kibana.objects


def test_assets_of_another_edition_are_replaced_and_a_users_rule_is_not(
    kibana: KibanaServer, installation: Dateline
) -> None:
    installation("setup", "--kibana", kibana.url)
    kibana.objects["tag", "mine-dateline-dateline"]["attributes"]["description"] = "assets of old"
    rule_id = next(iter(kibana.rules))
    kibana.rules[rule_id] = {"name": "changed by its user"}
    said = installation("setup", "--kibana", kibana.url).stdout.splitlines()
    assert len(said) == len(kibana.objects)
    assert all(line.endswith(": replaced") for line in said)
    assert kibana.rules[rule_id] == {"name": "changed by its user"}


def test_an_import_that_failed_halfway_is_taken_up_again(
    kibana: KibanaServer, installation: Dateline
) -> None:
    installation("setup", "--kibana", kibana.url)
    kibana.objects["tag", "mine-dateline-dateline"]["attributes"]["description"] = "assets of old"
    kibana.refused = {"mine-dateline-dashboard-story"}
    failed = installation("setup", "--kibana", kibana.url, status=2)
    assert "did not import: dashboard mine-dateline-dashboard-story" in failed.stderr
    kibana.refused = set()
    said = installation("setup", "--kibana", kibana.url).stdout
    assert "Kibana dashboard 'Story [mine]': replaced" in said
    assert "nothing changed" in installation("setup", "--kibana", kibana.url).stdout


@pytest.mark.parametrize("version", ["8.19.1", "10.0.0"])
def test_a_kibana_of_another_version_is_refused(
    kibana: KibanaServer, installation: Dateline, version: str
) -> None:
    kibana.version = version
    done = installation("setup", "--kibana", kibana.url, status=2)
    assert f"is {version}; the assets are for 9.x" in done.stderr
    assert kibana.writes == []


def test_a_server_that_is_no_kibana_is_refused(
    kibana: KibanaServer, installation: Dateline
) -> None:
    done = installation("setup", "--kibana", f"{kibana.url}/elsewhere", status=2)
    assert "is no Kibana (status 404 of /api/status)" in done.stderr


def test_a_kibana_that_is_not_there_is_an_error(installation: Dateline) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        done = installation("setup", "--kibana", url, status=1)
    assert f"Kibana at {url} cannot be reached" in done.stderr


@pytest.mark.parametrize(
    ("variables", "header"),
    [
        ({"DATELINE_KIBANA_API_KEY": "k", "DATELINE_KIBANA_USER": "u"}, "ApiKey k"),
        (
            {"DATELINE_KIBANA_USER": "u", "DATELINE_KIBANA_PASSWORD": "p:ß"},
            f"Basic {base64.b64encode('u:p:ß'.encode()).decode()}",
        ),
    ],
    ids=["key", "password"],
)
def test_credentials_come_from_the_environment(
    kibana: KibanaServer, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], header: str
) -> None:
    kibana.authorization = header
    with pytest.raises(ConfigError, match=r"does not let us in .status 401"):
        Kibana(kibana.url).version()
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert Kibana(kibana.url).version() == "9.0.4"


def test_half_of_the_credentials_is_a_mistake() -> None:
    with pytest.raises(ConfigError, match="must be set together"):
        authorization({"DATELINE_KIBANA_USER": "u"})


@pytest.mark.parametrize("url", ["localhost:5601", "http://user:secret@127.0.0.1:5601"])
def test_a_url_that_is_none_or_holds_a_password_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="--kibana must be") as refused:
        Kibana(url)
    assert "secret" not in str(refused.value)


def test_kibanas_reasons_are_passed_on(kibana: KibanaServer) -> None:
    objects = build().objects
    lines = "".join(json.dumps(line) + "\n" for line in objects if line["type"] != "tag").encode()
    with pytest.raises(ConfigError, match=r"dateline-dashboard-coverage.*missing_references"):
        Kibana(kibana.url).import_objects(lines)


def test_the_file_for_an_import_by_hand_is_accepted(
    kibana: KibanaServer, installation: Dateline
) -> None:
    installation("setup", "--kibana-file", "assets.ndjson")
    Kibana(kibana.url).import_objects((installation.folder / "assets.ndjson").read_bytes())
    assert len(kibana.objects) == len(build("mine-").objects)
    written = (installation.folder / "assets.rules.ndjson").read_text(encoding="utf-8")
    rules = [json.loads(line) for line in written.splitlines()]
    assert {rule.pop("id"): rule for rule in rules} == build("mine-").rules
    assert not (installation.folder / "index").exists()


def test_a_dry_run_of_the_file_says_what_would_stand_in_it_and_writes_nothing(
    installation: Dateline,
) -> None:
    foreseen = installation("setup", "--kibana-file", "assets.ndjson", "--dry-run").stdout
    assert list(installation.folder.glob("*.ndjson")) == []
    assert foreseen == installation("setup", "--kibana-file", "assets.ndjson").stdout


def test_a_kibana_and_a_file_exclude_each_other(installation: Dateline) -> None:
    both = ("--kibana", "http://127.0.0.1:1", "--kibana-file", "assets.ndjson")
    assert "not allowed with" in installation("setup", *both, status=2).stderr
