from pathlib import Path

import pytest

from pipeline.configuration import load_config

CONFIGS = Path(__file__).parents[2] / "configs"
NAMES = sorted(path.name for path in CONFIGS.glob("*.yaml"))


def test_the_configurations_that_the_documentation_names_are_there() -> None:
    assert NAMES == ["demo.yaml", "elasticsearch.yaml", "local.yaml"]


@pytest.mark.parametrize("name", NAMES)
def test_it_loads_with_nothing_set_in_the_environment(name: str) -> None:
    assert load_config(CONFIGS / name, environ={}).feeds


def test_the_demo_polls_only_the_server_it_is_given() -> None:
    config = load_config(
        CONFIGS / "demo.yaml", environ={"DATELINE_DEMO_URL": "http://127.0.0.1:4711"}
    )
    assert [f.url for f in config.feeds if not f.url.startswith("http://127.0.0.1:4711/")] == []
    assert config.http.allow_networks == ["127.0.0.0/8"]
    assert config.polling.per_host_delay == 0


@pytest.mark.parametrize(
    ("name", "start"),
    [("demo.yaml", "embedded:"), ("local.yaml", "embedded:"), ("elasticsearch.yaml", "http://")],
)
def test_it_writes_where_its_name_says(name: str, start: str) -> None:
    assert load_config(CONFIGS / name, environ={}).index.url.startswith(start)


def test_local_and_elasticsearch_differ_in_the_index_alone() -> None:
    local, cluster = (
        load_config(CONFIGS / f"{n}.yaml", environ={}) for n in ("local", "elasticsearch")
    )
    assert local.model_dump(exclude={"index"}) == cluster.model_dump(exclude={"index"})
